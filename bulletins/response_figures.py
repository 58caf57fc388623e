"""Figures of the responses: the grid, what a story was taken over by, and the journey's last steps.

Each function names its queries; none grows with the rows.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from modeltranslation.utils import build_localized_fieldname, resolution_order

from bulletins.models import (
    Case,
    CaseStoryPage,
    Choice,
    HandOver,
    IssueStory,
    Response,
    ResponseChange,
    ResponseResult,
    Via,
    WillTry,
)
from bulletins.queries import TAKING_OVER
from network.languages import reading_order
from network.models import Distributor, Membership, Unit

# Of these an average says something, and a sum nothing.
RATIOS = frozenset({Unit.PERCENT.value, Unit.PER_100.value, "%"})


class Title(NamedTuple):
    """What a story is called in a list, without its page."""

    title: str
    language: str
    url: str  # in the address of the active language


# --- the grid: distributor × story -------------------------------------------------
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
    firms = Distributor.objects.active().select_related("country")
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
    rows = [
        GridRow(
            firm,
            [cells[_word(firm, case, said, handed, today)] for case in cases],
            people.get(firm.pk, []),
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


def titles_of(cases: Iterable[Case], user) -> dict[int, Title]:
    """Case's key → its title in the reader's best language. One query."""
    cases = list(cases)
    found: dict[int, dict[str, tuple[str, str]]] = {}
    pages = CaseStoryPage.objects.filter(case__in=cases, live=True)
    columns = ("case", "locale__language_code", "title", "slug")
    for case, code, title, slug in pages.values_list(*columns):
        found.setdefault(case, {})[code] = (title, slug)
    order = reading_order(user)
    titles = {}
    for case in cases:
        here = found.get(case.pk, {})
        code = next((c for c in [*order, case.source_language] if c in here), None)
        if code is not None:
            title, slug = here[code]
            url = f"/{order[0]}/stories/{case.number[:4]}/{slug}/"
            titles[case.pk] = Title(title, code, url)
    return titles


def issue_cases(issue) -> list[Case]:
    """The stories of an issue that are asked about, in order. One query."""
    rows = IssueStory.objects.filter(issue=issue, case__is_published=True).exclude(
        case__audience="region"
    )
    return [row.case for row in rows.select_related("case")]


# --- one story ---------------------------------------------------------------------
@dataclass(frozen=True)
class Total:
    """What several distributors measured in one KPI row, in one unit."""

    measure_key: str
    unit: str
    count: int
    change: Decimal  # after − before: added up, or the average where `is_average`
    is_average: bool


@dataclass
class TakenOver:
    """How far a story went. Without names `taken` is empty: a visitor reads how many."""

    distributors: int = 0
    regions: int = 0
    adopting: int = 0
    taken: list[Response] = field(default_factory=list)  # with distributor, country, results

    @property
    def adaptations(self) -> list[Response]:
        return [row for row in self.taken if row.choice == Choice.ADAPTED and row.words]

    @property
    def measured(self) -> list[Response]:
        return [row for row in self.taken if row.measured_at]


def taken_over(case, *, names: bool = True) -> TakenOver:
    """Who took the story over, and how many are about to.

    One query, none where the case's own says that nobody did; with `names`
    one more for results where there are any.
    """
    if not getattr(case, "was_taken_over", True):
        return TakenOver()
    said = Response.objects.filter(case_id=case.pk, choice__in=TAKING_OVER)
    if not names:
        return _counted(
            said.order_by().values_list(
                "adopted_at",
                "distributor__country__region",
                "distributor__country__review_area",
            )
        )
    # A firm has a name in each of twelve languages; the page shows one.
    columns = [
        f"distributor__{build_localized_fieldname('name', code)}"
        for code in resolution_order(get_language())
    ]
    rows = list(
        said.select_related("distributor__country")
        .only(
            *("case", "distributor", "choice", "words", "adopted_at", "measured_at"),
            *columns,
            *(f"distributor__country__{name}" for name in ("code", "region", "review_area")),
        )
        .order_by("adopted_at", "pk")
    )
    taken = [row for row in rows if row.adopted_at]
    results: dict[int, list[ResponseResult]] = {}
    if any(row.measured_at for row in taken):
        for result in ResponseResult.objects.filter(response__in=taken):
            results.setdefault(result.response_id, []).append(result)
    for row in taken:
        row.reported = results.get(row.pk, [])
    countries = [(row.adopted_at, row.distributor.country) for row in rows]
    found = _counted((at, one.region_id, one.review_area_id) for at, one in countries)
    found.taken = taken
    return found


def _counted(rows: Iterable[tuple]) -> TakenOver:
    """Of (adopted at, home region, review area): a country without a home region counts
    with its review area (design.md 'Region scope')."""
    rows = list(rows)
    scopes = [("region", region) if region else ("area", area) for at, region, area in rows if at]
    return TakenOver(len(scopes), len(set(scopes)), len(rows) - len(scopes))


def totals(results: Iterable[ResponseResult], units: dict[str, str]) -> list[Total]:
    """What was gained in each KPI row, over results in the row's present unit only.

    `units` are the story's rows: key → unit. A result that was reported in
    another unit is shown where it stands, and added to nothing.
    """
    changes: dict[str, list[Decimal]] = {}
    for result in results:
        key = str(result.measure_key)
        if key in units and units[key] == result.unit:
            changes.setdefault(key, []).append(result.after - result.before)
    return [
        Total(
            measure_key=key,
            unit=units[key],
            count=len(found),
            change=sum(found) / len(found) if units[key] in RATIOS else sum(found),
            is_average=units[key] in RATIOS,
        )
        for key, found in changes.items()
    ]


def tries(case, user) -> tuple[int, str | None]:
    """How many mean to try it, and this person's own note. One query, none where nobody does."""
    if not getattr(case, "was_tried", True):
        return 0, None
    rows = list(WillTry.objects.filter(case_id=case.pk).values_list("user_id", "note"))
    own = next((note for person, note in rows if person == user.pk), None)
    return len(rows), own


# --- the journey's last steps: responded, adopted, measured --------------------------
# Column of Response that holds the moment of each step.
STEPS = {"responded": "first_at", "adopted": "adopted_at", "measured": "measured_at"}


def journey(step: str, *, since=None, until=None) -> list[dict]:
    """How many responses reached a step, by region, area and month. One query.

    Rows {month, region, area, number}: `region` is the distributor's home
    region (None where its country has none: then `area` says where), both as
    keys. `since` and `until` bound the moment of the step, `until` not included.
    """
    column = STEPS[step]
    found = Response.objects.filter(**{f"{column}__isnull": False}).order_by()
    if since is not None:
        found = found.filter(**{f"{column}__gte": since})
    if until is not None:
        found = found.filter(**{f"{column}__lt": until})
    return list(
        found.annotate(month=TruncMonth(column))
        .values(
            "month",
            region=F("distributor__country__region"),
            area=F("distributor__country__review_area"),
        )
        .annotate(number=Count("pk"))
        .order_by("month", "region", "area")
    )


def journey_by_case(step: str, cases=None) -> dict[int, list[datetime.datetime]]:
    """Case's key → the moments at which distributors reached the step, first to last. One query."""
    column = STEPS[step]
    found = Response.objects.filter(**{f"{column}__isnull": False})
    if cases is not None:
        found = found.filter(case__in=cases)
    moments: dict[int, list[datetime.datetime]] = {}
    for case, moment in found.order_by(column).values_list("case", column):
        moments.setdefault(case, []).append(moment)
    return moments


def read_by_link(case_ids) -> list[tuple[int, int]]:
    """(distributor, case) of answers given on the page of a link: somebody read it (R13)."""
    used = ResponseChange.objects.filter(via=Via.LINK, response__case__in=case_ids).order_by()
    return list(used.values_list("response__distributor", "response__case").distinct())


# --- recognition -------------------------------------------------------------------
@dataclass(frozen=True)
class Recognised:
    """A story that others took over in a year."""

    case: Case
    distributors: int
    title: Title


def recognised(cases, year: int | None = None, user=None) -> list[Recognised]:
    """Of `cases` (a queryset of what the reader may read) those taken over, most first.

    In the year (all years where None) by `adopted_at`. Two queries.
    """
    taken = Q(responses__adopted_at__isnull=False)
    if year is not None:
        taken &= Q(responses__adopted_at__year=year)
    found = list(
        cases.annotate(distributors=Count("responses", filter=taken, distinct=True))
        .filter(distributors__gt=0)
        .select_related("author", "distributor__country")
        .prefetch_related("co_authors")
        .order_by("-distributors", "number")
    )
    titles = titles_of(found, user)
    return [
        Recognised(case, case.distributors, titles.get(case.pk, Title(case.number, "", "")))
        for case in found
    ]


def recognised_years() -> list[int]:
    """Years in which anything was taken over, newest first. One query."""
    years = Response.objects.taken_over().dates("adopted_at", "year", order="DESC")
    return [day.year for day in years]
