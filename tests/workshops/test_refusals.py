"""Whoever is kept out of a session stands in its log, with the reason and who asked."""

import contextlib
import csv
import datetime
import io

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.after import make_past
from tests.workshops.desk_pages import at
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, EntryRefusal
from workshops.transitions import (
    accept_nomination,
    approve,
    enrol,
    enrol_group,
    nominate,
    walk_in,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def refused(way) -> None:
    with pytest.raises(TransitionRefused):
        way()


def logged(session) -> list[tuple]:
    """(person, by, verb, why, what is missing) in order."""
    return [
        (row.user, row.by, row.verb, row.why, [one["what"] for one in row.lacks])
        for row in EntryRefusal.objects.filter(session=session)
    ]


def test_every_way_in_writes_down_who_was_kept_out_and_why(coordinator):
    home, trainer = make_home(), make_user("trainer")
    manager = make_user("manager", distributor=home)
    person, young = make_trainee(home), make_trainee(home, years_of_experience=1)

    def by_self(session, one=person):
        return lambda: enrol(session, one, by=one)

    for fields, why in (
        ({"state": "planned"}, "not_open"),
        ({"state": "cancelled"}, "cancelled"),
        ({"enrol_until": timezone.now() - HOUR}, "closed"),
        ({"trainers": [person]}, "teaches"),
    ):
        session = make_session(**fields)
        refused(by_self(session))
        assert logged(session) == [(person, person, "enrol", why, [])]

    session = make_session(make_programme(min_years=3, requires=[make_programme()]))
    refused(lambda: enrol(session, young, by=coordinator))
    assert logged(session) == [(young, coordinator, "enrol", "not_eligible", ["years", "course"])]
    assert EntryRefusal.objects.get(session=session).lacks[0] == {"what": "years", "by": 2}

    session = make_session()
    archived = session.programme
    archived.archived_at = timezone.now()
    archived.save()
    refused(by_self(session))
    assert logged(session) == [(person, person, "enrol", "not_eligible", ["archived"])]

    # Of a group whoever keeps the others out; where seats are missing, all of them.
    session = make_session(make_programme(min_years=3), seats=1)
    refused(lambda: enrol_group(session, (one for one in (person, young)), by=manager))
    assert logged(session) == [(young, manager, "enrol_group", "not_eligible", ["years"])]
    refused(lambda: enrol_group(session, [person, make_trainee(home)], by=manager))
    assert [row[3] for row in logged(session)] == ["not_eligible", "no_seat", "no_seat"]
    session = make_session(make_programme(entry="approval"))
    refused(lambda: enrol_group(session, [person, manager], by=manager))
    assert logged(session) == [(manager, manager, "enrol_group", "own", [])]

    # What was asked for in time, and answered too late.
    session = make_session(make_programme(entry="approval"))
    asked = make_enrolment(session, person, state="requested")
    session.enrol_until = timezone.now() - HOUR
    session.save()
    refused(lambda: approve(asked, by=manager))
    assert logged(session) == [(person, manager, "approve", "closed", [])]
    session = make_session(make_programme(entry="nomination", min_years=3))
    refused(lambda: nominate(session, [young], by=manager))
    refused(lambda: enrol_group(session, [person], by=manager))
    named = make_enrolment(session, young, state="nominated")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        refused(lambda: accept_nomination(named, by=young))
    assert [row[2:4] for row in logged(session)] == [
        ("nominate", "not_eligible"),
        ("enrol_group", "nomination"),
        ("accept_nomination", "not_eligible"),
    ]

    past = make_past(make_programme(min_years=3), trainers=[trainer], seats=1)
    make_enrolment(past)
    refused(lambda: walk_in(past, young, by=trainer))
    refused(lambda: walk_in(past, person, by=trainer))
    assert [row[:4] for row in logged(past)] == [
        (young, trainer, "walk_in", "not_eligible"),
        (person, trainer, "walk_in", "no_seat"),
    ]


def test_what_was_begun_is_taken_back_and_nothing_is_written_for_who_may_not_ask(coordinator):
    session, person = make_session(state="planned"), make_trainee()
    with contextlib.suppress(PermissionDenied):
        enrol(session, person, by=make_trainee())
    assert not EntryRefusal.objects.exists()
    # In somebody's own transaction the row shares its fate: it is no second connection's.
    with contextlib.suppress(TransitionRefused), transaction.atomic():
        enrol(session, person, by=person)
    assert not EntryRefusal.objects.exists()
    refused(lambda: enrol(session, person, by=person))
    assert EntryRefusal.objects.count() == 1
    assert not Enrolment.objects.exists()


def test_the_same_no_stands_once_a_day_and_another_reason_beside_it():
    session, person = make_session(state="planned"), make_trainee()
    noon = timezone.now().replace(hour=12, minute=0)
    with time_machine.travel(noon, tick=False) as clock:
        for _click in range(3):
            refused(lambda: enrol(session, person, by=person))
        assert EntryRefusal.objects.count() == 1
        session.state = "cancelled"
        session.save()
        refused(lambda: enrol(session, person, by=person))
        clock.shift(datetime.timedelta(days=1))
        refused(lambda: enrol(session, person, by=person))
    kept = EntryRefusal.objects.values_list("why", flat=True)
    assert list(kept) == ["not_open", "cancelled", "cancelled"]


def test_the_coordinator_reads_it_among_all_that_happened(browser, client, coordinator):
    course = make_programme("first-steps", name="First steps")
    session = make_session(make_programme(min_years=4, requires=[course]))
    made = make_enrolment(session)
    young = make_trainee(make_home(name="=North"), years_of_experience=1, first_name="Ivo")
    refused(lambda: enrol(session, young, by=young))
    page = browser.get(at("desk_session", session.number)).content.decode()
    said = "3 years of experience were missing. “First steps” is missing: it comes first."
    assert page.count(said) == 1
    assert page.count("Was not let in") == 1
    text = browser.get(at("session_log", session.number)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [row[4] for row in rows] == ["enrol", "kept_out"]
    assert rows[1][2:] == [
        young.display_name,
        "'=North",
        "kept_out",
        "",
        "",
        said,
        young.display_name,
    ]
    with CaptureQueriesContext(connection) as one:
        browser.get(at("session_log", session.number))
    for _number in range(2):
        other = make_trainee(years_of_experience=1)
        refused(lambda other=other: enrol(session, other, by=other))
    with CaptureQueriesContext(connection) as three:
        browser.get(at("session_log", session.number))
    assert len(one) == len(three)
    # Nobody else reads it: not who was refused, not who has a seat.
    for person in (young, made.user):
        client.force_login(person)
        assert "Was not let in" not in client.get(at("session", session.number)).content.decode()
