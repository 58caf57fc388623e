"""Sessions over a change of clocks, both ways, also where clocks stand half an hour apart: hours
stay those of the place, and a calendar that reads the file shows the same ones."""

import datetime
import zoneinfo
from itertools import pairwise

import icalendar
import pytest

from tests.factories.workshops import make_enrolment, make_programme, make_trainee
from tests.workshops.calendar_files import by_vobject
from workshops import when
from workshops.calendars import invitation
from workshops.exceptions import TransitionRefused
from workshops.models import SeatOffer
from workshops.transitions import move_session, plan_session, repeat_session

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
BEGINS, ENDS = datetime.time(8, 45), datetime.time(16, 15)
# zone, the Sunday on which its clocks change, by how much they go forward (hours).
CHANGES = [
    ("Europe/Berlin", datetime.date(2030, 3, 31), 1),
    ("Europe/Berlin", datetime.date(2030, 10, 27), -1),
    ("America/St_Johns", datetime.date(2030, 3, 10), 1),  # three hours and a half behind UTC
    ("America/St_Johns", datetime.date(2030, 11, 3), -1),
    ("Australia/Adelaide", datetime.date(2030, 10, 6), 1),
    ("Australia/Adelaide", datetime.date(2030, 4, 7), -1),
    ("Australia/Lord_Howe", datetime.date(2030, 10, 6), 0.5),  # by half an hour
    ("Australia/Lord_Howe", datetime.date(2030, 4, 7), -0.5),
    ("Asia/Kolkata", datetime.date(2030, 3, 31), 0),
]


def plan(zone_name: str, first: datetime.date, coordinator, count: int = 3, begins=BEGINS):
    """So many days one after the other, at the same hours of the place."""
    zone = zoneinfo.ZoneInfo(zone_name)
    days = [
        tuple(when.moment_at(first + n * DAY, hour, zone) for hour in (begins, ENDS))
        for n in range(count)
    ]
    return plan_session(
        make_programme(),
        by=coordinator,
        days=days,
        seats=3,
        languages=["en"],
        time_zone=zone_name,
        state="open",
    )


def walls(session) -> list[tuple]:
    """Each day as a clock on the wall there shows it: date, from, to."""
    spans = [
        [one.astimezone(session.zone) for one in (day.starts_at, day.ends_at)]
        for day in session.days.order_by("starts_at")
    ]
    return [(start.date(), start.time(), end.time()) for start, end in spans]


def expected(first: datetime.date, count: int = 3) -> list[tuple]:
    return [(first + n * DAY, BEGINS, ENDS) for n in range(count)]


def check_file(session, person, made) -> None:
    """Two parsers, each with the zone that the file itself defines."""
    text = invitation(session, person, made).content
    moments = list(session.days.order_by("starts_at").values_list("starts_at", "ends_at"))
    assert by_vobject(text) == moments
    calendar = icalendar.Calendar.from_ical(text)
    (zone,) = (one.to_tz(lookup_tzid=False) for one in calendar.timezones)
    first = calendar.events[0]
    assert str(first["dtstart"].params["TZID"]) == session.time_zone
    for name, moment, hour in (
        ("dtstart", moments[0][0], BEGINS),
        ("dtend", moments[0][1], ENDS),
    ):
        wall = first[name].dt.replace(tzinfo=None)
        assert wall.time() == hour
        assert wall.replace(tzinfo=zone).astimezone(datetime.UTC) == moment
    # The days that follow, by the file's own zone.
    for start, _end in moments:
        wall = start.astimezone(session.zone).replace(tzinfo=None)
        assert wall.replace(tzinfo=zone).astimezone(datetime.UTC) == start


@pytest.mark.slow
def test_days_on_both_sides_of_a_change_keep_the_hours_of_the_place(coordinator):
    person = make_trainee()
    for zone, sunday, forward in CHANGES:
        place = f"{zone} {sunday}"
        before, across, after = sunday - 15 * DAY, sunday - DAY, sunday + 8 * DAY
        session = plan(zone, before, coordinator)
        made = make_enrolment(session, person)
        assert walls(session) == expected(before), place
        # There: the day before the change, the day of it, the day after.
        session = move_session(session, across, by=coordinator)
        assert walls(session) == expected(across), place
        starts = list(session.days.order_by("starts_at").values_list("starts_at", flat=True))
        gaps = [later - earlier for earlier, later in pairwise(starts)]
        assert gaps == [DAY - forward * HOUR, DAY], place
        check_file(session, person, made)
        # On, with every day on the other side; and back, over the change the other way.
        for first in (after, before):
            session = move_session(session, first, by=coordinator)
            assert walls(session) == expected(first), place
        assert session.sequence == 3


@pytest.mark.slow
def test_copies_across_a_change_and_a_move_to_another_clock_keep_the_hours(coordinator):
    for zone, sunday, _forward in CHANGES:
        session = plan(zone, sunday - 6 * DAY, coordinator, 2)
        copies = repeat_session(session, by=coordinator, every="week", times=2)
        for number, copy in enumerate(copies, 1):
            first = sunday - 6 * DAY + number * 7 * DAY
            assert walls(copy.session) == expected(first, 2), f"{zone} {sunday}"
    moved = move_session(session, sunday, by=coordinator, time_zone="Australia/Lord_Howe")
    assert walls(moved) == expected(sunday, 2)


def test_an_hour_that_is_left_out_is_refused_and_one_that_comes_twice_is_the_first(coordinator):
    half = datetime.time(2, 15)  # Lord Howe's clocks jump from 2:00 to 2:30, and fall back to 1:30
    zone = "Australia/Lord_Howe"
    forward, back = datetime.date(2030, 10, 6), datetime.date(2030, 4, 7)
    session = plan(zone, forward - 7 * DAY, coordinator, 1, begins=half)
    with pytest.raises(TransitionRefused, match="2030-10-06 02:15"):
        move_session(session, forward, by=coordinator)
    session = plan(zone, back - 7 * DAY, coordinator, 1, begins=datetime.time(1, 45))
    moved = move_session(session, back, by=coordinator)
    # 1:45 comes twice: eleven hours ahead of UTC, then ten and a half.
    assert moved.starts_at.astimezone(moved.zone).utcoffset() == 11 * HOUR


def test_an_offer_and_deadlines_move_with_the_hours_of_the_place(coordinator):
    """The beginning comes closer: nobody's offer reaches beyond it, whatever the clocks did."""
    for zone, sunday, _forward in CHANGES[:2]:
        session = plan(zone, sunday + 6 * DAY, coordinator, 1)
        made = make_enrolment(session, state="offered")
        offer = SeatOffer.objects.create(enrolment=made, expires_at=session.starts_at)
        moved = move_session(session, sunday - DAY, by=coordinator)
        offer.refresh_from_db()
        assert offer.expires_at == moved.starts_at == moved.enrol_until
        assert walls(moved) == expected(sunday - DAY, 1)
