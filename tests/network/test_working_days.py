"""Working days of countries and people: tables, edges of zones, and what holds for any input."""

import datetime
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.models import Country
from network.working_days import (
    WEEKEND_DAYS,
    Calendar,
    add_working_days,
    at_hour,
    end_of_day,
    is_working_day,
    local_day,
    public_holidays,
    working_days_between,
)

SAUDI_ARABIA = SimpleNamespace(code="SA", weekend="fri-sat")
JAPAN = SimpleNamespace(code="JP", weekend="sat-sun")
BRUNEI = SimpleNamespace(code="BN", weekend="fri-sun")
NOWHERE = SimpleNamespace(code="XQ", weekend="sat-sun")  # a code that no country has


def test_every_weekend_that_a_country_can_have_is_known():
    assert set(WEEKEND_DAYS) == set(Country.Weekend.values)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        # Friday and Saturday are off, Sunday is the first working day.
        (SAUDI_ARABIA, date(2026, 11, 19), True),  # Thursday
        (SAUDI_ARABIA, date(2026, 11, 20), False),  # Friday
        (SAUDI_ARABIA, date(2026, 11, 21), False),  # Saturday
        (SAUDI_ARABIA, date(2026, 11, 22), True),  # Sunday
        (SAUDI_ARABIA, date(2026, 9, 23), False),  # National Day, a Wednesday
        (SAUDI_ARABIA, date(2026, 2, 22), False),  # Founding Day, a Sunday
        # Golden Week 2026: 3 May is a Sunday, so that 6 May is off instead.
        (JAPAN, date(2026, 4, 28), True),
        (JAPAN, date(2026, 4, 29), False),
        (JAPAN, date(2026, 4, 30), True),
        (JAPAN, date(2026, 5, 1), True),
        (JAPAN, date(2026, 5, 4), False),
        (JAPAN, date(2026, 5, 5), False),
        (JAPAN, date(2026, 5, 6), False),
        (JAPAN, date(2026, 5, 7), True),
        (BRUNEI, date(2026, 11, 20), False),  # Friday
        (BRUNEI, date(2026, 11, 21), True),  # Saturday
        (BRUNEI, date(2026, 11, 22), False),  # Sunday
        # A country without data has its weekends only.
        (NOWHERE, date(2026, 12, 25), True),  # Friday
        (NOWHERE, date(2026, 12, 26), False),  # Saturday
    ],
)
def test_working_days_of_countries(country, day, works):
    assert is_working_day(country, day) is works


@pytest.mark.parametrize(
    ("country", "start", "n", "end"),
    [
        (SAUDI_ARABIA, date(2026, 11, 19), 1, date(2026, 11, 22)),  # Thursday → Sunday
        (SAUDI_ARABIA, date(2026, 11, 18), 7, date(2026, 11, 29)),
        (JAPAN, date(2026, 4, 28), 2, date(2026, 5, 1)),
        (JAPAN, date(2026, 5, 1), 1, date(2026, 5, 7)),  # over Golden Week
        (JAPAN, date(2026, 5, 7), -1, date(2026, 5, 1)),
        (NOWHERE, date(2026, 12, 24), 2, date(2026, 12, 28)),
        (NOWHERE, date(2026, 11, 21), 0, date(2026, 11, 23)),  # Saturday: the next one
        (NOWHERE, date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_adding_working_days(country, start, n, end):
    assert add_working_days(country, start, n) == end


@pytest.mark.parametrize(
    ("country", "start", "end", "n"),
    [
        (SAUDI_ARABIA, date(2026, 11, 19), date(2026, 11, 22), 1),
        (JAPAN, date(2026, 4, 28), date(2026, 5, 7), 3),
        (JAPAN, date(2026, 5, 7), date(2026, 4, 28), -3),
        (NOWHERE, date(2026, 11, 20), date(2026, 11, 22), 0),  # Friday → Sunday
    ],
)
def test_working_days_between_two_days(country, start, end, n):
    assert working_days_between(country, start, end) == n


def test_days_away_do_not_count():
    away = frozenset({date(2026, 11, 24), date(2026, 11, 25)})
    calendar = Calendar("XQ", "sat-sun", "UTC", away)
    assert calendar.add(date(2026, 11, 23), 1) == date(2026, 11, 26)
    assert calendar.at_home().add(date(2026, 11, 23), 1) == date(2026, 11, 24)
    assert calendar.between(date(2026, 11, 23), date(2026, 11, 26)) == 1


def test_somebody_away_for_years_ends_no_search():
    forever = frozenset(date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(4 * 366))
    found = Calendar("XQ", "sat-sun", "UTC", forever).add(date(2026, 1, 5), 5)
    assert date(2028, 12, 1) < found < date(2029, 2, 1)


def test_the_local_day_is_that_of_the_persons_zone():
    moment = datetime.datetime(2026, 11, 22, 20, 30, tzinfo=datetime.UTC)
    assert local_day(moment, "Asia/Tokyo") == date(2026, 11, 23)
    assert local_day(moment, "America/Sao_Paulo") == date(2026, 11, 22)
    assert local_day(moment, "No/Such_Zone") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),  # clocks go forward
        (date(2026, 10, 25), "Europe/Berlin", 25),  # and back
        (date(2026, 4, 24), "Africa/Cairo", 23),  # at midnight: the day has no 00:00
        (date(2026, 11, 22), "Asia/Riyadh", 24),
        (date(2011, 12, 30), "Pacific/Apia", 0),  # a day that Samoa left out
    ],
)
def test_a_day_ends_where_the_next_begins_whatever_the_clocks_do(day, zone, hours):
    begin = at_hour(day, 0, zone)
    end = end_of_day(day, zone) + datetime.timedelta(seconds=1)
    assert end - begin == datetime.timedelta(hours=hours)
    assert end == at_hour(day + datetime.timedelta(days=1), 0, zone)


def test_a_morning_on_the_day_of_the_change_is_the_local_one():
    assert at_hour(date(2026, 3, 29), 8, "Europe/Berlin").hour == 6
    assert at_hour(date(2026, 3, 28), 8, "Europe/Berlin").hour == 7


def test_control_half_of_the_world_has_holidays():
    assert date(2026, 5, 5) in public_holidays("JP", 2026)
    assert not public_holidays("XQ", 2026)


_COUNTRIES = st.sampled_from([SAUDI_ARABIA, JAPAN, BRUNEI, NOWHERE])
_DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
_AWAY = st.sets(st.dates(date(2025, 12, 1), date(2026, 2, 28)), max_size=20).map(frozenset)


@settings(max_examples=80, deadline=None)
@given(country=_COUNTRIES, start=_DAYS, n=st.integers(1, 40), away=_AWAY)
def test_the_day_found_is_a_working_day_and_so_many_after(country, start, n, away):
    end = add_working_days(country, start, n, away)
    assert is_working_day(country, end, away)
    assert working_days_between(country, start, end, away) == n
    assert working_days_between(country, end, start, away) == -n
    assert end >= add_working_days(country, start, n)  # being away never hastens
