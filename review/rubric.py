"""What a reviewer scores, in words: each criterion's question and its four levels."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from review.models import CRITERIA
from review.registry import Text


@dataclass(frozen=True)
class Criterion:
    """A criterion: what it asks, and what the scores 1 to 4 stand for."""

    name: str
    label: Text
    hint: Text
    levels: tuple[tuple[int, Text], ...]


def _of(label, hint, *levels) -> tuple:
    return label, hint, tuple(enumerate(levels, start=1))


WORDS = {
    "evidence": _of(
        _("Evidence"),
        _("Could a stranger check what is claimed?"),
        _("Claims without a source."),
        _("Some figures, without dates or a source."),
        _("Figures with dates and a source."),
        _("Figures, dates, sources and pictures: a stranger can check all of it."),
    ),
    "cause": _of(
        _("Clear cause"),
        _("Do the reasons end at something the team can change?"),
        _("No cause is named, only the complaint."),
        _("A cause is named, but nobody looked for what lies behind it."),
        _("The reasons are asked down to one that the team can change."),
        _("As 3, and it is shown that this cause made the problem."),
    ),
    "result": _of(
        _("Measured result"),
        _("Before and after, from the same source?"),
        _("No figure before or after."),
        _("A figure after, none that it can be compared with."),
        _("Before and after, from the same source."),
        _("As 3, month by month, and long enough to be no accident."),
    ),
    "transferability": _of(
        _("Repeatable"),
        _("Could a branch with half the staff start on Monday?"),
        _("Depends on one person or place."),
        _("The idea travels, the steps are missing."),
        _("The steps are told so that another branch can begin."),
        _("As 3, with what must be adapted and what to leave alone."),
    ),
    "clarity": _of(
        _("Told plainly"),
        _("Does any word need explaining twice?"),
        _("Cannot be followed without asking the author."),
        _("Can be followed by somebody of the trade."),
        _("Can be followed by every reader of the network."),
        _("As 3, and short: no word could be left out."),
    ),
}


def criteria() -> list[Criterion]:
    """All of them, in the order of the desk."""
    return [Criterion(name, *WORDS[name]) for name in CRITERIA]
