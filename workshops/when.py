"""When and where a session is, in words. Takes sessions and imports no model of this room."""

import datetime
import re
import zoneinfo
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

# In ASCII: other digits are no part of our addresses, and dates are not made of them.
_MONTH = re.compile(r"(?:2[01]\d\d|2200)-(?:0[1-9]|1[0-2])", re.ASCII)


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
    if not getattr(user, "is_authenticated", False):
        return ""
    zone = zone_of(user.time_zone)
    start = session.starts_at
    if start.astimezone(zone).utcoffset() == start.astimezone(session.zone).utcoffset():
        return ""
    with timezone.override(zone):
        return moment_text(start)


def place_text(session) -> str:
    """'In person · Lima · Peru' or 'Online': no comma, which differs by script."""
    return _joined([str(PlaceKind(session.place_kind).label), *_town(session)])


def address_text(session) -> str:
    """'Hall 2 · Lima · Peru', as a map finds it; 'Online' where nobody goes anywhere."""
    return _joined([session.venue, *_town(session)]) or place_text(session)


def _town(session) -> list[str]:
    country = session.country_id and country_name(session.country_id, get_language() or "en")
    return [session.city, country or ""]


def _joined(words) -> str:
    return " · ".join(word for word in words if word)


def languages_text(session) -> str:
    """The languages taught, each by its own name."""
    return list_text(autonym(code) for code in session.languages)


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone of a name that was checked when it was entered."""
    return zoneinfo.ZoneInfo(name)


class NoSuchHour(ValueError):
    """The clocks jump over this hour on that day."""


def moment_at(day: datetime.date, time: datetime.time, zone) -> datetime.datetime:
    """The moment in UTC of a wall clock's day and hour; the first of two where clocks go back.

    Raises NoSuchHour where they jump over it.
    """
    local = datetime.datetime.combine(day, time, tzinfo=zone)
    moment = local.astimezone(datetime.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchHour(f"{local:%Y-%m-%d %H:%M}")
    return moment


def moved(moment: datetime.datetime, days: int, zone, to_zone=None) -> datetime.datetime:
    """So many days later at the same hour of the wall clock, which may be another clock's.

    Where clocks change in between, the distance in UTC is not whole days; an
    hour that they jump over becomes the one after it.
    """
    local = moment.astimezone(zone)
    day = local.date() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, local.time(), tzinfo=to_zone or zone).astimezone(
        datetime.UTC
    )


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


def month_from(value: str | None) -> datetime.date | None:
    """The first of the month that an address names, '2026-12'; None for what is none, or a year in
    which nobody plans."""
    return datetime.date.fromisoformat(f"{value}-01") if _MONTH.fullmatch(value or "") else None


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


def span_lines(session) -> list[str]:
    """Each day with its hours where it happens: '9 December 2026, 09:00 to 15:00'."""
    found = []
    for day in session.days.all():
        start, end = (one.astimezone(session.zone) for one in (day.starts_at, day.ends_at))
        found.append(
            _("%(day)s, %(start)s to %(end)s")
            % {"day": date_text(start.date()), "start": time_text(start), "end": time_text(end)}
        )
    return found
