"""When an issue's texts are due: counted back from its release in working days.

`network.working_days.WEEKDAYS`: translators and editors of one issue work in many
countries, and one date for all is what a grid can show.
"""

import datetime
from dataclasses import dataclass

from bulletins.models import BulletinIssue
from network.working_days import WEEKDAYS

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
    release = issue.planned_on or WEEKDAYS.add(issue.month.replace(day=1), 0)
    if issue.release_at:
        release = issue.release_at.astimezone(datetime.UTC).date()
    return Dates(
        release=release,
        translate=WEEKDAYS.add(release, -TRANSLATED_BEFORE),
        read=WEEKDAYS.add(release, -READ_BEFORE),
        is_fixed=issue.release_at is not None,
    )


def end_of(day: datetime.date) -> datetime.datetime:
    """Its last moment, UTC: something due on a day is late after it."""
    return datetime.datetime.combine(day, datetime.time(23, 59), tzinfo=datetime.UTC)
