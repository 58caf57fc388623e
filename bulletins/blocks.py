"""Blocks of a story. A block's id is its identity in every language."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from translations.blocks import WordsOnlyBlock

MAX_WHYS = 5  # R2
MAX_CAUSES = 6
MAX_RESULTS = 8


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class ParagraphBlock(blocks.TextBlock):
    """Plain text, one paragraph: what notes and translations point at."""

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        template = "bulletins/blocks/paragraph.html"


class GapBlock(WordsOnlyBlock):
    """From what to what, by when. Numbers are edited in the source language only."""

    translated = ("what",)

    what = blocks.CharBlock(label=_("What"), max_length=200)
    start = blocks.DecimalBlock(label=pgettext_lazy("figure", "From"), required=False)
    goal = blocks.DecimalBlock(label=pgettext_lazy("figure", "To"), required=False)
    unit = blocks.CharBlock(label=_("Unit"), max_length=40, required=False)
    by = blocks.DateBlock(label=_("By"), required=False)

    class Meta:
        icon = "arrow-right"
        label = _("Gap")


class CauseBlock(WordsOnlyBlock):
    """A cause and the one to five whys that lead to it; the last is the root (R2)."""

    translated = ("name", "whys")

    name = blocks.CharBlock(label=_("Cause, in a few words"), max_length=120)
    whys = blocks.ListBlock(blocks.TextBlock(label=_("Why")), min_num=1, max_num=MAX_WHYS)

    class Meta:
        icon = "help"
        label = _("Cause")


class CausesBlock(blocks.StreamBlock):
    """Causes; a why that comes without an id gets the id of its place.

    Wagtail would draw a new one at each load, and the why's notes and
    translations would point at nothing.
    """

    cause = CauseBlock()

    def to_python(self, value):
        """From stored data or a form's rows."""
        if isinstance(value, list):
            value = [_with_why_ids(row) for row in value]
        return super().to_python(value)


def why_id(cause_id: str, place: int) -> str:
    """The id of a cause's why by its place, counted from 0."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{cause_id}/{place}"))


def _with_why_ids(row):
    if not isinstance(row, dict):
        return row
    whys = row.get("value", {}).get("whys") or []
    if not row.get("id") or all(isinstance(why, dict) for why in whys):
        return row
    items = [
        {
            "type": "item",
            "value": why,
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{row['id']}/{n}")),
        }
        for n, why in enumerate(whys)
    ]
    return row | {"value": row["value"] | {"whys": items}}


class CountermeasureBlock(WordsOnlyBlock):
    """What was changed, against which cause (its block id), by whom, since when."""

    translated = ("what", "who")

    cause = blocks.CharBlock(label=_("Cause"), max_length=36, required=False)
    what = blocks.TextBlock(label=_("What you changed"))
    who = blocks.CharBlock(label=_("Who"), max_length=120, required=False)
    since = blocks.DateBlock(label=_("Since"), required=False)
    since_precision = blocks.ChoiceBlock(choices=Precision.choices, default=Precision.DAY)

    class Meta:
        icon = "tick"
        label = _("Countermeasure")


class MonthlyValueBlock(blocks.StructBlock):
    """One month's value of a measure; `month` is its first day."""

    month = blocks.DateBlock(label=_("Month"))
    value = blocks.DecimalBlock(label=_("Value"))


class ResultBlock(WordsOnlyBlock):
    """A KPI row: before → after, with unit and dates (R3).

    `measure_key` is the row's UUID, equal in all languages; `measure` the
    slug of a shared measure, or empty.
    """

    translated = ("label", "note")

    measure_key = blocks.CharBlock(max_length=36)
    measure = blocks.CharBlock(label=_("Shared measure"), max_length=50, required=False)
    label = blocks.CharBlock(label=_("Measure"), max_length=120)
    note = blocks.CharBlock(label=_("How it was measured"), max_length=200, required=False)
    unit = blocks.CharBlock(label=_("Unit"), max_length=40)
    target = blocks.DecimalBlock(label=_("Target"), required=False)
    before = blocks.DecimalBlock(label=_("Before"))
    after = blocks.DecimalBlock(label=_("After"))
    before_on = blocks.DateBlock(label=_("Before, measured on"), required=False)
    after_on = blocks.DateBlock(label=_("After, measured on"), required=False)
    date_precision = blocks.ChoiceBlock(choices=Precision.choices, default=Precision.DAY)
    monthly = blocks.ListBlock(MonthlyValueBlock(), required=False, default=[])

    class Meta:
        icon = "order"
        label = _("Result")


class PictureBlock(WordsOnlyBlock):
    """A picture with its words; the alternative text is translated like any other."""

    translated = ("alt", "caption")

    image = ImageChooserBlock()
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=300)
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    part = blocks.CharBlock(max_length=16, required=False, default="happened")

    class Meta:
        icon = "image"
        label = _("Picture")


class FileBlock(WordsOnlyBlock):
    """An attached file with a title in each language."""

    translated = ("title",)

    document = DocumentChooserBlock()
    title = blocks.CharBlock(label=_("Title"), max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("File")


PROSE = [("paragraph", ParagraphBlock())]
GAP = [("gap", GapBlock())]
CAUSES = CausesBlock()
COUNTERMEASURES = [("countermeasure", CountermeasureBlock())]
RESULTS = [("result", ResultBlock())]
PICTURES = [("picture", PictureBlock())]
FILES = [("file", FileBlock())]
