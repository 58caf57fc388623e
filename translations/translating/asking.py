"""A translator asks the editors about a paragraph; all of its translators see the answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from touchpoints.api import tell
from translations.aids.places import place_key
from translations.exceptions import TranslationRefused, UnknownParagraph
from translations.models import Question, TextState
from translations.permissions import can_answer_questions
from translations.translating.writing import check_may_translate

MAX_LENGTH = 2000  # characters


def ask(page: Page, language: str, place: str, text: str, *, by) -> Question:
    """Ask the editors about a paragraph. Raises PermissionDenied, UnknownParagraph, or
    TranslationRefused without words."""
    check_may_translate(page, language, by)
    text = _said(text)
    paths = TextState.objects.of(page.translation_key, language).values_list("path", flat=True)
    if place not in {place_key(path) for path in paths}:
        raise UnknownParagraph(
            _("The original has no such paragraph: %(paths)s") % {"paths": place}
        )
    with transaction.atomic():
        question = Question.objects.create(
            object_key=page.translation_key, place=place, language=language, text=text, by=by
        )
        tell("translations.question_asked", question)
    return question


def answer(question: Question, text: str, *, by) -> Question:
    """An editor answers, or puts an earlier answer right; translators are told.

    Raises PermissionDenied, or TranslationRefused without words.
    """
    if not can_answer_questions(by):
        raise PermissionDenied
    text = _said(text)
    with transaction.atomic():
        question = Question.objects.select_for_update().get(pk=question.pk)
        if question.answer == text:
            return question
        question.answer, question.answered_by = text, by
        question.answered_at = timezone.now()
        question.save()
        tell("translations.question_answered", question)
    return question


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise TranslationRefused(_("Write something first."))
    if len(text) > MAX_LENGTH:
        raise TranslationRefused(_("This is too long. Say it in fewer words."))
    return text
