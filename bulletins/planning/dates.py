"""When an issue's texts are due: counted back from its release in working days.

Monday to Friday: translators and editors of one issue work in many countries,
and one date for all is what a grid can show.
"""

import datetime
from dataclasses import dataclass

from bulletins.models import BulletinIssue

# Working days before the release by which a text is translated, and read by its second person.
TRANSLATED_BEFORE = 5
READ_BEFORE = 2


@dataclass(frozen=True)
class Dates:
    """The days of one issue; `is_fixed` once its minute is."""

    release: datetime.date
    translate: datetime.date
    read: datetime.date
    is_fixed: bool


def dates_of(issue: BulletinIssue) -> Dates:
    """From its minute, else the day planned, else the first working day of its month."""
    release = issue.planned_on or first_working_day(issue.month)
    if issue.release_at:
        release = issue.release_at.astimezone(datetime.UTC).date()
    return Dates(
        release=release,
        translate=working_days_before(release, TRANSLATED_BEFORE),
        read=working_days_before(release, READ_BEFORE),
        is_fixed=issue.release_at is not None,
    )


def first_working_day(month: datetime.date) -> datetime.date:
    """Monday to Friday.

    >>> first_working_day(datetime.date(2026, 11, 1))
    datetime.date(2026, 11, 2)
    """
    day = month.replace(day=1)
    while day.weekday() > 4:
        day += datetime.timedelta(days=1)
    return day


def working_days_before(day: datetime.date, count: int) -> datetime.date:
    """`count` Mondays to Fridays earlier.

    >>> working_days_before(datetime.date(2026, 12, 1), 5)
    datetime.date(2026, 11, 24)
    """
    while count:
        day -= datetime.timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


def end_of(day: datetime.date) -> datetime.datetime:
    """Its last moment, UTC: something due on a day is late after it."""
    return datetime.datetime.combine(day, datetime.time(23, 59), tzinfo=datetime.UTC)
