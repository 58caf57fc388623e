"""Sessions on days of every kind, and what vobject reads in a calendar file."""

import datetime
import zoneinfo

import vobject

from tests.factories.workshops import make_session
from workshops.models import SessionDay

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def at(zone, *parts) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=zone)


def on(zone, *days, **fields):
    """A session on certain days: (first moment, hours)."""
    session = make_session(time_zone=zone.key, **fields)
    session.days.all().delete()
    spans = [(start, start + datetime.timedelta(hours=hours)) for start, hours in days]
    SessionDay.objects.bulk_create(
        [SessionDay(session=session, starts_at=start, ends_at=end) for start, end in spans]
    )
    session.starts_at, session.ends_at = spans[0][0], spans[-1][1]
    session.enrol_until = session.starts_at
    session.save()
    session.refresh_from_db()
    return session


def by_vobject(text: str) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Every occurrence in UTC, with the time zones that the file itself defines."""
    vars(vobject.icalendar)["__tzidMap"].clear()  # it keeps zones of files read before
    events = vobject.readOne(text).vevent_list
    moved = {e.recurrence_id.value: e for e in events if hasattr(e, "recurrence_id")}
    (master,) = (e for e in events if not hasattr(e, "recurrence_id"))
    length = master.dtend.value - master.dtstart.value
    rule = master.getrruleset(addRDate=True)
    found = []
    for start in rule or [master.dtstart.value]:
        # Rules are worked out by the wall clock, of the zone that the file defines.
        start = start.replace(tzinfo=master.dtstart.value.tzinfo)
        other = moved.pop(start, None)
        span = (other.dtstart.value, other.dtend.value) if other else (start, start + length)
        found.append(tuple(one.astimezone(datetime.UTC) for one in span))
    assert not moved
    return found


MONDAY = at(BERLIN, 2027, 10, 25, 9)
CASES = {
    "one day": [(MONDAY, 6)],
    "a week": [(MONDAY + datetime.timedelta(days=n), 6) for n in range(5)],
    # Summer time ends on Sunday, 31 October: the hour of the place stays.
    "over a clock change and a weekend": [(MONDAY + datetime.timedelta(days=n), 6) for n in (3, 4)]
    + [(at(BERLIN, 2027, 11, day, 9), 6) for day in (1, 2)],
    "other hours on the second day": [(MONDAY, 6), (at(BERLIN, 2027, 10, 26, 13, 30), 3)],
    "two parts of one day": [(MONDAY, 3), (at(BERLIN, 2027, 10, 25, 14), 3)],
    "a day each quarter": [(MONDAY, 6), (at(BERLIN, 2028, 2, 1, 9), 6)],
    "over midnight": [(at(BERLIN, 2027, 10, 30, 22), 8), (at(BERLIN, 2027, 10, 31, 22), 8)],
}
