"""What this room gives to the figures of all rooms: questions, where their askers are."""

import statistics

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.registry import Figure, Period, RoomMeasure, ScopeKey, by_scope, register_measure
from review.models import Question

DAY_S = 24 * 3600
_PLACE = ("country__region", "country__review_area")


def _questions(areas: list | None):
    found = Question.objects.kept().order_by()
    return found if areas is None else found.filter(country__review_area__in=areas)


def _answer_days(period: Period, areas: list | None) -> dict[ScopeKey, list[float]]:
    since, until = period.moments
    found = _questions(areas).filter(answered_at__gte=since, answered_at__lt=until)
    return by_scope(
        (region, area, (answered - asked).total_seconds() / DAY_S)
        for region, area, asked, answered in found.values_list(*_PLACE, "asked_at", "answered_at")
    )


def answered(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Questions answered in the period. One query."""
    return {scope: Figure(len(days)) for scope, days in _answer_days(period, areas).items()}


def answer_days(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Median of days from a question to its answer, of answers of the period. One query."""
    return {
        scope: Figure(statistics.median(days) if days else None, of=len(days))
        for scope, days in _answer_days(period, areas).items()
    }


def _ages(areas: list | None) -> dict[ScopeKey, list[float]]:
    now = timezone.now()
    found = _questions(areas).open()
    return by_scope(
        (region, area, (now - asked).total_seconds() / DAY_S)
        for region, area, asked in found.values_list(*_PLACE, "asked_at")
    )


def open_now(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Questions that wait now, whatever the period. One query."""
    return {scope: Figure(len(ages)) for scope, ages in _ages(areas).items()}


def oldest(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Whole days that the oldest open question has waited. One query."""
    return {scope: Figure(int(max(ages))) for scope, ages in _ages(areas).items() if ages}


def register() -> None:
    """Called once, when the room starts."""
    place = _("Where whoever asked is.")
    for measure in (
        RoomMeasure("review.answered", _("Questions answered"), "", answered, place, order=30),
        RoomMeasure(
            "review.answer_days",
            _("Days from a question to its answer"),
            "days",
            answer_days,
            _("Median, by the day of the answer."),
            order=32,
        ),
        RoomMeasure(
            "review.open", _("Questions open now"), "", open_now, _("As of now."), order=34
        ),
        RoomMeasure(
            "review.oldest", _("Age of the oldest open question"), "days", oldest, order=36
        ),
    ):
        register_measure(measure)
