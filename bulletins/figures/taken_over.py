"""How far one story went: who took it over, what they measured, who means to try it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname, resolution_order

from bulletins.models import Choice, Response, ResponseResult, WillTry
from bulletins.queries import TAKING_OVER
from network.models import Unit

# Of these an average says something, and a sum nothing.
RATIOS = frozenset({Unit.PERCENT.value, Unit.PER_100.value, "%"})


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
