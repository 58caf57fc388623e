"""When an answer is due: clocks as other rooms ask for them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from network.working_days import Calendar
from review import clocks
from review.models import Clock, Whose


@dataclass(frozen=True)
class Due:
    """Until when somebody has an object; `due` is None while the clock waits to begin."""

    due: datetime.datetime | None
    whose: str  # 'reviewer' or 'author'
    days: int

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due < timezone.now()


def dues(model, ids: Iterable[int]) -> dict[int, Due]:
    """Object id → until when its reviewer or author has it. One query for all of them."""
    rows = Clock.objects.running().filter(
        review__content_type=ContentType.objects.get_for_model(model),
        review__object_id__in=list(ids),
    )
    return {
        pk: Due(due, whose, days)
        for pk, due, whose, days in rows.order_by("pk").values_list(
            "review__object_id", "due", "whose", "days"
        )
    }


def due_of(obj) -> Due | None:
    """The same of one object; None where no clock runs."""
    return dues(type(obj), [obj.pk]).get(obj.pk)


def late_ids(model) -> QuerySet:
    """Ids of the objects of a model of which somebody's days are over: a subquery."""
    rows = Clock.objects.late().filter(
        review__content_type=ContentType.objects.get_for_model(model)
    )
    return rows.values("review__object_id")


def reviewer_due(model) -> Subquery:
    """Until when the reviewer has an object: for an annotation over its model. None where no
    clock runs, or it waits."""
    rows = running_clocks(model).filter(review__object_id=OuterRef("pk"))
    return Subquery(rows.order_by("-pk").values("due")[:1])


def running_clocks(model) -> QuerySet:
    """The reviewers' clocks that run or wait, of all objects of a model."""
    return Clock.objects.running().filter(
        whose=Whose.REVIEWER, review__content_type=ContentType.objects.get_for_model(model)
    )


def mostly_away(clock: Clock, calendar: Calendar, now: datetime.datetime) -> bool:
    """Whether its reviewer is away today, and for most of what is left of their days."""
    return clocks.mostly_away(calendar, clock.started_at, clock.days, now)


def told_once(clock: Clock, notice: str) -> bool:
    """Write down, with the message, that something is told of a clock. False if it was."""
    return clocks.note_once(clock, notice)
