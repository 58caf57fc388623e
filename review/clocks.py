"""Clocks of reviews: when they are due, and which notice falls due when.

All of it is computed from a clock's length, its beginning and the person's
calendar; what is stored is what queries need. A day counts when it is a
working day of the person's country on which they are not away, by the
calendar of their own time zone. The day of the beginning does not count, and
the last day is the person's whole day: due is its last second.
"""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from network.calendars import calendar_of, calendars_of
from network.working_days import ONE_DAY, Calendar, at_hour, end_of_day
from review.models import Clock, ClockNotice, Notice, Review, Whose

REMIND_BEFORE = 2  # working days before the last one; a shorter clock has no such notice
NOTICE_HOUR = 8  # of the person's own day
BATCH = 2000  # clocks a query, and at most so many in memory
ORDER = (Notice.BEFORE, Notice.DUE, Notice.LATE)


class Times(NamedTuple):
    """When a clock is due, and its notices."""

    due: datetime.datetime
    before: datetime.datetime | None
    on_the_day: datetime.datetime
    late: datetime.datetime

    def of(self, notice: str) -> datetime.datetime | None:
        """When a notice falls due; None where the clock is too short for it."""
        return {
            Notice.BEFORE: self.before,
            Notice.DUE: self.on_the_day,
            Notice.LATE: self.late,
        }[notice]

    def furthest(self, now: datetime.datetime) -> str:
        """The last notice that falls due by now; '' before the first."""
        for notice in reversed(ORDER):
            at = self.of(notice)
            if at is not None and at <= now:
                return notice
        return ""

    def after(self, told: str) -> datetime.datetime | None:
        """When the next notice falls due after the one that was told; None after the last."""
        if told == "":
            return self.before or self.on_the_day
        return {Notice.BEFORE: self.on_the_day, Notice.DUE: self.late}.get(told)


def times(calendar: Calendar, started_at: datetime.datetime, days: int) -> Times:
    """When a clock of so many working days is due that began then."""
    return _times(calendar, calendar.day(started_at), days)


@lru_cache(maxsize=65536)
def _times(calendar: Calendar, start: datetime.date, days: int) -> Times:
    last = calendar.add(start, days)
    before = calendar.add(last, -REMIND_BEFORE)
    return Times(
        due=end_of_day(last, calendar.zone),
        before=at_hour(before, NOTICE_HOUR, calendar.zone) if before > start else None,
        on_the_day=at_hour(last, NOTICE_HOUR, calendar.zone),
        late=at_hour(calendar.add(last, 1), NOTICE_HOUR, calendar.zone),
    )


# --- beginning and end --------------------------------------------------------------
def new_clock(
    review: Review,
    *,
    whose: str,
    person_id: int,
    days: int,
    started_at: datetime.datetime | None,
    calendar: Calendar,
) -> Clock:
    """An unsaved clock with its times; the reviewer's sets the review's `due` as well."""
    clock = Clock(review=review, whose=whose, person_id=person_id, days=days, started_at=started_at)
    if started_at is not None:
        found = times(calendar, started_at, days)
        clock.due, clock.next_at = found.due, found.after("")
        if whose == Whose.REVIEWER:
            review.due = found.due
    return clock


def start_clock(
    review: Review, *, whose: str, person, days: int, started_at: datetime.datetime | None
) -> Clock:
    """Give a person their days; `started_at` None lets the clock wait. Five queries or six."""
    clock = new_clock(
        review,
        whose=whose,
        person_id=person.pk,
        days=days,
        started_at=started_at,
        calendar=calendar_of(person),
    )
    clock.save()
    if whose == Whose.REVIEWER and review.due is not None:
        Review.objects.filter(pk=review.pk).update(due=review.due)
    return clock


def begin(clock: Clock, at: datetime.datetime) -> None:
    """Let a clock that waited run from a moment."""
    found = times(calendar_of(clock.person), at, clock.days)
    clock.started_at, clock.due, clock.next_at = at, found.due, found.after(clock.told)
    clock.save(update_fields=["started_at", "due", "next_at"])
    if clock.whose == Whose.REVIEWER:
        Review.objects.filter(pk=clock.review_id).update(due=found.due)


def pass_to(clock: Clock, person) -> None:
    """Give a running clock to somebody else: it begins anew, with all its days and notices."""
    clock.notices.all().delete()
    clock.person, clock.told = person, ""
    begin(clock, timezone.now())
    clock.save(update_fields=["person", "told"])


def end_clocks(reviews: QuerySet | Iterable[Review], whose: str) -> None:
    """Nobody is reminded any more: the reviewer decided, or the author answered."""
    Clock.objects.running().filter(review__in=reviews, whose=whose).update(ended_at=timezone.now())


def note_once(clock: Clock, notice: str) -> bool:
    """Write down that a notice is told now. False where it was told before.

    Call in the transaction of the message: both stand, or neither.
    """
    try:
        with transaction.atomic():
            ClockNotice.objects.create(clock=clock, notice=notice)
    except IntegrityError:
        return False
    return True


def mostly_away(
    calendar: Calendar, started_at: datetime.datetime | None, days: int, now: datetime.datetime
) -> bool:
    """Whether somebody is away today, and for most of what is left of their working days.

    Nothing is left of a late clock; all of one that has not begun.
    """
    today = calendar.day(now)
    if not calendar.is_away(today):
        return False
    home = calendar.at_home()
    last = home.add(calendar.day(started_at or now), days)
    left = home.between(today - ONE_DAY, last)
    return left <= 0 or calendar.between(today - ONE_DAY, last) * 2 < left


# --- computed anew ------------------------------------------------------------------
def recompute(clocks: QuerySet | None = None) -> int:
    """Compute `due` and `next_at` of running clocks anew. Returns how many moved.

    Holidays, weekends, days away, time zones and memberships move them.
    Idempotent, and safe to be killed: a batch is one statement or two.
    Memory does not grow with the clocks, only with the people.
    """
    clocks = Clock.objects.all() if clocks is None else clocks
    rows = (
        clocks.running()
        .filter(started_at__isnull=False)
        .order_by("pk")
        .values_list(
            "pk", "review_id", "person_id", "whose", "days", "started_at", "told", "due", "next_at"
        )
    )
    calendars: dict[int, Calendar] = {}
    last, moved = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1][0]
        missing = {row[2] for row in batch} - calendars.keys()
        calendars |= calendars_of(missing)
        changed, reviews = [], []
        for pk, review, person, whose, days, started_at, told, due, next_at in batch:
            found = times(calendars[person], started_at, days)
            after = found.after(told)
            if found.due == due and after == next_at:
                continue
            changed.append(Clock(pk=pk, due=found.due, next_at=after))
            if whose == Whose.REVIEWER and found.due != due:
                reviews.append(Review(pk=review, due=found.due))
        Clock.objects.bulk_update(changed, ["due", "next_at"], batch_size=500)
        Review.objects.bulk_update(reviews, ["due"], batch_size=500)
        moved += len(changed)
    return moved


def recompute_for(user) -> int:
    """The same for one person: their days away, their zone or their firm changed."""
    return recompute(Clock.objects.filter(person=user))
