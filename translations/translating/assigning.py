"""Who translates a text: taken, given, given back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from touchpoints.api import tell
from translations import api
from translations.exceptions import TranslationRefused
from translations.models import Assignment
from translations.permissions import can_assign, translator_languages
from translations.registry import translatable_of


def assign(page: Page, language: str, to, *, by) -> Assignment:
    """Give a text in a language to a translator of it; one may take what nobody has.

    A text that nobody has begun is begun.
    Raises PermissionDenied for whom this is not asked of, TranslationRefused
    where somebody else has it or `to` cannot translate it.
    """
    entry = translatable_of(type(page))
    if not entry.may_translate(by, page, language):
        raise PermissionDenied
    if to != by and not can_assign(by):
        raise PermissionDenied
    if language not in translator_languages(to) or not may_work_on(to, page, language):
        raise TranslationRefused(_("This person does not translate this text."))
    if api.find_target(page, language) is None:
        api.begin_translation(page, language, by=by)
    with transaction.atomic():
        row, is_new = Assignment.objects.select_for_update().get_or_create(
            object_key=page.translation_key,
            language=language,
            defaults={"translator": to, "by": by},
        )
        if row.translator_id == to.pk and not is_new:
            return row
        if not is_new:
            if not can_assign(by):
                raise TranslationRefused(
                    _("%(name)s has this text already.") % {"name": row.translator.display_name}
                )
            row.delete()
            row = Assignment.objects.create(
                object_key=page.translation_key, language=language, translator=to, by=by
            )
        if to != by:
            tell("translations.text_assigned", row)
    return row


def give_back(page: Page, language: str, *, by) -> None:
    """Its translator, or an editor, lets a text be anybody's again. Raises PermissionDenied."""
    with transaction.atomic():
        row = (
            Assignment.objects.select_for_update()
            .filter(object_key=page.translation_key, language=language)
            .first()
        )
        if row is None:
            return
        if row.translator_id != by.pk and not can_assign(by):
            raise PermissionDenied
        row.delete()


def may_work_on(user, page: Page, language: str) -> bool:
    """Whether a person may open and translate the text."""
    entry = translatable_of(type(page))
    return entry.open_to(user).filter(pk=page.pk).exists() and entry.may_translate(
        user, page, language
    )
