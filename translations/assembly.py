"""Builds a page in a language from the source's figures and the words kept for it."""

from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist
from wagtail.models import Locale, Page
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import (
    StringSegment,
    Translation,
    TranslationLog,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.strings import StringValue

from translations.models import TextState, count_words


def text_to_translate(page: Page) -> Page:
    """What translators work on: the live text, or the newest revision of a page not live yet.

    A live page's newer draft is not translated before readers see it.
    """
    if page.live or page.latest_revision_id is None:
        return page
    return page.get_latest_revision_as_object()


def find_source(page: Page) -> TranslationSource | None:
    """The page's source record; None where nobody began a translation."""
    return TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first()


def refresh_source(page: Page) -> TranslationSource | None:
    """Take over the page's present text; words made for another are marked stale."""
    source = find_source(page)
    if source is not None:
        source.update_from_db()
    return source


def open_source(page: Page) -> TranslationSource:
    """The source record with the page's present text, made where there is none."""
    return refresh_source(page) or TranslationSource.get_or_create_from_instance(page)[0]


def newest_words(source: TranslationSource, language: str) -> dict[str, str]:
    """Path → newest words: for a draft."""
    states = TextState.objects.of(source.object_id, language)
    return dict(states.exclude(text="").values_list("path", "text"))


def read_words(source: TranslationSource, language: str) -> dict[str, str]:
    """Path → words that a second person read: for readers."""
    states = TextState.objects.of(source.object_id, language)
    return dict(states.exclude(read_text="").values_list("path", "read_text"))


def assemble(source: TranslationSource, locale: Locale, words: Mapping[str, str]) -> Page:
    """The page in the language, unsaved: the source's structure and figures, these words.

    A place without words shows the source's; `paragraph_states` tells which.
    The page is made, not live, where it does not exist.
    """
    original = source.as_instance()
    try:
        target = source.get_translated_instance(locale)
    except ObjectDoesNotExist:
        target = original.copy_for_translation(locale, copy_parents=True)
    copy_synchronised_fields(original, target)
    segments = [
        StringSegmentValue(
            segment.context.path, words.get(segment.context.path) or segment.string.as_value()
        ).with_order(segment.order)
        for segment in StringSegment.objects.filter(source=source)
        .select_related("context", "string")
        .order_by("order")
    ]
    ingest_segments(original, target, source.locale, locale, segments)
    return target


def save_draft(source: TranslationSource, locale: Locale, *, by) -> Page:
    """Keep the newest words as the page's newest revision; what is live does not change."""
    target = assemble(source, locale, newest_words(source, locale.language_code))
    if not target.live:
        # Lists of the admin read the row. A live row is what readers see: never written here.
        target.save()
    revision = target.save_revision(user=by)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return target


def save_live(source: TranslationSource, locale: Locale, *, by) -> Page:
    """Put the words that were read live; inside the room's transition.

    Where newer words wait for their reader, the newest revision holds them.
    """
    language = locale.language_code
    target = assemble(source, locale, read_words(source, language))
    revision = target.save_revision(user=by)
    revision.publish(user=by, skip_permission_checks=True)
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    target.refresh_from_db()
    if TextState.objects.of(source.object_id, language).unread().exists():
        save_draft(source, locale, by=by)
    return target


def open_translation(source: TranslationSource, locale: Locale) -> Translation:
    """wagtail-localize's record that a page is translated into a language.

    Every paragraph has a row from then on: what is missing is counted from rows alone.
    """
    translation = Translation.objects.get_or_create(source=source, target_locale=locale)[0]
    key, language = source.object_id, locale.language_code
    known = set(
        TextState.objects.filter(object_key=key, language=language).values_list("path", flat=True)
    )
    segments = StringSegment.objects.filter(source=source).values_list(
        "context__path", "string__data"
    )
    spoken = source.locale.language_code
    TextState.objects.bulk_create(
        [
            TextState(
                object_key=key,
                path=path,
                language=language,
                words=count_words(StringValue(data).render_text(), spoken),
            )
            for path, data in dict(segments).items()
            if path not in known
        ],
        ignore_conflicts=True,
    )
    return translation
