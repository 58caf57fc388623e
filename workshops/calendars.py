"""Sessions as iCalendar (RFC 5545), for mails (RFC 5546), downloads and the subscribed feed.

A session is one UID, however many days it has: a move to fewer days, or its
cancellation, then reaches every one of them. Its first day is the event, a
daily rule with the free days left out gives the others (programs read that
more widely than RDATE), and a day with other hours stands as an exception to
the rule. Hours are local ones with their time zone, so that they stay right
over a clock change.
"""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
)

from network.languages import tag
from touchpoints.registry import Attachment
from touchpoints.rendering import absolute
from workshops.models import (
    HOLDING,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    Session,
    SessionState,
)
from workshops.titles import Title, titles_for
from workshops.when import address_text, languages_text

REQUEST, PUBLISH, CANCEL = "REQUEST", "PUBLISH", "CANCEL"
PRODUCT = "-//Global Knowledge Center//Workshops//EN"
MOST_GAPS = 100  # days left out of a daily rule; beyond that the days are listed
REFRESH = datetime.timedelta(hours=6)  # a program asks a subscribed calendar again so often
RULE_YEARS = 5  # years that a zone must have kept its rule for
_DAY = datetime.timedelta(days=1)

Span = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Entry:
    """A session as it stands in somebody's calendar."""

    session: Session
    title: Title
    status: str  # CONFIRMED, TENTATIVE, CANCELLED
    stamp: datetime.datetime  # when this was true
    person: object = None  # whose calendar it is; named where the file invites
    shows_room: bool = False  # the link of an online room
    spans: tuple[Span, ...] = field(default=())


def uid_of(session: Session) -> str:
    """The same for ever, whatever becomes of dates and names."""
    return f"{session.number}@{settings.GKC_MAIL_DOMAIN}"


def status_of(session: Session, enrolment: Enrolment | None) -> str:
    """What a calendar calls this person's place in the session."""
    if session.state == SessionState.CANCELLED:
        return "CANCELLED"
    if enrolment is None:
        return "CONFIRMED" if session.state != SessionState.OPEN else "TENTATIVE"
    if enrolment.state in (
        EnrolmentState.ENROLLED,
        EnrolmentState.ATTENDED,
        EnrolmentState.NO_SHOW,
    ):
        return "CONFIRMED"
    return "TENTATIVE" if enrolment.is_live else "CANCELLED"


def entry_of(
    session: Session,
    user,
    enrolment: Enrolment | None = None,
    *,
    teaches: bool = False,
    title: Title | None = None,
    status: str = "",
    stamp: datetime.datetime | None = None,
) -> Entry:
    """The session for this person, as it stands; `status` and `stamp` where they are known.
    Queries: the title, unless it is given, and the days, unless they are loaded."""
    if title is None:
        order = user.reading_languages if getattr(user, "is_authenticated", False) else []
        title = titles_for([session.programme], order)[session.programme_id]
    status = status or status_of(session, enrolment)
    return Entry(
        session=session,
        title=title,
        status=status,
        stamp=stamp or timezone.now(),
        person=user,
        shows_room=(enrolment is not None or teaches) and status == "CONFIRMED",
        spans=tuple((day.starts_at, day.ends_at) for day in session.days.all()),
    )


def invitation(
    session: Session, user, enrolment: Enrolment | None = None, *, teaches: bool = False
) -> Attachment:
    """What goes with a mail: the entry, changed or new, or its end. In the active language."""
    status = status_of(session, enrolment) if enrolment else "CANCELLED"
    if teaches and session.state != SessionState.CANCELLED:
        status = "CONFIRMED"
    entry = entry_of(session, user, enrolment, status=status, teaches=teaches)
    method = CANCEL if entry.status == "CANCELLED" else REQUEST
    return Attachment(
        f"{session.number}.ics",
        as_text([entry], method=method),
        f"text/calendar; method={method}",
    )


def invitations(session: Session, user, was: Session | None = None) -> tuple[Attachment, ...]:
    """What goes with the mail of a change to who has a seat or teaches; others' calendars hold
    nothing. `was` is the session that it takes the place of. Two queries, and those of each
    entry."""
    mine = session.enrolments.holding().filter(user=user).first()
    teaches = session.trainers.filter(pk=user.pk).exists()
    if mine is None and not teaches:
        return ()
    found = [invitation(was, user)] if was is not None else []
    return (*found, invitation(session, user, mine, teaches=teaches))


def ending(session: Session, user) -> tuple[Attachment, ...]:
    """The end of the entry of who had a seat, was offered one or teaches; who only waited has
    none to end. At most two queries, and those of the entry."""
    held = EnrolmentEvent.objects.filter(
        enrolment__session=session, enrolment__user=user, new__in=HOLDING
    )
    if held.exists() or session.trainers.filter(pk=user.pk).exists():
        return (invitation(session, user),)
    return ()


def as_text(entries: Iterable[Entry], *, method: str = PUBLISH, name: str = "") -> str:
    """The whole file. `name` is what a program calls a subscribed calendar."""
    entries = list(entries)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if name:
        # Older programs read the one, newer ones (RFC 7986) the other; no METHOD in a feed.
        made.add("x-wr-calname", name)
        made.add("name", name)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH).to_ical().decode())
        method = ""
    else:
        made.add("method", method)
    for zone in _zones(entries):
        made.add_component(zone)
    for entry in entries:
        for event in _events(entry, method):
            made.add_component(event)
    return made.to_ical().decode()


# --- events ------------------------------------------------------------------------------
def _events(entry: Entry, method: str) -> Iterable[Event]:
    zone = entry.session.zone
    spans = entry.spans or ((entry.session.starts_at, entry.session.ends_at),)
    days = [(start.astimezone(zone), end.astimezone(zone)) for start, end in spans]
    (start, end), *later = days
    master = _event(entry, method, start, end)
    if not later:
        return [master]
    dates = [day.date() for day, _end in days]
    span = [dates[0] + _DAY * n for n in range((dates[-1] - dates[0]).days + 1)]
    gaps = [day for day in span if day not in set(dates)]
    by_rule = len(set(dates)) == len(dates) and len(gaps) <= MOST_GAPS
    if by_rule:
        last = _at(dates[-1], start)
        master.add("rrule", {"freq": "daily", "until": _utc(last)})
        if gaps:
            master.add("exdate", [_at(day, start) for day in gaps])
    else:
        master.add("rdate", [begins for begins, _end in later])
    events = [master]
    for begins, ends in later:
        expected = _at(begins.date(), start) if by_rule else begins
        if begins != expected or _lengths(begins, ends) != _lengths(start, end):
            other = _event(entry, method, begins, ends)
            other.add("recurrence-id", expected)
            events.append(other)
    return events


def _lengths(start: datetime.datetime, end: datetime.datetime) -> tuple:
    """How long it lasts on the clock of the place, and in truth: in a night in which the clocks
    change programs take the one or the other for the length of the days that follow."""
    return end.replace(tzinfo=None) - start.replace(tzinfo=None), _utc(end) - _utc(start)


def _at(day: datetime.date, like: datetime.datetime) -> datetime.datetime:
    """The hour of `like` on another day, by the clock of the place."""
    return datetime.datetime.combine(day, like.timetz())


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)


def _event(entry: Entry, method: str, start: datetime.datetime, end: datetime.datetime) -> Event:
    session, words = entry.session, {"LANGUAGE": tag(entry.title.language)}
    made = Event()
    made.add("uid", uid_of(session))
    made.add("sequence", session.sequence)
    made.add("dtstamp", _utc(entry.stamp.replace(microsecond=0)))
    made.add("dtstart", start if session.time_zone != "UTC" else _utc(start))
    made.add("dtend", end if session.time_zone != "UTC" else _utc(end))
    made.add("summary", entry.title.title, parameters=words)
    made.add("status", entry.status)
    made.add("transp", "TRANSPARENT" if entry.status == "CANCELLED" else "OPAQUE")
    url = absolute(reverse("session", args=[session.number]))
    made.add("url", url)
    lines = [_("Taught in: %(languages)s") % {"languages": languages_text(session)}, url]
    room = session.link if entry.shows_room else ""
    if room:
        lines.insert(0, room)
    made.add("description", "\n".join(lines))
    made.add("location", room or address_text(session))
    if method:
        _add_people(made, entry, invites=method != PUBLISH)
    return made


def _add_people(made: Event, entry: Entry, *, invites: bool) -> None:
    """Who invites and who comes (RFC 5546: a published event names nobody who comes); nobody is
    asked to answer a machine."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name or str(settings.SITE_NAME)
    made.add("organizer", organizer)
    if entry.person is None or not invites:
        return
    attendee = vCalAddress(f"mailto:{entry.person.email}")
    attendee.params["CN"] = entry.person.display_name
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    parts = {"CONFIRMED": "ACCEPTED", "CANCELLED": "DECLINED"}
    attendee.params["PARTSTAT"] = parts.get(entry.status, "TENTATIVE")
    attendee.params["RSVP"] = "FALSE"
    made.add("attendee", attendee, encode=0)


# --- time zones --------------------------------------------------------------------------
def _zones(entries: list[Entry]) -> list[Timezone]:
    """A VTIMEZONE for each zone named, over whole years: programs keep one for all files."""
    spans: dict[str, list[datetime.datetime]] = {}
    for entry in entries:
        if entry.session.time_zone != "UTC":
            moments = spans.setdefault(entry.session.time_zone, [])
            moments += [entry.session.starts_at, entry.session.ends_at]
    return [
        zone_component(
            zoneinfo.ZoneInfo(name), _year(min(moments).year), _year(max(moments).year + 1)
        )
        for name, moments in sorted(spans.items())
    ]


def _year(year: int) -> datetime.datetime:
    return datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)


def zone_component(
    zone: zoneinfo.ZoneInfo, since: datetime.datetime, until: datetime.datetime
) -> Timezone:
    """The zone's offsets between two moments, as yearly rules where the zone has such.

    Our own: the library's begins a summer an hour late, by the new clock, where
    RFC 5545 (3.6.5) has the clock that it ends.
    """
    made = Timezone()
    made.add("tzid", zone.key)
    for moment, before, rule in _periods(zone.key, _utc(since), _utc(until)):
        made.add_component(_period(zone, moment, before, rule))
    return made


@dataclass(frozen=True)
class Rule:
    """Once a year: the nth weekday of a month, -1 for the last."""

    month: int
    weekday: int  # 0 is Monday
    nth: int

    @property
    def parts(self) -> dict:
        """As RRULE has it."""
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[self.weekday]
        return {"freq": "yearly", "bymonth": self.month, "byday": f"{self.nth}{day}"}


@lru_cache(maxsize=128)
def _periods(
    key: str, since: datetime.datetime, until: datetime.datetime
) -> tuple[tuple[datetime.datetime, datetime.timedelta, Rule | None], ...]:
    """(beginning, offset before it, its yearly rule) of each period of a zone.

    ical4j before 4.2.6, in many a phone, reads the dates of one year's changes as
    no change at all; rules it follows. Zones that change by decree have dates.
    """
    zone = zoneinfo.ZoneInfo(key)
    years = range(since.year - 1, max(until.year, since.year + RULE_YEARS))
    changes = list(_changes(zone, _year(years[0]), _year(years[-1] + 1)))
    if rules := _rules(zone, changes, len(years)):
        return tuple((*change, rule) for change, rule in zip(changes, rules, strict=False))
    since = since.replace(minute=0, second=0, microsecond=0)
    dates = [change for change in changes if since < change[0] < until]
    return ((since, since.astimezone(zone).utcoffset(), None), *((*one, None) for one in dates))


def _changes(
    zone, since: datetime.datetime, until: datetime.datetime
) -> Iterable[tuple[datetime.datetime, datetime.timedelta]]:
    """(moment, offset before it) of each change of the zone's offset."""
    at, offset = since, since.astimezone(zone).utcoffset()
    while at < until:
        following = at + _DAY
        if following.astimezone(zone).utcoffset() != offset:
            change = _change(zone, at, following)
            yield change, offset
            offset = change.astimezone(zone).utcoffset()
            following = max(following, change)
        at = following


def _rules(zone, changes: list, years: int) -> list[Rule]:
    """The rule of each kind of change, in the order of the first year; none where one has none."""
    kinds: dict[tuple, list[datetime.datetime]] = {}
    for moment, before in changes:
        local = (moment + before).replace(tzinfo=None)
        after = moment.astimezone(zone).utcoffset()
        kind = (local.month, local.weekday(), local.time(), before, after)
        kinds.setdefault(kind, []).append(local)
    found = []
    for (month, weekday, *_rest), days in kinds.items():
        last = all((day + 7 * _DAY).month != month for day in days)
        weeks = {(day.day + 6) // 7 for day in days}
        if len({day.year for day in days}) != years or len(days) != years:
            return []
        if not last and len(weeks) != 1:
            return []
        found.append(Rule(month, weekday, -1 if last else weeks.pop()))
    return found


def _change(zone, before: datetime.datetime, after: datetime.datetime) -> datetime.datetime:
    """The minute at which the offset changes between two moments."""
    old = before.astimezone(zone).utcoffset()
    while after - before > datetime.timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _period(zone, since: datetime.datetime, before: datetime.timedelta, rule: Rule | None):
    """From a moment on: the offset and name that hold then. `before` held until it."""
    local = since.astimezone(zone)
    made = TimezoneDaylight() if local.dst() else TimezoneStandard()
    made.add("dtstart", (since + before).replace(tzinfo=None))
    if rule is not None:
        made.add("rrule", rule.parts)
    made.add("tzoffsetfrom", before)
    made.add("tzoffsetto", local.utcoffset())
    made.add("tzname", local.tzname())
    return made
