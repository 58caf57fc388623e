"""A second person reads what a translator wrote."""

import hashlib
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.strings import StringValue

from network.tree import tree_change
from translations.api.access import entry_of, translation_of
from translations.api.current import is_read
from translations.exceptions import OwnReading, TextChanged
from translations.models import MemoryUnit, Reading, TextState


def confirm_reading(object_key, language: str, *, by, seen: str | None = None) -> bool:
    """A second person read the text: their reading covers every paragraph that others wrote.

    `seen` is the `reading_hash` of what they were shown. Returns whether the
    whole text is read now. Raises PermissionDenied; OwnReading where nothing
    unread was written by somebody else; TextChanged where it is no longer
    what they read.
    """
    translation = translation_of(object_key, language)
    page = translation.source.get_source_instance()
    entry = entry_of(page)
    if not entry.may_read_second(by, page, language):
        raise PermissionDenied
    with tree_change():
        unread = list(
            TextState.objects.select_for_update(of=("self",))  # `by` may be empty: an outer join
            .of(object_key, language)
            .to_read()
            .select_related("by")
        )
        others = [state for state in unread if state.by_id != by.pk]
        if unread and not others:
            raise OwnReading(_("Nobody is the second reader of a text they translated."))
        if seen is not None and seen != _hash(unread):
            raise TextChanged(_("The text has changed since you opened it. Read it again."))
        _keep_reading(translation, others, language, by=by)
    return is_read(object_key, language)


def reading_hash(object_key, language: str) -> str:
    """What `confirm_reading` compares: the words that wait for their second reader."""
    return _hash(TextState.objects.of(object_key, language).to_read())


def _hash(states: Iterable[TextState]) -> str:
    words = sorted(f"{state.path}\0{state.text}" for state in states)
    return hashlib.sha256("\0\0".join(words).encode()).hexdigest()


def _keep_reading(translation: Translation, states: list[TextState], language: str, *, by) -> None:
    for state in states:
        state.read_text, state.read_hash = state.text, state.source_hash
        if not state.is_stale:
            state.stale_since = None
        TextState.objects.filter(pk=state.pk).update(
            read_text=state.read_text,
            read_hash=state.read_hash,
            stale_since=state.stale_since,
            first_only=False,
        )
    if not states:
        return
    Reading.objects.create(
        object_key=translation.source.object_id,
        language=language,
        translator=states[0].by,
        reader=by,
        text_hash=_hash(states),
        read_at=timezone.now(),
    )
    _remember(translation, states, language)


def _remember(translation: Translation, states: list[TextState], language: str) -> None:
    """Finished words go to the translation memory."""
    strings = {
        str(segment.string.data_hash): StringValue(segment.string.data).render_text()
        for segment in StringSegment.objects.filter(source=translation.source).select_related(
            "string"
        )
    }
    for state in states:
        if state.source_hash in strings:
            MemoryUnit.objects.update_or_create(
                source_language=translation.source.locale.language_code,
                language=language,
                source_hash=state.source_hash,
                object_key=translation.source.object_id,
                defaults={
                    "source": strings[state.source_hash],
                    "target": state.text,
                    "by": state.by,
                },
            )
