"""First drafts by a machine, where the site's settings name one.

A draft stands only where no person wrote anything. It is marked, and neither
a second reader nor an editor can let it go live before a translator has taken
it over.
"""

import logging
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation
from wagtail_localize.strings import StringValue

from translations.exceptions import TranslationRefused
from translations.models import TextState
from translations.translating.writing import check_may_translate, segments_of

logger = logging.getLogger(__name__)


def machine():
    """The translator that the settings name (wagtail-localize's interface), or None."""
    if not settings.MACHINE_TRANSLATOR:
        return None
    return import_string(settings.MACHINE_TRANSLATOR)(settings.MACHINE_TRANSLATOR_OPTIONS)


def can_draft(page: Page, language: str) -> bool:
    """Whether there is a machine for this pair of languages: without one there is no button."""
    found = machine()
    locale = Locale.objects.filter(language_code=language).first()
    return bool(found and locale and found.can_translate(page.locale, locale))


def draft(page: Page, language: str, paths: Collection[str] | None = None, *, by) -> int:
    """Draft the paragraphs that have no words (of `paths`, or all). Returns how many.

    Raises PermissionDenied; TranslationRefused where no machine is named or it
    does not answer.
    """
    check_may_translate(page, language, by)
    if not can_draft(page, language):
        raise TranslationRefused(_("No machine translator is set up for these languages."))
    wanted = TextState.objects.of(page.translation_key, language).filter(text="")
    if paths is not None:
        wanted = wanted.filter(path__in=list(paths))
    segments = segments_of(page, wanted.values_list("path", flat=True))
    strings = {StringValue(segment.string.data) for segment in segments.values()}
    found, locale = machine(), Locale.objects.get(language_code=language)
    try:
        drafts = found.translate(page.locale, locale, list(strings)) if strings else {}
    except Exception as error:  # noqa: BLE001 (whatever a service of somebody else's raises)
        logger.exception("The machine translator failed.")
        raise TranslationRefused(
            _("The machine translator does not answer. Try again later.")
        ) from error
    made = 0
    for path, segment in segments.items():
        words = drafts.get(StringValue(segment.string.data))
        if words is not None and words.render_text().strip():
            made += _write_draft(path, segment, locale, words, str(found.display_name), by)
    return made


@transaction.atomic
def _write_draft(path: str, segment, locale: Locale, words: StringValue, name: str, by) -> int:
    """1 where the paragraph still has no words: a machine writes over nobody's."""
    state = (
        TextState.objects.select_for_update()
        .of(segment.context.object_id, locale.language_code)
        .filter(path=path, text="")
        .first()
    )
    if state is None:
        return 0
    StringTranslation.objects.update_or_create(
        translation_of_id=segment.string_id,
        context_id=segment.context_id,
        locale=locale,
        defaults={
            "data": words.data,
            "translation_type": StringTranslation.TRANSLATION_TYPE_MACHINE,
            "tool_name": name,
            "last_translated_by": by,
            "has_error": False,
            "field_error": "",
        },
    )
    state.refresh_from_db()
    return int(bool(state.text))
