"""What lies behind the demo's workshops: dates that took place, and yearly courses done.

Rows are written with the days they would have had; nobody is mailed about what
lies in the past.
"""

import datetime
import itertools
import tomllib
import zoneinfo
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from gkc_site.demo.people import load_person, persona
from network.models import Membership, User
from network.permissions import region_scope
from network.working_days import WEEKDAYS
from workshops.models import (
    CourseRecord,
    Enrolment,
    EnrolmentEvent,
    EntryRefusal,
    Hindrance,
    Programme,
    Session,
    SessionDay,
)

FILE = Path(__file__).parent / "history.toml"
YEARLY = "lexus-lab"
# How a place ended, in turn: of eight people six came.
ENDS = (
    "attended",
    "attended",
    "no_show",
    "attended",
    "attended",
    "cancelled",
    "attended",
    "lapsed",
)
UNDER_WAY = ("enrolled", "enrolled", "cancelled", "enrolled")
VERBS = {"attended": "attend", "no_show": "no_show", "cancelled": "cancel", "lapsed": "close"}


@transaction.atomic
def load_history() -> int:
    """Dates of the last nine months with their people. Returns how many were made."""
    if Session.objects.filter(is_example=True, state="done").exists():
        return 0
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    _load_employees(rows["employee"], rows["yearly"])
    programmes = {one.key: one for one in Programme.objects.all()}
    made = [_load_past(row, programmes[row["programme"]]) for row in rows["past"]]
    return len(made)


def _load_past(row: dict, programme: Programme) -> Session:
    """A date that took place: its days, people, how each ended, and the course in their history."""
    spans = spans_of(row)
    planned = spans[0][0] - datetime.timedelta(days=90)
    coordinator = User.objects.get(email=persona("patricia")["email"])
    online = "country" not in row
    session = Session.objects.create(
        number=f"W-P{-row['days']:04}",
        programme=programme,
        state="confirmed" if row.get("under_way") else "done",
        languages=row["languages"],
        time_zone=row["zone"],
        starts_at=spans[0][0],
        ends_at=spans[-1][1],
        place_kind="online" if online else "person",
        country_id=row.get("country"),
        city=row.get("city", ""),
        seats=row["seats"],
        minimum=row["seats"] // 2,
        enrol_until=spans[0][0] - datetime.timedelta(days=4),
        is_example=True,
        created_by=coordinator,
    )
    SessionDay.objects.bulk_create(
        [SessionDay(session=session, starts_at=start, ends_at=end) for start, end in spans]
    )
    session.trainers.add(User.objects.get(email=persona("mei")["email"]))
    _load_people(session, row, planned)
    return session


def _load_people(session: Session, row: dict, planned: datetime.datetime) -> None:
    members = Membership.objects.current().filter(distributor__code__in=row["firms"])
    members = list(
        members.select_related("user", "distributor__country").order_by("user_id")[
            : row["seats"] + 1
        ]
    )
    _load_latecomer(session, members[row["seats"] :])
    members, rows = members[: row["seats"]], []
    ends = itertools.cycle(UNDER_WAY if row.get("under_way") else ENDS)
    for place, (member, end) in enumerate(zip(members, ends, strict=False)):
        kind, scope = region_scope(member.distributor.country)
        came, has_seat = end in ("attended", "no_show"), end == "enrolled"
        created = planned + datetime.timedelta(days=place)
        rows.append(
            Enrolment(
                session=session,
                user=member.user,
                state=end,
                since=created if has_seat else session.ends_at if came else session.enrol_until,
                distributor=member.distributor,
                region_id=scope if kind == "region" else None,
                review_area_id=scope if kind == "area" else None,
                language=session.languages[0],
                created_at=created,
                created_by=member.user,
            )
        )
    made = Enrolment.objects.bulk_create(rows)
    events = []
    for one in made:
        first = "waiting" if one.state == "lapsed" else "enrolled"
        events.append(_event(one, "enrol", "", first, one.created_at))
        if one.state != first:
            events.append(_event(one, VERBS[one.state], first, one.state, one.since))
    EnrolmentEvent.objects.bulk_create(events)
    CourseRecord.objects.bulk_create(
        [
            CourseRecord(
                user=one.user,
                programme=session.programme,
                done_on=session.last_day,
                session=session,
                confirmed_at=session.ends_at,
            )
            for one in made
            if one.state == "attended"
        ],
        ignore_conflicts=True,
    )


def _load_latecomer(session: Session, members: list[Membership]) -> None:
    """Who asked for a seat a day after enrolment had closed, where there is somebody."""
    at = session.enrol_until + datetime.timedelta(days=1)
    EntryRefusal.objects.bulk_create(
        [
            EntryRefusal(
                session=session,
                user=member.user,
                distributor=member.distributor,
                at=at,
                day=at.astimezone(datetime.UTC).date(),
                verb="enrol",
                why=Hindrance.CLOSED,
                by=member.user,
            )
            for member in members
        ]
    )


def _event(enrolment: Enrolment, verb: str, old: str, new: str, at) -> EnrolmentEvent:
    return EnrolmentEvent(
        enrolment=enrolment, verb=verb, old=old, new=new, at=at, by=enrolment.created_by
    )


def spans_of(row: dict) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """Working days one after another, at the same hour where it happens."""
    zone = zoneinfo.ZoneInfo(row["zone"])
    day, found = timezone.localdate() + datetime.timedelta(days=row["days"]), []
    while len(found) < row.get("length", 1):
        if WEEKDAYS.is_working(day):
            start = datetime.datetime.combine(day, datetime.time(row["hour"]), tzinfo=zone)
            found.append((start, start + datetime.timedelta(hours=row.get("hours", 8))))
        day += datetime.timedelta(days=1)
    return found


def _load_employees(rows: list[dict], with_login: list[dict]) -> None:
    """People at dealers, and their yearly course: done, due or overdue."""
    programme = Programme.objects.get(key=YEARLY)
    # The duty is some years old: whoever never did it is overdue.
    Programme.objects.filter(pk=programme.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=4 * 365)
    )
    nobody = make_password(None)
    did = []
    for row in rows:
        person = row | {
            "interface_language": row["language"],
            "further_languages": [] if row["language"] == "en" else ["en"],
            "time_zone": "UTC",
            "years": 3,
        }
        did.append((load_person(person, nobody), row["done"]))
    for row in with_login:
        did.append((User.objects.get(email=persona(row["person"])["email"]), row["done"]))
    CourseRecord.objects.bulk_create(
        [_done(user, programme, years) for user, done in did for years in done],
        ignore_conflicts=True,
    )


def _done(user: User, programme: Programme, years: int) -> CourseRecord:
    """So many years ago; this year's early in it, so that it is never a day to come."""
    month, day = (9, 15) if years else (1, 1)
    done_on = datetime.date(timezone.localdate().year - years, month, day)
    return CourseRecord(
        user=user,
        programme=programme,
        done_on=done_on,
        confirmed_at=datetime.datetime.combine(done_on, datetime.time(), tzinfo=datetime.UTC),
    )
