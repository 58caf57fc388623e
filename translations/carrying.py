"""Keeps human words when their original changes, by every way wagtail-localize is entered.

wagtail-localize keeps a translation by its source string: a changed string
has none, and saving the target would put the source language over the human
text (tested). Every way in (the admin's sync, its submit form, our own
refresh) ends in rows of `StringSegment`, so these functions hang on those:
a new string takes over the words of its place, marked stale.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource
from wagtail_localize.strings import StringValue, validate_translation_links

from translations.models import FormerWords, TextState, count_words
from translations.models.desk import Former
from translations.registry import translatable_of

# wagtail-localize's editor says 'Translated with <this> on <day>' beside such words.
EARLIER = "an earlier version of the original"


def is_ours(source: TranslationSource) -> bool:
    """Whether the source is of a page type that a room registered. No query."""
    kind = ContentType.objects.get_for_id(source.specific_content_type_id)
    return translatable_of(kind.model_class()) is not None


def note_new_segment(segment: StringSegment) -> None:
    """The original has this string at this place now: keep each language's words for it."""
    if not is_ours(segment.source):
        return
    key, path = segment.context.object_id, segment.context.path
    new_hash, words = str(segment.string.data_hash), size_of(segment)
    states = {
        state.language: state for state in TextState.objects.filter(object_key=key, path=path)
    }
    begun = TextState.objects.of(key).values_list("language", flat=True).distinct()
    for language in set(begun) | set(states):
        state = states.get(language)
        if state is None:
            TextState.objects.create(
                object_key=key,
                path=path,
                language=language,
                is_stale=True,
                stale_since=timezone.now(),
                words=words,
            )
            continue
        state.words = words
        carry(state, segment, new_hash)


def size_of(segment: StringSegment) -> int:
    """How many words the original has at this place."""
    text = StringValue(segment.string.data).render_text()
    return count_words(text, segment.source.locale.language_code)


def carry(state: TextState, segment: StringSegment, new_hash: str) -> None:
    """Let one language's words stand for the new string, marked where they were made for another.

    An original that returns to an earlier wording gets that wording's own
    translation back.
    """
    locale = Locale.objects.get(language_code=state.language)
    own = StringTranslation.objects.filter(
        translation_of_id=segment.string_id, context_id=segment.context_id, locale=locale
    ).first()
    state.is_gone = False
    if own is not None and own.tool_name != EARLIER and not is_machines(own):
        state.text, state.source_hash, state.by = _plain(own), new_hash, own.last_translated_by
    state.is_stale = state.source_hash != new_hash
    if state.is_stale:
        state.stale_since = state.stale_since or timezone.now()
    elif state.text == state.read_text:
        state.read_hash, state.stale_since = new_hash, None
    # update(), not save(): `changed_at` is when a person last wrote.
    TextState.objects.filter(pk=state.pk).update(
        **{
            name: getattr(state, name)
            for name in (
                "text",
                "source_hash",
                "by",
                "is_gone",
                "is_stale",
                "stale_since",
                "read_hash",
                "words",
            )
        }
    )
    if state.text and (own is None or own.tool_name == EARLIER):
        show_words(state, segment, locale, own)


def show_words(state: TextState, segment: StringSegment, locale: Locale, own) -> None:
    """Let wagtail-localize's editor show the kept words at the new string."""
    own = own or StringTranslation(
        translation_of_id=segment.string_id,
        context_id=segment.context_id,
        locale=locale,
        translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        tool_name=EARLIER,
    )
    own.data = StringValue.from_plaintext(state.text).data
    own.last_translated_by = state.by
    own.is_carried = True  # not a person's doing: note_words leaves it alone
    own.save()


def note_gone_segment(segment: StringSegment) -> None:
    """A string left; where its place left too, the words are kept but no longer count."""
    if StringSegment.objects.filter(
        source_id=segment.source_id, context_id=segment.context_id
    ).exists():
        return
    states = TextState.objects.filter(
        object_key=segment.context.object_id, path=segment.context.path
    )
    states.filter(text="").delete()
    states.update(is_gone=True)


@transaction.atomic
def note_words(translation: StringTranslation) -> None:
    """A person saved words for a string that the original has: they are its newest text."""
    if getattr(translation, "is_carried", False) or translation.context_id is None:
        return
    segment = (
        StringSegment.objects.filter(
            string_id=translation.translation_of_id, context_id=translation.context_id
        )
        .select_related("source", "string", "context")
        .first()
    )
    if segment is None or not is_ours(segment.source) or not _is_sound(translation):
        return
    text, new_hash = _plain(translation), str(segment.string.data_hash)
    if not text.strip():
        return
    state, _made = TextState.objects.select_for_update().get_or_create(
        object_key=segment.context.object_id,
        path=segment.context.path,
        language=translation.locale.language_code,
    )
    is_draft = is_machines(translation)
    known = (state.text, state.source_hash, state.is_stale, state.drafted_by)
    if known == (text, new_hash, False, "") or (is_draft and state.text):
        return  # a machine never writes over words that are there
    if state.text != text:
        keep_former(state, by=translation.last_translated_by)
        state.by = translation.last_translated_by
    elif state.drafted_by and not is_draft:
        state.by = (
            translation.last_translated_by
        )  # who let a machine's words stand answers for them
    state.text, state.source_hash = text, new_hash
    state.drafted_by = (translation.tool_name or "machine")[:100] if is_draft else ""
    state.is_stale = state.is_gone = False
    if text == state.read_text:
        # A person looked at the new original and let words stand that were read.
        state.read_hash, state.stale_since = new_hash, None
    state.save()


def is_machines(translation: StringTranslation) -> bool:
    """Whether a machine wrote it and no person took it over."""
    return translation.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE


def keep_former(state: TextState, *, by) -> None:
    """Before other words take its place: keep what somebody else wrote, or what was read."""
    is_own_draft = state.by_id == getattr(by, "pk", None) and state.text != state.read_text
    if not state.text or is_own_draft or state.drafted_by:
        return
    FormerWords.objects.create(
        object_key=state.object_key,
        path=state.path,
        language=state.language,
        text=state.text,
        source_hash=state.source_hash,
        kind=Former.REPLACED,
        by=state.by,
    )


def _plain(translation: StringTranslation) -> str:
    return StringValue(translation.data).render_text()


def _is_sound(translation: StringTranslation) -> bool:
    """wagtail-localize finds out only after it saved, and then leaves the words out."""
    try:
        StringValue.from_translated_html(translation.data)
        validate_translation_links(translation.translation_of.data, translation.data)
    except ValueError:
        return False
    return True
