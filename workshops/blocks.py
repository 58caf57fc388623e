"""Blocks of a programme's page: plain text, one paragraph a place (translations are kept by it)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from translations.blocks import WordsOnlyBlock


class ParagraphBlock(blocks.TextBlock):
    """One paragraph."""

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")


class DayBlock(WordsOnlyBlock):
    """A day of the programme: what happens, in order."""

    translated = ("title", "steps")

    title = blocks.CharBlock(label=_("Day"), max_length=120)
    steps = blocks.ListBlock(blocks.TextBlock(label=_("Step"), rows=1), min_num=1)

    class Meta:
        icon = "date"
        label = _("Day")


class PointsBlock(WordsOnlyBlock):
    """A list of points."""

    translated = ("items",)

    items = blocks.ListBlock(blocks.TextBlock(label=_("Point"), rows=1), min_num=1)

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("of texts", "List")


BODY = [
    ("paragraph", ParagraphBlock()),
    ("day", DayBlock()),
    ("points", PointsBlock()),
]
