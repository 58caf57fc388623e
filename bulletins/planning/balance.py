"""Balance: which regions, processes and languages the issues of a year told of, and who is missing.

A number is the length of the list that stands below it: both come from the
same rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bulletins.models import BulletinIssue, Case, IssueStage
from bulletins.months import shift
from network.languages import autonym
from network.models import ProcessStep, Region

SUGGESTED = 5
SHARE = 0.6  # of an even share: below it a region or process counts as little heard


@dataclass
class Count:
    """One region, process or language: the stories of the year, and of this issue."""

    key: str
    label: str
    year: list[Case] = field(default_factory=list)
    here: list[Case] = field(default_factory=list)
    is_low: bool = False


@dataclass
class Balance:
    """What stands beside the chosen stories."""

    regions: list[Count]
    processes: list[Count]
    languages: list[Count]
    suggestions: list[tuple[Case, str]]  # (a story that may enter, why it would help)


def balance(issue: BulletinIssue, offered: Iterable[Case]) -> Balance:
    """Of the twelve months before the issue's own, and of the issue. Three queries.

    `offered` are the stories that may enter, with `distributor__country`.
    """
    rows = list(
        Case.objects.filter(
            in_issue__issue__month__gte=shift(issue.month, -12),
            in_issue__issue__month__lte=issue.month,
        )
        .select_related("in_issue__issue", "region", "review_area", "distributor__country")
        .prefetch_related("pages__locale")
        .order_by("in_issue__issue__month", "in_issue__sort_order")
    )
    here = [case for case in rows if case.in_issue.issue_id == issue.pk]
    year = [
        case
        for case in rows
        if case.in_issue.issue_id != issue.pk and case.in_issue.issue.stage == IssueStage.RELEASED
    ]
    regions = _counted(
        _places(Region.objects.all(), year + here), year, here, lambda case: [_place_key(case)]
    )
    processes = _counted(
        [(step.value, str(step.label)) for step in ProcessStep],
        year,
        here,
        lambda case: case.process_steps,
    )
    spoken = dict.fromkeys(case.source_language for case in year + here)
    languages = _counted(
        [(code, autonym(code)) for code in spoken], year, here, lambda c: [c.source_language]
    )
    _mark_low(regions)
    _mark_low(processes)
    return Balance(regions, processes, languages, _suggest(list(offered), regions, processes))


def _place_key(case: Case) -> str:
    if case.region_id:
        return f"region:{case.region_id}"
    return f"area:{case.review_area_id}"


def _places(regions, cases: list[Case]) -> list[tuple[str, str]]:
    """All home regions, and the areas without one that have told something."""
    found = [(f"region:{region.pk}", str(region.name)) for region in regions]
    areas = {
        _place_key(case): str(case.review_area)
        for case in cases
        if not case.region_id and case.review_area_id
    }
    return found + sorted(areas.items(), key=lambda row: row[1])


def _counted(
    labels: list[tuple[str, str]],
    year: list[Case],
    here: list[Case],
    keys: Callable[[Case], Iterable[str]],
) -> list[Count]:
    counts = {key: Count(key, label) for key, label in labels}
    for name, cases in (("year", year), ("here", here)):
        for case in cases:
            for key in keys(case):
                if key in counts:
                    getattr(counts[key], name).append(case)
    return list(counts.values())


def _mark_low(counts: list[Count]) -> None:
    total = sum(len(count.year) + len(count.here) for count in counts)
    even = total / len(counts) if counts else 0
    for count in counts:
        count.is_low = len(count.year) + len(count.here) < even * SHARE


def _suggest(
    offered: list[Case], regions: list[Count], processes: list[Count]
) -> list[tuple[Case, str]]:
    """Stories of regions and processes that were little heard; those that help twice first."""
    low_regions = {count.key: count.label for count in regions if count.is_low}
    low_steps = {count.key: count.label for count in processes if count.is_low}
    ranked = []
    for order, case in enumerate(offered):
        region = low_regions.get(_place_key(case))
        step = next((low_steps[s] for s in case.process_steps if s in low_steps), None)
        if region and step:
            names = {"region": region, "process": step}
            why = _("Little was heard of %(region)s, and of %(process)s.") % names
        elif region or step:
            why = _("Little was heard of %(name)s.") % {"name": region or step}
        else:
            continue
        ranked.append((-(bool(region) + bool(step)), order, case, why))
    return [(case, why) for _rank, _order, case, why in sorted(ranked)[:SUGGESTED]]
