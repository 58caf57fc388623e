"""Fields that django-modeltranslation keeps in twelve columns."""

from modeltranslation.translator import TranslationOptions, register

from bulletins.models import IssueStory


@register(IssueStory)
class IssueStoryTranslation(TranslationOptions):
    """One line a story: a field, not a page."""

    fields = ("introduction",)
