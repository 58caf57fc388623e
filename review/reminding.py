"""The sweep over clocks: each notice is told once, the furthest one only, whatever was missed.

Everything is computed from state. A notice is a row with a unique constraint
in the transaction of its message, so that the sweep may be killed, run late,
or run twice at once.
"""

import datetime

import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from network.calendars import calendars_of
from network.working_days import Calendar
from review.clocks import begin, note_once, recompute, times
from review.models import Clock, Whose
from review.registry import reviewable_for
from touchpoints.api import tell

BATCH = 200  # clocks looked at in a query
MOST_A_RUN = 500  # notices in a run: what waits longer is told by the next beat
# How often all clocks are computed anew, for holidays and memberships that nobody announces.
RECOMPUTED_EVERY_S = 3600
_RECOMPUTED = "review-clocks-recomputed"
_ORDER = {"": 0, "before": 1, "due": 2, "late": 3}

log = structlog.get_logger(__name__)


def sweep(now: datetime.datetime | None = None) -> int:
    """All that the beat asks: begin what can be read, compute anew, tell. Returns notices told."""
    now = now or timezone.now()
    begin_readable()
    if cache.add(_RECOMPUTED, 1, RECOMPUTED_EVERY_S):
        recompute()
    return remind_due(now)


def begin_readable() -> int:
    """Let the clocks run whose reviewers can read the thing by now, from that moment on."""
    begun, last = 0, 0
    waiting = Clock.objects.waiting().select_related("person", "review").order_by("pk")
    while batch := list(waiting.filter(pk__gt=last).prefetch_related("review__subject")[:BATCH]):
        last = batch[-1].pk
        by_model: dict[type, list[Clock]] = {}
        for clock in batch:
            if clock.review.subject is not None:
                by_model.setdefault(type(clock.review.subject), []).append(clock)
        for model, clocks in by_model.items():
            pairs = [(clock.review.subject, clock.person) for clock in clocks]
            since = reviewable_for(model).readable_since(pairs)
            for clock in clocks:
                at = since.get(clock.review.object_id)
                if at is not None:
                    # Nobody's days began before they had the story.
                    begin(clock, max(at, clock.review.assigned_at))
                    begun += 1
    return begun


def remind_due(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Tell the notices that fall due by now. Returns how many were told.

    Of several missed ones the furthest alone. Two queries for 200 clocks, and
    those of the message for each that is told.
    """
    now = now or timezone.now()
    told, last = 0, 0
    ids = Clock.objects.to_tell(now).order_by("pk").values_list("pk", "person_id")
    while told < most and (batch := list(ids.filter(pk__gt=last)[:BATCH])):
        last = batch[-1][0]
        calendars = calendars_of(person for _pk, person in batch)
        for pk, person in batch[: most - told]:
            told += _tell(pk, calendars[person], now)
    return told


@transaction.atomic
def _tell(pk: int, calendar: Calendar, now: datetime.datetime) -> bool:
    """Tell a clock's furthest notice, and when the next one falls due. One transaction."""
    clock = Clock.objects.select_for_update().filter(pk=pk).first()
    if clock is None or clock.ended_at or clock.next_at is None or clock.next_at > now:
        return False  # another process was here
    found = times(calendar, clock.started_at, clock.days)
    notice = found.furthest(now)
    clock.due = found.due
    is_new = False
    if _ORDER[notice] > _ORDER[clock.told]:
        is_new = note_once(clock, notice)
        clock.told = notice
    clock.next_at = found.after(clock.told)
    clock.save(update_fields=["due", "told", "next_at"])
    if clock.whose == Whose.REVIEWER:
        type(clock.review).objects.filter(pk=clock.review_id).update(due=clock.due)
    if is_new:
        tell(f"review.clock_{notice}", clock)
        log.info("clock_notice", clock=clock.pk, notice=notice, whose=clock.whose)
    return is_new
