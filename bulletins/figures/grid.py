"""The grid of an area: distributor × story."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from django.utils.translation import pgettext

from bulletins.figures.titles import Title, titles_of
from bulletins.models import Case, Choice, HandOver, IssueStory, Response
from bulletins.response_rules import can_coach
from network.models import Distributor, Membership


@dataclass(frozen=True)
class Cell:
    """One distributor's word on one story; `state` is a Choice, 'open', 'handed' or 'own'."""

    state: str
    late: bool = False  # the day of a promise, a wait or a hand-over has passed
    label: str = ""  # in words; the same few objects stand in all of a grid's rows

    @property
    def is_open(self) -> bool:
        """A word is owed."""
        return self.state in ("open", "handed") or (self.late and self.state in _WITH_DAY)

    @property
    def is_answered(self) -> bool:
        """The distributor gave its word: what it said can be opened."""
        return self.state in Choice.values


_WITH_DAY = (Choice.ADOPTING, Choice.ON_HOLD)


def short_labels() -> dict[str, str]:
    """What a cell says."""
    return {
        Choice.ADOPTING: pgettext("response, short", "Adopting"),
        Choice.ADOPTED: pgettext("response, short", "Adopted"),
        Choice.ADAPTED: pgettext("response, short", "Adapted"),
        Choice.ALREADY: pgettext("response, short", "Already"),
        Choice.ON_HOLD: pgettext("response, short", "On hold"),
        Choice.NOT_FOR_US: pgettext("response, short", "Not for us"),
        "open": pgettext("response, short", "Open"),
        "handed": pgettext("response, short", "Handed on"),
        "own": pgettext("response, short", "Own story"),
    }


@dataclass
class GridRow:
    """One distributor."""

    distributor: Distributor
    cells: list[Cell]
    contacts: list[str] = field(default_factory=list)
    can_coach: bool = False  # whether the reader may write to its contact
    numbers: Iterable[str] = ()  # of the stories, in the order of the cells

    @property
    def words(self) -> Iterable[tuple[Cell, str]]:
        """Each cell with its story's number."""
        return zip(self.cells, self.numbers, strict=True)

    @cached_property
    def open(self) -> int:
        return sum(cell.is_open for cell in self.cells)


@dataclass
class Grid:
    """Stories as columns, distributors as rows, most open first."""

    cases: list[Case]
    titles: dict[int, Title]  # by the case's key; without a story that is no longer online
    rows: list[GridRow]

    @cached_property
    def columns(self) -> list[dict]:
        """Each story with how many of the rows say what."""
        counted = [Counter() for _case in self.cases]
        open_ = [0] * len(self.cases)
        for row in self.rows:
            for place, cell in enumerate(row.cells):
                counted[place][cell.state] += 1
                open_[place] += cell.is_open
        return [
            {
                "case": case,
                "title": self.titles.get(case.pk, Title(case.number, "", "")),
                "counts": counted[place],
                "open": open_[place],
                "taken_over": counted[place][Choice.ADOPTED] + counted[place][Choice.ADAPTED],
            }
            for place, case in enumerate(self.cases)
        ]

    @property
    def open(self) -> int:
        return sum(row.open for row in self.rows)


def grid(cases: Iterable[Case], areas=None, user=None) -> Grid:
    """How the active distributors of the areas (all where None) answer the stories.

    Five queries: distributors, contacts, responses, hand-overs, titles.
    """
    cases = list(cases)
    firms = Distributor.objects.active().select_related("country__review_area")
    if areas is not None:
        firms = firms.filter(country__review_area__in=areas)
    firms = list(firms.order_by("code"))
    said = {
        (firm, case): (choice, until)
        for firm, case, choice, until in Response.objects.filter(
            case__in=cases, distributor__in=firms
        )
        .order_by()
        .values_list("distributor", "case", "choice", "until")
    }
    handed = {
        (firm, case): until
        for firm, case, until in HandOver.objects.open()
        .filter(case__in=cases, distributor__in=firms)
        .order_by()
        .values_list("distributor", "case", "until")
    }
    people: dict[int, list[str]] = {}
    contacts = Membership.objects.current().contacts().filter(distributor__in=firms)
    for found in contacts.select_related("user").order_by("-contact", "pk"):
        people.setdefault(found.distributor_id, []).append(found.user.display_name)
    today = timezone.localdate()
    cells = {
        (state, late): Cell(state, late, label)
        for state, label in short_labels().items()
        for late in (False, True)
    }
    numbers = [case.number for case in cases]
    rows = [
        GridRow(
            firm,
            [cells[_word(firm, case, said, handed, today)] for case in cases],
            people.get(firm.pk, []),
            user is not None and can_coach(user, firm),
            numbers,
        )
        for firm in firms
    ]
    rows.sort(key=lambda row: -row.open)
    return Grid(cases, titles_of(cases, user), rows)


def _word(firm, case, said: dict, handed: dict, today: datetime.date) -> tuple[str, bool]:
    """A cell's state, and whether its day has passed."""
    if case.distributor_id == firm.pk:
        return "own", False
    found = said.get((firm.pk, case.pk))
    if found is not None and not (found[0] in _WITH_DAY and found[1] < today):
        return found[0], False
    if (firm.pk, case.pk) in handed:
        return "handed", handed[firm.pk, case.pk] < today
    return (found[0], True) if found else ("open", False)


def issue_cases(issue) -> list[Case]:
    """The stories of an issue that are asked about, in order. One query."""
    rows = IssueStory.objects.filter(issue=issue, case__is_published=True).exclude(
        case__audience="region"
    )
    return [row.case for row in rows.select_related("case")]
