"""In which time zone a moment is worded, and what else a calendar's page needs."""

import datetime
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.utils import timezone

from gkc_site.middleware import ReadingZoneMiddleware
from network.localize import (
    date_text,
    full_stop,
    moment_text,
    reading_in,
    weekday_names,
    zone_choices,
)

LATE = datetime.datetime(2026, 11, 22, 18, 45, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("zone", "code", "moment", "day"),
    [
        (None, "en", "Nov 22, 2026, 6:45\u202fPM UTC", "November 22, 2026"),
        ("Asia/Tokyo", "ja", "2026/11/23 3:45 JST", "2026年11月23日"),
        ("Asia/Riyadh", "en", "Nov 22, 2026, 9:45\u202fPM GMT+3", "November 22, 2026"),
        (
            "Asia/Kathmandu",
            "en",
            "Nov 23, 2026, 12:30\u202fAM GMT+5:45",
            "November 23, 2026",
        ),
    ],
)
def test_moments_are_worded_where_the_reader_is(zone, code, moment, day):
    with reading_in(lambda: zone):
        assert (moment_text(LATE, code), date_text(LATE, code=code)) == (moment, day)


def test_a_zone_activated_on_purpose_wins_and_rules_keep_their_day():
    with reading_in(lambda: "Asia/Tokyo"):
        for chosen in ("UTC", None):
            with timezone.override(chosen):
                assert date_text(LATE, code="en") == "November 22, 2026"
        assert date_text(LATE, code="en") == "November 23, 2026"
        assert timezone.localdate(LATE) == datetime.date(2026, 11, 22)
        assert timezone.get_current_timezone_name() == "UTC"
    assert timezone.get_current_timezone() is timezone.get_default_timezone()


def test_a_request_is_worded_in_the_zone_of_the_profile_and_leaves_nothing_behind():
    answer = ReadingZoneMiddleware(lambda request: HttpResponse(date_text(LATE, code="en")))
    far = SimpleNamespace(user=SimpleNamespace(time_zone="Pacific/Kiritimati"))
    assert answer(far).content == b"November 23, 2026"
    assert answer(SimpleNamespace(user=SimpleNamespace())).content == b"November 22, 2026"


def test_columns_of_a_calendar_hold_their_names_and_weeks_begin_as_at_home():
    short = {
        code: [name for _, name in weekday_names("short", code)] for code in ("en", "ar", "fa")
    }
    assert short["en"] == ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    assert short["ar"] == ["س", "ح", "ن", "ث", "ر", "خ", "ج"]
    assert [day for day, _ in weekday_names("wide", "fa")][0] == 5  # Saturday


def test_zones_to_choose_are_places_and_what_was_chosen():
    names = [name for name, _ in zone_choices("Japan")]
    assert {"Asia/Tokyo", "America/Argentina/Salta", "UTC", "Japan"} <= set(names)
    assert not {"Factory", "localtime", "Zulu", "Etc/GMT+3", "US/Pacific"} & set(names)


@pytest.mark.parametrize(("code", "mark"), [("en", "."), ("ar", "."), ("ja", "。"), ("th", "")])
def test_a_sentence_ends_as_the_language_ends_it(code, mark):
    assert full_stop(code) == mark
