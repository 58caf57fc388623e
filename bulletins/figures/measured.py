"""What the bulletins give to the figures of all rooms (`network.registry.RoomMeasure`)."""

import statistics
from collections.abc import Iterable

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bulletins.figures.flow import finished
from bulletins.models import BulletinIssue, Case, Response
from bulletins.reach import reports
from network.registry import Figure, Period, RoomMeasure, ScopeKey, by_scope, register_measure

# What a reviewer says first of a story, in its log.
FIRST_ANSWERS = ("approve_area", "approve_neutral", "request_changes", "decline")
DAY_S = 24 * 3600
_OF_CASE = ("region", "review_area")


def _numbers(rows: Iterable[tuple]) -> dict[ScopeKey, Figure]:
    return {scope: Figure(len(found)) for scope, found in by_scope(rows).items()}


def _cases(areas: list | None):
    cases = Case.objects.order_by()
    return cases if areas is None else cases.filter(review_area__in=areas)


def submitted(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Stories submitted, where they come from. One query."""
    since, until = period.moments
    found = _cases(areas).filter(submitted_at__gte=since, submitted_at__lt=until)
    return _numbers(found.values_list(*_OF_CASE, "pk"))


def countries(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Countries that published a story. One query."""
    since, until = period.moments
    found = _cases(areas).filter(published_at__gte=since, published_at__lt=until)
    rows = found.values_list(*_OF_CASE, "distributor__country")
    return {scope: Figure(len(set(some))) for scope, some in by_scope(rows).items()}


def first_answer(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Median of days from submission to a reviewer's first word, of words of the period. One
    query."""
    since, until = period.moments
    first = Min("events__at", filter=Q(events__verb__in=FIRST_ANSWERS))
    found = (
        _cases(areas)
        .filter(submitted_at__isnull=False)
        .annotate(first=first)
        .filter(first__gte=since, first__lt=until)
    )
    rows = [
        (region, area, (at - sent).total_seconds() / DAY_S)
        for region, area, sent, at in found.values_list(*_OF_CASE, "submitted_at", "first")
        if at >= sent
    ]
    return {
        scope: Figure(statistics.median(days) if days else None, of=len(days))
        for scope, days in by_scope(rows).items()
    }


def lead_time(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Median of days from submission to first publication, as the flow of stories has it. One
    query."""
    groups: dict[ScopeKey, list[float]] = {None: []}
    for one in finished(period, areas):
        if one.days is not None:
            groups[None].append(one.days)
            groups.setdefault(one.scope, []).append(one.days)
    return {
        scope: Figure(statistics.median(days) if days else None, of=len(days))
        for scope, days in groups.items()
    }


def adopted(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Practices taken over, where the distributor is that took them. One query."""
    since, until = period.moments
    found = Response.objects.filter(adopted_at__gte=since, adopted_at__lt=until).order_by()
    if areas is not None:
        found = found.filter(distributor__country__review_area__in=areas)
    country = "distributor__country"
    return _numbers(found.values_list(f"{country}__region", f"{country}__review_area", "pk"))


def reached(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Of the copies of issues released in the period the share that reached their distributor.

    Copies that are still on the way, and those of firms no longer active, are
    not counted. Queries as `bulletins.reach.reports`, and one.
    """
    since, until = period.moments
    issues = BulletinIssue.objects.released().filter(released_at__gte=since, released_at__lt=until)
    rows = [
        (country.region_id, country.review_area_id, row.state == "reached")
        for report in reports(issues, areas)
        for row in report.rows
        if row.state in ("reached", "unreached")
        for country in [row.distributor.country]
    ]
    return {
        scope: Figure(sum(some) / len(some) * 100 if some else None, of=len(some))
        for scope, some in by_scope(rows).items()
    }


def register() -> None:
    """Called once, when the room starts."""
    for measure in (
        RoomMeasure("bulletins.submitted", _("Stories submitted"), "", submitted, order=10),
        RoomMeasure(
            "bulletins.countries",
            _("Countries that published a story"),
            "",
            countries,
            order=12,
        ),
        RoomMeasure(
            "bulletins.first_answer",
            _("Days from submission to a first answer"),
            "days",
            first_answer,
            hint=_("Median, by the day of the answer."),
            order=14,
        ),
        RoomMeasure(
            "bulletins.lead_time",
            _("Days from submission to publication"),
            "days",
            lead_time,
            hint=_("Median, by the day of first publication."),
            url=lambda: reverse("flow"),
            order=15,
        ),
        RoomMeasure(
            "bulletins.adopted",
            _("Practices taken over"),
            "",
            adopted,
            hint=_("A story counts once for each distributor."),
            order=16,
        ),
        RoomMeasure(
            "bulletins.reached",
            _("Copies of the bulletin that reached their distributor"),
            "%",
            reached,
            hint=_("Without copies that are still on the way."),
            order=18,
        ),
    ):
        register_measure(measure)
