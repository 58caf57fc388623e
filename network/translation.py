"""Names that django-modeltranslation keeps in twelve columns."""

from modeltranslation.translator import TranslationOptions, register

from network.models import Distributor, Measure, Region, ReviewArea, Topic


@register([Region, ReviewArea, Distributor, Topic, Measure])
class NameTranslation(TranslationOptions):
    """A name is a field, not a tree (design.md 'model translation')."""

    fields = ("name",)
