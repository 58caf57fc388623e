"""Blocks of a programme's page: plain text, one paragraph a place (translations are kept by it).

The lessons and questions of an online lab are blocks of the page as well: a
block's id is its place in every language, and what a learner's run remembers.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
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


class LessonBlock(WordsOnlyBlock):
    """A short lesson of an online lab: read in two or three minutes."""

    translated = ("title", "text")

    title = blocks.CharBlock(label=_("Lesson"), max_length=120)
    text = blocks.ListBlock(blocks.TextBlock(label=_("Paragraph"), rows=3), min_num=1)

    class Meta:
        icon = "openquote"
        label = _("Lesson")


class QuestionBlock(WordsOnlyBlock):
    """A question of the quiz. `right` names the right answers by number, from 1, in all languages
    alike; more than one makes it a question with several answers."""

    translated = ("question", "options", "explanation")

    question = blocks.TextBlock(label=_("Question"), rows=2)
    options = blocks.ListBlock(blocks.TextBlock(label=_("Answer"), rows=1), min_num=2, max_num=8)
    right = blocks.ListBlock(
        blocks.IntegerBlock(label=_("Number of a right answer"), min_value=1, max_value=8),
        min_num=1,
    )
    explanation = blocks.TextBlock(label=_("Explanation, shown after the answer"), rows=2)

    class Meta:
        icon = "help"
        label = _("Question")

    def clean(self, value):
        """Raises StructBlockValidationError where a right answer is none of the answers."""
        found = super().clean(value)
        numbers, options = list(found["right"]), len(found["options"])
        wrong = len(set(numbers)) != len(numbers) or any(number > options for number in numbers)
        if wrong or len(numbers) == options:
            raise blocks.StructBlockValidationError(
                {
                    "right": ValidationError(
                        now("Name each right answer once by its number; one answer must be wrong.")
                    )
                }
            )
        return found


LESSONS = [
    ("lesson", LessonBlock()),
    ("question", QuestionBlock()),
]
