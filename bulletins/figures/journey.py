"""The journey of stories: submitted, accepted, published, read, responded, adopted, measured.

The first three are steps of a story, counted where it comes from (region scope
as taken down at submission). The last four are steps of a story with another
distributor, counted where that one is: two distributors that adopt a story are
two. Every figure and every list is made of the same `moments`, so that a count
is the length of its list.
"""

import datetime
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Min, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from bulletins.models import Case, ReadMark, Response, ResponseChange, Stage, Via
from network.models import Distributor
from network.registry import Period, ScopeKey

STEPS = {
    "submitted": pgettext_lazy("step of the journey", "Submitted"),
    "accepted": pgettext_lazy("step of the journey", "Accepted"),
    "published": pgettext_lazy("step of the journey", "Published"),
    "read": pgettext_lazy("step of the journey", "Read"),
    "responded": pgettext_lazy("step of the journey", "Responded"),
    "adopted": pgettext_lazy("step of the journey", "Adopted"),
    "measured": pgettext_lazy("step of the journey", "Measured"),
}
OF_STORIES = ("submitted", "accepted", "published")
OF_DISTRIBUTORS = ("read", "responded", "adopted", "measured")
DAY_S = 24 * 3600


class Moment(NamedTuple):
    """A story, or a story with a distributor, reached a step."""

    step: str
    at: datetime.datetime
    case: int
    distributor: int | None  # of OF_DISTRIBUTORS: which one read, answered, adopted, measured
    scope: ScopeKey
    days: float | None  # since the step before; None where there was none, or it came later

    @property
    def month(self) -> datetime.date:
        """The first day of its month, as the site's clock has it."""
        return timezone.localtime(self.at).date().replace(day=1)


def moments(period: Period, areas: Collection | None = None) -> list[Moment]:
    """What happened in the period; with countries of some review areas only where given.

    Five queries. `areas` narrow a story's steps to those of its own review
    area, a distributor's to the area of its country.
    """
    since, until = period.moments
    keys = None if areas is None else {area.pk for area in areas}
    stories, firms = _stories(until), _firms()
    found = _of_stories(stories, keys)
    reads = _reads(until, stories)
    answers = Response.objects.filter(first_at__lt=until).order_by()
    columns = ("case_id", "distributor_id", "first_at", "adopted_at", "measured_at")
    answered = {(case, firm): rest for case, firm, *rest in answers.values_list(*columns)}
    for pair in sorted(reads.keys() | answered.keys()):
        case, firm = pair
        if case not in stories or (keys is not None and firms[firm].area not in keys):
            continue
        first_at, adopted_at, measured_at = answered.get(pair, (None, None, None))
        way = (
            ("read", reads.get(pair), stories[case].published_at),
            ("responded", first_at, reads.get(pair)),
            ("adopted", adopted_at, first_at),
            ("measured", measured_at, adopted_at),
        )
        for step, at, before in way:
            if at is not None:
                scope = firms[firm].scope
                found.append(Moment(step, at, case, firm, scope, _days(before, at)))
    return [one for one in found if since <= one.at < until]


class _Story(NamedTuple):
    distributor: int
    scope: ScopeKey
    area: int
    submitted_at: datetime.datetime | None
    accepted_at: datetime.datetime | None
    published_at: datetime.datetime | None


class _Firm(NamedTuple):
    scope: ScopeKey
    area: int


def _stories(until: datetime.datetime) -> dict[int, _Story]:
    """Case's key → its own steps. Accepted: it came to the editors for the first time."""
    accepted = Min("events__at", filter=Q(events__new=Stage.EDITING))
    rows = (
        Case.objects.filter(Q(submitted_at__lt=until) | Q(published_at__lt=until))
        .order_by()
        .annotate(accepted=accepted)
        .values_list(
            *("pk", "distributor_id", "region_id", "review_area_id"),
            *("distributor__country__region_id", "distributor__country__review_area_id"),
            *("submitted_at", "accepted", "published_at"),
        )
    )
    return {
        pk: _Story(
            firm,
            _scope(region, area) if region or area else _scope(own_region, own_area),
            area or own_area,
            *steps,
        )
        for pk, firm, region, area, own_region, own_area, *steps in rows
    }


def _firms() -> dict[int, _Firm]:
    rows = Distributor.objects.order_by().values_list(
        "pk", "country__region_id", "country__review_area_id"
    )
    return {pk: _Firm(_scope(region, area), area) for pk, region, area in rows}


def _scope(region: int | None, area: int) -> ScopeKey:
    return ("region", region) if region else ("area", area)


def _of_stories(stories: dict[int, _Story], areas: set[int] | None) -> list[Moment]:
    found = []
    for case, story in stories.items():
        if areas is not None and story.area not in areas:
            continue
        way = (
            ("submitted", story.submitted_at, None),
            ("accepted", story.accepted_at, story.submitted_at),
            ("published", story.published_at, story.accepted_at),
        )
        found += [
            Moment(step, at, case, None, story.scope, _days(before, at))
            for step, at, before in way
            if at is not None
        ]
    return found


def _reads(until: datetime.datetime, stories: dict[int, _Story]) -> dict[tuple, datetime.datetime]:
    """(case, distributor) → when a member first opened it signed in, or its link was used.

    Not of the firm that told it. Two queries; a person counts for the firms
    that they belonged to on the day.
    """
    day = TruncDate("first_at")
    member = "user__memberships"
    marks = (
        ReadMark.objects.filter(first_at__lt=until, user__memberships__isnull=False)
        .annotate(day=day)
        .filter(
            Q(**{f"{member}__until__isnull": True}) | Q(**{f"{member}__until__gte": F("day")}),
            **{f"{member}__since__lte": F("day")},
        )
        .order_by()
        .values_list("case_id", f"{member}__distributor_id")
        .annotate(first=Min("first_at"))
    )
    used = (
        ResponseChange.objects.filter(via=Via.LINK, at__lt=until)
        .order_by()
        .values_list("response__case_id", "response__distributor_id")
        .annotate(first=Min("at"))
    )
    found: dict[tuple, datetime.datetime] = {}
    for case, firm, at in [*marks, *used]:
        if case in stories and stories[case].distributor != firm:
            found[case, firm] = min(at, found.get((case, firm), at))
    return found


def _days(before: datetime.datetime | None, at: datetime.datetime) -> float | None:
    if before is None or before > at:
        return None
    return (at - before).total_seconds() / DAY_S


def read_by_link(case_ids) -> list[tuple[int, int]]:
    """(distributor, case) of answers given on the page of a link: somebody read it (R13)."""
    used = ResponseChange.objects.filter(via=Via.LINK, response__case__in=case_ids).order_by()
    return list(used.values_list("response__distributor", "response__case").distinct())


# --- the report ----------------------------------------------------------------------
@dataclass(frozen=True)
class Reached:
    """How many reached a step, and the median of days since the step before."""

    number: int = 0
    median: float | None = None  # days
    over: int = 0  # how many of them have a step before


NONE_REACHED = Reached()


@dataclass(frozen=True)
class Report:
    """The journey in a period: in all, by region scope, by month. Steps without any are left out.

    `months` are all months of the period in order, also those without anything.
    """

    total: dict[str, Reached]
    by_scope: dict[ScopeKey, dict[str, Reached]]
    by_month: dict[datetime.date, dict[str, Reached]]

    @property
    def months(self) -> list[datetime.date]:
        return list(self.by_month)


def report(found: Iterable[Moment], period: Period) -> Report:
    """The figures of these moments. No query."""
    found = list(found)
    by_scope, by_month = defaultdict(list), {month: [] for month in months_of(period)}
    for one in found:
        by_scope[one.scope].append(one)
        by_month[one.month].append(one)
    return Report(
        _steps(found),
        {scope: _steps(some) for scope, some in by_scope.items()},
        {month: _steps(some) for month, some in by_month.items()},
    )


def _steps(found: list[Moment]) -> dict[str, Reached]:
    numbers = Counter(one.step for one in found)
    days: dict[str, list[float]] = defaultdict(list)
    for one in found:
        if one.days is not None:
            days[one.step].append(one.days)
    return {
        step: Reached(
            numbers[step],
            statistics.median(days[step]) if days[step] else None,
            len(days[step]),
        )
        for step in STEPS
        if numbers[step]
    }


def months_of(period: Period) -> list[datetime.date]:
    """The first day of every month that has a day of the period, oldest first."""
    month, found = period.since.replace(day=1), []
    while month < period.until:
        found.append(month)
        month = (month + datetime.timedelta(days=32)).replace(day=1)
    return found
