"""Working days of a country, and of a person in it. Pure: no database, no clock of its own.

A country is anything with `code` (ISO 3166-1 alpha-2) and `weekend` (one of
`Country.Weekend`). Its public holidays come from the `holidays` library; a
country that the library does not know has its weekends only.
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache

import holidays
from holidays.utils import list_supported_countries

# `Country.Weekend` as `date.weekday()` counts: Monday is 0.
WEEKEND_DAYS = {
    "sat-sun": frozenset({5, 6}),
    "fri-sat": frozenset({4, 5}),
    "thu-fri": frozenset({3, 4}),
    "fri-sun": frozenset({4, 6}),
    "fri": frozenset({4}),
    "sat": frozenset({5}),
    "sun": frozenset({6}),
}
NO_DAYS: frozenset[datetime.date] = frozenset()
ONE_DAY = datetime.timedelta(days=1)
# Clocks of the world are at most so far behind and before UTC.
BEHIND, BEFORE = datetime.timedelta(hours=12), datetime.timedelta(hours=14)
# Further than this no working day is looked for: somebody away for years is never back.
LONGEST_SEARCH = datetime.timedelta(days=3 * 366)


@lru_cache(maxsize=1)
def _known_codes() -> frozenset[str]:
    return frozenset(list_supported_countries(include_aliases=False))


@lru_cache(maxsize=2048)
def public_holidays(code: str, year: int) -> frozenset[datetime.date]:
    """The days off of a country in a year, moved ones included; none where nothing is known."""
    if code not in _known_codes():
        return NO_DAYS
    return frozenset(holidays.country_holidays(code, years=year))


def is_working_day(country, day: datetime.date, away: frozenset = NO_DAYS) -> bool:
    """Neither weekend nor public holiday, nor one of the person's days away."""
    return (
        day.weekday() not in WEEKEND_DAYS[country.weekend]
        and day not in away
        and day not in public_holidays(country.code, day.year)
    )


def add_working_days(
    country, start: datetime.date, n: int, away: frozenset = NO_DAYS
) -> datetime.date:
    """The `n`-th working day after `start`; for a negative `n` before it.

    For 0 it is `start` itself, or the next working day. Where none comes in
    three years the search ends, and the day it came to is answered.
    """
    step = ONE_DAY if n >= 0 else -ONE_DAY
    day, left, end = start, abs(n), LONGEST_SEARCH.days
    if n == 0 and not is_working_day(country, day, away):
        left = 1
    while left and end:
        day += step
        end -= 1
        if is_working_day(country, day, away):
            left -= 1
    return day


def working_days_between(
    country, start: datetime.date, end: datetime.date, away: frozenset = NO_DAYS
) -> int:
    """Working days after `start`, `end` included; negative where `end` comes first."""
    if end < start:
        return -working_days_between(country, end, start, away)
    count, day = 0, start
    while day < end:
        day += ONE_DAY
        count += is_working_day(country, day, away)
    return count


@lru_cache(maxsize=512)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The time zone of this name; UTC where the database of zones lost it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def local_day(moment: datetime.datetime, zone_name: str) -> datetime.date:
    """The calendar day that a moment falls on in a time zone."""
    return moment.astimezone(zone(zone_name)).date()


def days_anywhere(moment: datetime.datetime) -> tuple[datetime.date, datetime.date]:
    """The first and the last calendar day that a moment falls on anywhere: what a query asks
    for, before each row is looked at in a zone of its own."""
    utc = moment.astimezone(datetime.UTC)
    return (utc - BEHIND).date(), (utc + BEFORE).date()


@lru_cache(maxsize=65536)
def at_hour(day: datetime.date, hour: int, zone_name: str) -> datetime.datetime:
    """A full hour of a local day, in UTC; an hour that the change of clocks leaves out comes
    at the moment of the change."""
    naive = datetime.datetime.combine(day, datetime.time(hour))
    return naive.replace(tzinfo=zone(zone_name)).astimezone(datetime.UTC)


def end_of_day(day: datetime.date, zone_name: str) -> datetime.datetime:
    """The last second of a local day, in UTC: the day may have 23, 24 or 25 hours."""
    return at_hour(day + ONE_DAY, 0, zone_name) - datetime.timedelta(seconds=1)


@dataclass(frozen=True)
class Calendar:
    """A person's own calendar: their country's days, their time zone, their days away.

    Hashable: two people of one country and zone without days away are equal,
    and what is computed for one is known for the other.
    """

    code: str
    weekend: str
    zone: str = "UTC"
    away: frozenset[datetime.date] = NO_DAYS

    def day(self, moment: datetime.datetime) -> datetime.date:
        """The local day of a moment."""
        return local_day(moment, self.zone)

    def is_working(self, day: datetime.date) -> bool:
        return is_working_day(self, day, self.away)

    def is_away(self, day: datetime.date) -> bool:
        return day in self.away

    def add(self, start: datetime.date, n: int) -> datetime.date:
        """As `add_working_days`."""
        return _added(self, start, n)

    def between(self, start: datetime.date, end: datetime.date) -> int:
        """As `working_days_between`."""
        return working_days_between(self, start, end, self.away)

    def end_after(self, moment: datetime.datetime, n: int) -> datetime.datetime:
        """The last second, in UTC, of the `n`-th working day after a moment's day."""
        return end_of_day(self.add(self.day(moment), n), self.zone)

    def at_home(self) -> "Calendar":
        """The same without days away."""
        return Calendar(self.code, self.weekend, self.zone) if self.away else self


# Where no country is asked: Monday to Friday in UTC, without holidays.
WEEKDAYS = Calendar("", "sat-sun")


@lru_cache(maxsize=65536)
def _added(calendar: Calendar, start: datetime.date, n: int) -> datetime.date:
    return add_working_days(calendar, start, n, calendar.away)
