"""What stories report in one shared measure, by region: before, after, and added up where units
agree."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.utils import translation

from bulletins.figures.taken_over import RATIOS
from bulletins.models import Case, CaseResult, ResponseResult
from network.models import Measure, Unit
from network.registry import Period, ScopeKey, by_scope


@dataclass(frozen=True)
class Shared:
    """Results in one unit, of stories told in a region and of practices taken over there."""

    unit: str  # of `Unit`, or as it was typed
    stories: int
    takers: int  # distributors' results
    before: Decimal  # mean
    after: Decimal  # mean
    change: Decimal  # after − before: added up, or the mean where `is_average`
    is_average: bool

    @property
    def count(self) -> int:
        return self.stories + self.takers


def shared(
    measure: Measure, period: Period, user, areas: Collection | None = None
) -> dict[ScopeKey, list[Shared]]:
    """Scope → a row for each unit that was used, most results first; None → all of them.

    Results whose "after" lies in the period, of published stories that this
    person may read: a region's own story stays with its readers. Counted by the
    story's region scope, and by that of the distributor that took it over. Two
    queries.
    """
    within = {"after_on__gte": period.since, "after_on__lt": period.until, "measure": measure}
    told = CaseResult.objects.filter(
        case__in=Case.objects.readable_by(user).order_by(), before__isnull=False, **within
    )
    taken = ResponseResult.objects.filter(
        response__case__in=Case.objects.readable_by(user).order_by(), **within
    )
    if areas is not None:
        told = told.filter(case__review_area__in=areas)
        taken = taken.filter(response__distributor__country__review_area__in=areas)
    country = "response__distributor__country"
    sources = (
        (True, told, ("case__region", "case__review_area")),
        (False, taken, (f"{country}__region", f"{country}__review_area")),
    )
    rows = [
        (region, area, (unit_of(unit), is_story, before, after))
        for is_story, found, place in sources
        for region, area, unit, before, after in found.order_by().values_list(
            *place, "unit", "before", "after"
        )
    ]
    return {scope: _by_unit(some) for scope, some in by_scope(rows).items()}


def _by_unit(rows: list[tuple]) -> list[Shared]:
    units: dict[str, list] = defaultdict(list)
    for unit, *result in rows:
        units[unit].append(result)
    return sorted((_added(unit, some) for unit, some in units.items()), key=_most_first)


def _most_first(row: Shared) -> tuple:
    return -row.count, row.unit


def _added(unit: str, rows: list[list]) -> Shared:
    count = len(rows)
    before, after = sum(row[1] for row in rows), sum(row[2] for row in rows)
    is_average = unit in RATIOS
    change = after - before
    return Shared(
        unit,
        stories=sum(row[0] for row in rows),
        takers=sum(not row[0] for row in rows),
        before=before / count,
        after=after / count,
        change=change / count if is_average else change,
        is_average=is_average,
    )


def unit_of(typed: str) -> str:
    """A unit in any of the site's languages as its `Unit`; another one as it was typed.

    Authors get a shared measure's unit written out in the language of their story.
    """
    return _names().get(typed.strip().casefold(), typed.strip())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {str(unit.label).casefold(): unit.value for unit in Unit}
    return found | {unit.value: unit.value for unit in Unit}
