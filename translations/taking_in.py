"""Takes in whole finished texts at once: what an import brings, as many queries for any length.

wagtail-localize's own calls cost several queries a paragraph. The rows are
the same that `api.translate_page` and `api.confirm_reading` would leave.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    TranslatableObject,
    Translation,
    TranslationContext,
    TranslationSource,
    get_schema_version,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.strings import StringValue

from translations import assembly
from translations.models import MemoryUnit, Reading, TextState, count_words


def open_source(page: Page) -> TranslationSource:
    """The source record of a live page, made in a fixed number of queries where there is none."""
    found = assembly.find_source(page)
    if found is not None:
        return found
    thing, _made = TranslatableObject.objects.get_or_create_from_instance(page)
    source = TranslationSource(
        object=thing,
        specific_content_type=page.cached_content_type,
        locale=page.locale,
        object_repr=str(page)[:200],
        content_json=page.to_json(),
        schema_version=get_schema_version(page._meta.app_label),
        last_updated_at=timezone.now(),
    )
    source.save()
    _make_segments(source, [s for s in extract_segments(page) if isinstance(s, StringSegmentValue)])
    return source


def _make_segments(source: TranslationSource, values: list[StringSegmentValue]) -> None:
    hashes = {value.path: String._get_data_hash(value.string.data) for value in values}
    String.objects.bulk_create(
        [
            String(locale_id=source.locale_id, data=value.string.data, data_hash=hashes[value.path])
            for value in values
        ],
        ignore_conflicts=True,
    )
    strings = dict(
        String.objects.filter(
            locale_id=source.locale_id, data_hash__in=set(hashes.values())
        ).values_list("data_hash", "pk")
    )
    TranslationContext.objects.bulk_create(
        [
            TranslationContext(
                object_id=source.object_id,
                path=value.path,
                path_id=TranslationContext._get_path_id(value.path),
            )
            for value in values
        ],
        ignore_conflicts=True,
    )
    contexts = dict(
        TranslationContext.objects.filter(object_id=source.object_id).values_list("path", "pk")
    )
    StringSegment.objects.bulk_create(
        [
            StringSegment(
                source=source,
                context_id=contexts[value.path],
                string_id=strings[hashes[value.path]],
                order=value.order,
                attrs=json.dumps(value.attrs),
            )
            for value in values
        ]
    )


def take_in(page: Page, locale: Locale, words: Mapping[str, str], *, by) -> None:
    """Finished words for paragraphs of a live source page, path → plain text; they count as read.

    Whoever brings them vouches for them. Words that the site has are
    replaced: who calls has compared them. Paths that the page does not have
    are left out. Inside the caller's transaction; it puts the page live.
    """
    source, language = open_source(page), locale.language_code
    Translation.objects.get_or_create(source=source, target_locale=locale)
    found = StringSegment.objects.filter(source=source).select_related("string", "context")
    segments = [segment for segment in found if segment.context.path in words]
    without = {segment.context.path for segment in found} - set(words)
    if without:
        # A row for what has no words yet: what is missing is counted from rows alone.
        assembly.open_translation(source, locale)
    _write_states(source, language, words, segments, by)
    _write_strings(locale, words, segments, by)
    _remember(source, language, words, segments, by)
    taken = sorted(f"{segment.context.path}\0{words[segment.context.path]}" for segment in segments)
    Reading.objects.create(
        object_key=source.object_id,
        language=language,
        translator=None,
        reader=by,
        text_hash=hashlib.sha256("\0\0".join(taken).encode()).hexdigest(),
        read_at=timezone.now(),
    )


@lru_cache(maxsize=4096)
def _plain(data: str) -> str:
    """A string's words; asked for once a language, and parsed as HTML each time."""
    return StringValue(data).render_text()


def _write_states(source, language: str, words, segments, by) -> None:
    now, spoken = timezone.now(), source.locale.language_code
    rows = {}
    for segment in segments:
        path, made_for = segment.context.path, str(segment.string.data_hash)
        rows[path] = TextState(
            object_key=source.object_id,
            path=path,
            language=language,
            source_hash=made_for,
            text=words[path],
            read_text=words[path],
            read_hash=made_for,
            changed_at=now,
            by=by,
            words=count_words(_plain(segment.string.data), spoken),
        )
    TextState.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["object_key", "path", "language"],
        update_fields=["source_hash", "text", "read_text", "read_hash", "changed_at", "by"]
        + ["is_stale", "stale_since", "is_gone", "first_only", "drafted_by", "words"],
    )


def _write_strings(locale: Locale, words, segments, by) -> None:
    """What wagtail-localize's editor and PO files show. No signal: the states are written."""
    rows = {
        (segment.string_id, segment.context_id): StringTranslation(
            translation_of_id=segment.string_id,
            context_id=segment.context_id,
            locale=locale,
            data=StringValue.from_plaintext(words[segment.context.path]).data,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            last_translated_by=by,
        )
        for segment in segments
    }
    StringTranslation.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=["data", "translation_type", "tool_name", "last_translated_by", "updated_at"]
        + ["has_error", "field_error"],
    )


def _remember(source, language: str, words, segments, by) -> None:
    """Finished words go to the translation memory."""
    rows = {
        str(segment.string.data_hash): MemoryUnit(
            object_key=source.object_id,
            source_language=source.locale.language_code,
            language=language,
            source_hash=str(segment.string.data_hash),
            source=_plain(segment.string.data),
            target=words[segment.context.path],
            by=by,
        )
        for segment in segments
    }
    MemoryUnit.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["source_language", "language", "source_hash", "object_key"],
        update_fields=["source", "target", "by", "at"],
    )
