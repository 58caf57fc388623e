"""When and where a session is, in words. Takes sessions and imports no model of this room."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network.languages import autonym
from network.localize import (
    date_text,
    list_text,
    moment_text,
    time_text,
    zone_text,
)
from network.models.places import country_name
from workshops.vocabulary import PlaceKind


def days_text(session) -> str:
    """'9 December 2026', or the first and the last day."""
    first, last = session.first_day, session.last_day
    if first == last:
        return date_text(first)
    return _("%(first)s to %(last)s") % {"first": date_text(first), "last": date_text(last)}


def hours_text(session) -> str:
    """'09:00 to 15:00, East Africa Time': the first day's hours, where it happens."""
    day = next(iter(session.days.all()), None)
    start = (day or session).starts_at.astimezone(session.zone)
    end = (day or session).ends_at.astimezone(session.zone)
    return _("%(start)s to %(end)s, %(zone)s") % {
        "start": time_text(start),
        "end": time_text(end),
        "zone": zone_text(start),
    }


def begins_text(session) -> str:
    """'09:00': the hour it begins, where it happens."""
    return time_text(session.starts_at.astimezone(session.zone))


def yours_text(session, user) -> str:
    """The beginning in the person's own time zone; '' where that is the session's."""
    zone = timezone.get_current_timezone()
    if not getattr(user, "is_authenticated", False):
        return ""
    start = session.starts_at
    if start.astimezone(zone).utcoffset() == start.astimezone(session.zone).utcoffset():
        return ""
    return moment_text(start)


def place_text(session) -> str:
    """'In person · Lima · Peru' or 'Online': no comma, which differs by script."""
    words = [str(PlaceKind(session.place_kind).label), session.city]
    if session.country_id:
        words.append(country_name(session.country_id, get_language() or "en"))
    return " · ".join(word for word in words if word)


def languages_text(session) -> str:
    """The languages taught, each by its own name."""
    return list_text(autonym(code) for code in session.languages)


@dataclass(frozen=True)
class Day:
    """A day in a calendar."""

    date: datetime.date
    is_out: bool  # of the month before or after
    state: str  # '' (nothing), 'free', 'full'
    is_chosen: bool = False


def month_of(day: datetime.date) -> datetime.date:
    """The first of its month."""
    return day.replace(day=1)


def later(month: datetime.date, by: int) -> datetime.date:
    """The first of another month."""
    number = month.year * 12 + month.month - 1 + by
    return datetime.date(number // 12, number % 12 + 1, 1)


def weeks(
    month: datetime.date,
    first_weekday: int,
    states: dict[datetime.date, str],
    chosen: datetime.date | None,
) -> list[list[Day]]:
    """The month's weeks, whole ones. `first_weekday`: 0 for Monday."""
    start = month - datetime.timedelta(days=(month.weekday() - first_weekday) % 7)
    end, found = later(month, 1), []
    while start < end:
        days = [start + datetime.timedelta(days=n) for n in range(7)]
        found.append(
            [
                Day(
                    day,
                    is_out=day.month != month.month,
                    state="" if day.month != month.month else states.get(day, ""),
                    is_chosen=day == chosen,
                )
                for day in days
            ]
        )
        start += datetime.timedelta(days=7)
    return found
