"""The flow of stories: lead time, throughput, time in each stage, ageing work.

All from `CaseEvent`, the truth for stages, but for the age of open work, which
is that of the board (`flow.ages`). A figure is made of the rows that the list
shows, so that a count is the length of its list.
"""

import datetime
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.utils import timezone

from bulletins.flow.ages import age_of, with_places
from bulletins.flow.board import COLUMNS
from bulletins.models import Case, CaseEvent, Stage
from network.registry import Period, ScopeKey

# Ages of open work, in working days: up to so many, and above the last.
BANDS = (5, 10, 20)
SHARE = 0.85
DAY_S = 24 * 3600


class Finished(NamedTuple):
    """A story that was published for the first time."""

    case: int
    number: str
    scope: ScopeKey  # region scope as taken down at submission
    area: int
    submitted_at: datetime.datetime | None
    published_at: datetime.datetime
    stages: dict[str, float]  # stage → days spent in it before publication

    @property
    def days(self) -> float | None:
        """Lead time: from the first submission. None where it never was submitted."""
        if self.submitted_at is None:
            return None
        return (self.published_at - self.submitted_at).total_seconds() / DAY_S

    @property
    def month(self) -> datetime.date:
        """The first day of the month of publication, as the site's clock has it."""
        return timezone.localtime(self.published_at).date().replace(day=1)


class Waiting(NamedTuple):
    """An open story."""

    case: int
    number: str
    scope: ScopeKey
    area: int
    stage: str
    since: datetime.datetime
    age: int  # working days in its stage


def finished(period: Period, areas: Collection | None = None) -> list[Finished]:
    """Stories first published in the period, by case; of some review areas only where given.

    One query, for all events of these stories.
    """
    since, until = period.moments
    done = CaseEvent.objects.filter(new=Stage.PUBLISHED, at__gte=since, at__lt=until)
    events = CaseEvent.objects.filter(case__in=done.values("case")).order_by("case", "at", "pk")
    keys = None if areas is None else {area.pk for area in areas}
    rows = events.values_list(
        *("case_id", "case__number", "case__region_id", "case__review_area_id"),
        *("case__distributor__country__region_id", "case__distributor__country__review_area_id"),
        *("at", "old", "new"),
    )
    found = []
    for head, some in groupby(rows.iterator(2000), key=lambda row: row[:6]):
        case, number, region, area, own_region, own_area = head
        if area is None:
            region, area = own_region, own_area
        if keys is not None and area not in keys:
            continue
        way = _way([row[6:] for row in some])
        if way is not None and since <= way[1] < until:
            found.append(Finished(case, number, _scope(region, area), area, *way))
    return found


def _way(events: list[tuple]) -> tuple | None:
    """(submitted, published, days by stage) up to the first publication; None without one."""
    submitted, entered, stage = None, None, ""
    spent: dict[str, float] = defaultdict(float)
    for at, old, new in events:
        if submitted is None and old == Stage.DRAFT and new != Stage.DRAFT:
            submitted = at
        if new == stage:
            continue
        if entered is not None and stage in COLUMNS:
            spent[stage] += (at - entered).total_seconds() / DAY_S
        if new == Stage.PUBLISHED:
            return submitted, at, dict(spent)
        entered, stage = at, new
    return None


def waiting(areas: Collection | None = None, now: datetime.datetime | None = None) -> list[Waiting]:
    """All open stories, oldest in their stage first; of some review areas only where given.

    One query. The whole network's: authors and reviewers are not asked who they are.
    """
    now = now or timezone.now()
    cases = Case.objects.filter(stage__in=COLUMNS)
    if areas is not None:
        cases = cases.filter(review_area__in=areas)
    cases = with_places(cases).only(
        *("number", "stage", "since", "region"),
        *("distributor__country__code", "distributor__country__weekend"),
        *("distributor__country__region", "distributor__country__review_area"),
        *("review_area__lead_country__code", "review_area__lead_country__weekend"),
        "holder__time_zone",
    )
    found = []
    for case in cases.order_by("since", "pk"):
        country = case.distributor.country
        region, area = case.region_id, case.review_area_id
        if area is None:
            region, area = country.region_id, country.review_area_id
        place = (_scope(region, area), area)
        found.append(
            Waiting(case.pk, case.number, *place, case.stage, case.since, age_of(case, now))
        )
    return found


def _scope(region: int | None, area: int) -> ScopeKey:
    return ("region", region) if region else ("area", area)


# --- figures: pure ---------------------------------------------------------------------
def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which a share of them lies, between neighbours in proportion, as
    spreadsheets' PERCENTILE.INC does; None of none.

    >>> percentile([1, 2, 3, 4, 5], 0.85)
    4.4
    """
    found = sorted(values)
    if not found:
        return None
    place = (len(found) - 1) * share
    low = int(place)
    high = min(low + 1, len(found) - 1)
    return found[low] + (found[high] - found[low]) * (place - low)


@dataclass(frozen=True)
class Times:
    """How many, and their days: the median, and what 85 of 100 stayed within."""

    number: int = 0
    over: int = 0  # how many of them have days
    median: float | None = None
    most: float | None = None


def times(number: int, days: Iterable[float | None]) -> Times:
    """Of so many things the days that are known."""
    known = [one for one in days if one is not None]
    if not known:
        return Times(number)
    return Times(number, len(known), statistics.median(known), percentile(known, SHARE))


def lead_times(found: Iterable[Finished]) -> Times:
    """Throughput and lead time of these stories."""
    found = list(found)
    return times(len(found), [one.days for one in found])


def stage_times(found: Iterable[Finished]) -> dict[str, Times]:
    """Stage → the days that stories spent in it, of those that came through it."""
    spent: dict[str, list[float]] = defaultdict(list)
    for one in found:
        for stage, days in one.stages.items():
            spent[stage].append(days)
    return {stage: times(len(spent[stage]), spent[stage]) for stage in COLUMNS if spent[stage]}


@dataclass
class Ageing:
    """Open stories by age in their stage: how many in each of `BANDS` and above, the median,
    the oldest (working days)."""

    ages: list[int] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.ages)

    @property
    def median(self) -> float | None:
        return statistics.median(self.ages) if self.ages else None

    @property
    def oldest(self) -> int | None:
        return max(self.ages, default=None)

    @property
    def bands(self) -> list[int]:
        edges = (-1, *BANDS)
        counts = [
            sum(low < age <= high for age in self.ages)
            for low, high in zip(edges, BANDS, strict=False)
        ]
        return [*counts, sum(age > BANDS[-1] for age in self.ages)]


def ageing(found: Iterable[Waiting], key) -> dict:
    """Open stories by a key of theirs."""
    groups: dict = defaultdict(Ageing)
    for one in found:
        groups[key(one)].ages.append(one.age)
    return dict(groups)
