"""What other rooms call: begin, write, read and publish translations; ask how current they are.

Words live in `TextState`; a page in a language is always built from them, so
a page never shows less than what people wrote. Callers of `put_live` and
`follow_source` hold their own transition open: pages go live inside one only.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.strings import StringValue

from network.localize import list_text
from network.tree import tree_change
from translations import assembly
from translations.exceptions import OwnReading, TextChanged, TranslationRefused, UnknownParagraph
from translations.models import MemoryUnit, Reading, TextState
from translations.queries import BEHIND, UNREAD
from translations.registry import Translatable, translatable_of


@dataclass(frozen=True)
class Behind:
    """How far a language's text is behind its original, and that only its translator read it."""

    text_of: datetime.datetime | None  # when its words were last written
    changed_on: datetime.datetime | None  # when the original moved on
    changes_url: str
    missing: int = 0  # places without words in this language
    first_only: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a language's text is, in paragraphs.

    `missing` have no words, `stale` words for an earlier original, `unread`
    words that no second person read (`drafted` of them a machine's, taken over
    by nobody); `behind` counts what readers see, `first_only` what they see
    after its translator's reading alone.
    """

    total: int
    missing: int
    stale: int
    behind: int
    unread: int
    drafted: int = 0
    first_only: int = 0

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.missing == 0

    @property
    def is_finished(self) -> bool:
        return self.is_complete and self.unread == 0


NOTHING = Progress(0, 0, 0, 0, 0)


# --- how current -----------------------------------------------------------------
def languages_behind(page: Page) -> dict[str, Behind]:
    """The languages whose text is behind the original, or that a second person has not read.

    For a page that is translated here. One query, and another where there are
    any; none for page types that no room registered.
    """
    if translatable_of(type(page)) is None:
        return {}
    states = TextState.objects.of(page.translation_key)
    late = BEHIND | Q(text="")
    rows = (
        states.filter(late | Q(first_only=True))
        .values_list("language")
        .annotate(
            since=Min("stale_since", filter=late),
            missing=Count("pk", filter=Q(text="")),
            first=Count("pk", filter=Q(first_only=True)),
        )
        .order_by()
    )
    found = {language: (since, missing, bool(first)) for language, since, missing, first in rows}
    if not found:
        return {}
    written = dict(
        states.filter(language__in=found)
        .exclude(text="")
        .values_list("language")
        .annotate(last=Max("changed_at"))
        .order_by()
    )
    return {
        language: Behind(
            text_of=written.get(language),
            changed_on=changed_on,
            changes_url=reverse("translation_changes", args=[page.translation_key, language]),
            missing=missing,
            first_only=first_only,
        )
        for language, (changed_on, missing, first_only) in found.items()
    }


def paragraph_states(page: Page) -> dict[str, str]:
    """Path → 'missing' or 'stale', for what readers of this page see; current ones are left out.

    'missing' stands in the source's language. One query.
    """
    return {path: state for path, (state, _since) in paragraphs_behind(page).items()}


def paragraphs_behind(page: Page) -> dict[str, tuple[str, datetime.datetime | None]]:
    """Path → ('missing' or 'stale', since when), for what readers of this page see. One query."""
    rows = TextState.objects.of(page.translation_key, page.locale.language_code).behind()
    return {
        path: ("stale" if text else "missing", since)
        for path, text, since in rows.values_list("path", "read_text", "stale_since")
    }


def all_behind(object_keys) -> dict[tuple[str, str], dict[str, tuple]]:
    """(object key, language) → path → state, as `paragraphs_behind`, for many objects.

    `object_keys`: a list, or a query of them. One query.
    """
    rows = TextState.objects.filter(object_key__in=object_keys, is_gone=False).behind()
    found: dict[tuple[str, str], dict[str, tuple]] = {}
    for key, language, path, text, since in rows.values_list(
        "object_key", "language", "path", "read_text", "stale_since"
    ):
        state = ("stale" if text else "missing", since)
        found.setdefault((str(key), language), {})[path] = state
    return found


def progress(object_keys: Iterable) -> dict[tuple[str, str], Progress]:
    """(object key, language) → how far it is, for languages that were begun. One query."""
    rows = (
        TextState.objects.filter(object_key__in=list(object_keys), is_gone=False)
        .values("object_key", "language")
        .annotate(
            total=Count("pk"),
            missing=Count("pk", filter=Q(text="")),
            stale=Count("pk", filter=~Q(text="") & Q(is_stale=True)),
            behind=Count("pk", filter=BEHIND),
            unread=Count("pk", filter=UNREAD),
            drafted=Count("pk", filter=~Q(drafted_by="")),
            first_only=Count("pk", filter=Q(first_only=True)),
        )
    )
    return {
        (str(row.pop("object_key")), row.pop("language")): Progress(**row) for row in list(rows)
    }


def progress_of(object_key, language: str) -> Progress:
    """One object's, in one language."""
    return progress([object_key]).get((str(object_key), language), NOTHING)


def is_complete(object_key, language: str) -> bool:
    """Every paragraph of the original has words in the language."""
    return progress_of(object_key, language).is_complete


def is_read(object_key, language: str) -> bool:
    """A second person read all words that there are."""
    found = progress_of(object_key, language)
    return found.total > found.missing and found.unread == 0 and found.first_only == 0


def is_current(object_key, language: str) -> bool:
    """No words are for an earlier original."""
    return progress_of(object_key, language).stale == 0


def finished_languages(object_key) -> list[str]:
    """Languages with a full text that a second person read; the source's is not among them."""
    return [lang for (_key, lang), found in progress([object_key]).items() if found.is_finished]


def newest_words(object_key, language: str) -> dict[str, str]:
    """Path → newest words of a language, read or not. One query."""
    states = TextState.objects.of(object_key, language).exclude(text="")
    return dict(states.values_list("path", "text"))


# --- writing ---------------------------------------------------------------------
def begin_translation(page: Page, language: str, *, by) -> Page:
    """Open a page's text for translation into a language; its draft page is made.

    Returns the page in the language, not live unless it was. Raises
    PermissionDenied; TranslationRefused for the page's own language.
    """
    _may(page, by, language)
    with tree_change():
        source, locale = _open(page, language)
        if find_target(page, language) is None:
            return assembly.save_draft(source, locale, by=by)
    return find_target(page, language)


def translate_page(page: Page, language: str, texts: Mapping[str, str], *, by) -> Page:
    """Write words for paragraphs of a source page: {wagtail-localize's path: plain text}.

    Empty texts are left out. Returns the page in the language, its newest
    words saved as a draft. Raises PermissionDenied, or UnknownParagraph for
    paths that the original does not have (nothing is written then).
    """
    _may(page, by, language)
    with tree_change():
        source, locale = _open(page, language)
        segments = {
            segment.context.path: segment
            for segment in StringSegment.objects.filter(source=source).select_related("context")
        }
        given = {path: text for path, text in texts.items() if text.strip()}
        unknown = sorted(set(given) - set(segments))
        if unknown:
            raise UnknownParagraph(
                _("The original has no such paragraph: %(paths)s") % {"paths": list_text(unknown)}
            )
        for path, text in given.items():
            StringTranslation.objects.update_or_create(
                translation_of_id=segments[path].string_id,
                context_id=segments[path].context_id,
                locale=locale,
                defaults={
                    "data": StringValue.from_plaintext(text).data,
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "tool_name": "",
                    "last_translated_by": by,
                    "has_error": False,
                    "field_error": "",
                },
            )
        return assembly.save_draft(source, locale, by=by)


def save_draft(translation: Translation, *, by) -> Page:
    """Keep a translation's newest words as a draft. Raises PermissionDenied."""
    page = translation.source.get_source_instance()
    _may(page, by, translation.target_locale.language_code)
    with tree_change():
        return assembly.save_draft(translation.source, translation.target_locale, by=by)


# --- the second reader -------------------------------------------------------------
def confirm_reading(object_key, language: str, *, by, seen: str | None = None) -> bool:
    """A second person read the text: their reading covers every paragraph that others wrote.

    `seen` is the `reading_hash` of what they were shown. Returns whether the
    whole text is read now. Raises PermissionDenied; OwnReading where nothing
    unread was written by somebody else; TextChanged where it is no longer
    what they read.
    """
    translation = _translation(object_key, language)
    page = translation.source.get_source_instance()
    entry = _entry(page)
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


# --- going live --------------------------------------------------------------------
def put_live(page: Page, language: str, *, by) -> Page:
    """Put a finished language of a live source page live; inside the room's transition.

    Raises TranslationRefused where paragraphs lack words or their second reader.
    """
    source = assembly.refresh_source(page)
    found = progress_of(page.translation_key, language)
    if source is None or not found.is_complete:
        raise TranslationRefused(_("Some paragraphs have no words in this language yet."))
    if found.unread:
        raise TranslationRefused(_("A second person has not read this text yet."))
    return assembly.save_live(source, Locale.objects.get(language_code=language), by=by)


def follow_source(page: Page, *, by) -> list[Page]:
    """A source page went live: its finished languages go live with it, those that are live follow.

    Figures come from the source at once; words stay as they were read and
    are marked. Inside the room's transition. Returns the pages put live.
    """
    source = assembly.refresh_source(page)
    if source is None:
        return []
    finished = set(finished_languages(page.translation_key))
    live = set(
        type(page)
        .objects.filter(translation_key=page.translation_key, live=True)
        .values_list("locale_id", flat=True)
    )
    return [
        assembly.save_live(source, translation.target_locale, by=by)
        for translation in source.translations.filter(enabled=True).select_related("target_locale")
        if translation.target_locale_id in live
        or translation.target_locale.language_code in finished
    ]


def find_target(page: Page, language: str) -> Page | None:
    """The page in the language, live or not."""
    return (
        type(page)
        .objects.filter(translation_key=page.translation_key, locale__language_code=language)
        .first()
    )


def _translation(object_key, language: str) -> Translation:
    found = (
        Translation.objects.filter(
            source__object_id=object_key, target_locale__language_code=language
        )
        .select_related("source__locale", "target_locale")
        .first()
    )
    if found is None:
        raise TranslationRefused(_("Nobody has begun this translation yet."))
    return found


def _open(page: Page, language: str):
    source = assembly.open_source(page)
    locale = Locale.objects.get(language_code=language)
    if locale.pk == source.locale_id:
        raise TranslationRefused(_("This text was written in this language."))
    assembly.open_translation(source, locale)
    return source, locale


def _may(page: Page, by, language: str) -> None:
    if not _entry(page).may_translate(by, page, language):
        raise PermissionDenied


def _entry(page: Page) -> Translatable:
    entry = translatable_of(type(page))
    if entry is None:
        raise TranslationRefused(_("Pages of this kind are not translated here."))
    return entry
