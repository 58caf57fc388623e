"""What every change of a translation begins with: who may, and which row is meant."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource

from translations import assembly
from translations.exceptions import TranslationRefused
from translations.registry import Translatable, translatable_of


def find_target(page: Page, language: str) -> Page | None:
    """The page in the language, live or not."""
    return (
        type(page)
        .objects.filter(translation_key=page.translation_key, locale__language_code=language)
        .first()
    )


def translation_of(object_key, language: str) -> Translation:
    """An object's translation into a language. Raises TranslationRefused where none was begun."""
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


def open_text(page: Page, language: str) -> tuple[TranslationSource, Locale]:
    """The page's source and the language, made ready for words.

    Raises TranslationRefused for the page's own language.
    """
    source = assembly.open_source(page)
    locale = Locale.objects.get(language_code=language)
    if locale.pk == source.locale_id:
        raise TranslationRefused(_("This text was written in this language."))
    assembly.open_translation(source, locale)
    return source, locale


def require_translator(page: Page, by, language: str) -> None:
    """Raises PermissionDenied where this person may not translate the page."""
    if not entry_of(page).may_translate(by, page, language):
        raise PermissionDenied


def entry_of(page: Page) -> Translatable:
    """What its room registered. Raises TranslationRefused where none did."""
    entry = translatable_of(type(page))
    if entry is None:
        raise TranslationRefused(_("Pages of this kind are not translated here."))
    return entry
