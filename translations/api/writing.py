"""Begin a translation, write words for its paragraphs, keep them as a draft."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.strings import StringValue

from network.localize import list_text
from network.tree import tree_change
from translations import assembly
from translations.api.access import find_target, open_text, require_translator
from translations.exceptions import UnknownParagraph


def begin_translation(page: Page, language: str, *, by) -> Page:
    """Open a page's text for translation into a language; its draft page is made.

    Returns the page in the language, not live unless it was. Raises
    PermissionDenied; TranslationRefused for the page's own language.
    """
    require_translator(page, by, language)
    with tree_change():
        source, locale = open_text(page, language)
        if find_target(page, language) is None:
            return assembly.save_draft(source, locale, by=by)
    return find_target(page, language)


def translate_page(page: Page, language: str, texts: Mapping[str, str], *, by) -> Page:
    """Write words for paragraphs of a source page: {wagtail-localize's path: plain text}.

    Empty texts are left out. Returns the page in the language, its newest
    words saved as a draft. Raises PermissionDenied, or UnknownParagraph for
    paths that the original does not have (nothing is written then).
    """
    require_translator(page, by, language)
    with tree_change():
        source, locale = open_text(page, language)
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
    require_translator(page, by, translation.target_locale.language_code)
    with tree_change():
        return assembly.save_draft(translation.source, translation.target_locale, by=by)
