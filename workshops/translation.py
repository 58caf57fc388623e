"""Texts of rows that django-modeltranslation keeps in twelve columns."""

from modeltranslation.translator import TranslationOptions, register

from workshops.models import EvaluationQuestion


@register(EvaluationQuestion)
class QuestionTranslation(TranslationOptions):
    """A question is a line of words, not a tree (design.md 'model translation')."""

    fields = ("text",)
