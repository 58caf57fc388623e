"""Languages go live inside a room's own transition."""

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from translations import assembly
from translations.api.current import finished_languages, progress_of
from translations.exceptions import TranslationRefused


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
