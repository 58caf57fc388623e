"""Seats in two sessions at the same time: kept, and said to everybody whom it concerns."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.workshops.desk_pages import at, confirm
from tests.workshops.outbox import mails
from workshops.clashes import clashes_of, double_booked
from workshops.transitions import enrol, merge_sessions, move_session, resize_session

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SAID = "At the same time you have a seat"


def test_what_is_at_the_same_time_and_what_is_not():
    person, session = make_trainee(), make_session(in_days=30, days=3)
    same = make_enrolment(make_session(in_days=31.1), person)
    offered = make_enrolment(make_session(in_days=32), person, state="offered")
    for other, state in (
        (make_session(in_days=30.5), "enrolled"),  # the night between two days
        (make_session(in_days=30), "waiting"),
        (make_session(in_days=30), "requested"),
        (make_session(in_days=30, state="cancelled"), "enrolled"),
        (make_session(in_days=30, place_kind="lab"), "enrolled"),
        (make_session(in_days=34), "enrolled"),
    ):
        make_enrolment(other, person, state=state)
    make_enrolment(make_session(in_days=30))  # another person's
    found = clashes_of(session, [person.pk], ["en"])
    assert [one.session for one in found[person.pk]] == [same.session, offered.session]
    make_enrolment(session, person)
    assert [clash.session for _name, clash in double_booked(session, ["en"])] == [
        same.session,
        offered.session,
    ]
    assert clashes_of(make_session(in_days=30, place_kind="lab"), [person.pk], ["en"]) == {}


def test_who_enrols_reads_it_before_and_after_and_keeps_both_seats(client):
    person = make_trainee()
    first = make_session(make_programme(name="Values"), in_days=30)
    second = make_session(make_programme(name="Discovery"), in_days=30.1)
    client.force_login(person)
    assert SAID not in client.get(at("session", second.number)).content.decode()
    enrol(first, person, by=person)
    assert SAID not in mails()[-1].body
    page = client.get(at("session", second.number)).content.decode()
    assert f"{SAID} here:" in page
    assert at("session", first.number) in page
    enrol(second, person, by=person)
    (mail,) = mails()
    assert f"{SAID} in “Values”" in mail.body
    assert "Give one of them up" in mail.body
    for session in (first, second):
        assert SAID in client.get(at("session", session.number)).content.decode()
    waiting = make_enrolment(make_session(in_days=30, seats=1), person, state="waiting")
    resize_session(waiting.session, 2, by=make_user("coordinator"))
    assert mails()[-1].body.count(SAID) == 2  # the offer names both


def test_a_move_shows_how_many_then_have_two_seats_and_tells_them(browser, coordinator):
    here, other = make_session(in_days=30, seats=2), make_session(in_days=37)
    both, free = make_trainee(first_name="Ada", last_name="Both"), make_trainee()
    for person in (both, free):
        make_enrolment(here, person)
    make_enrolment(other, both)
    waits = make_enrolment(here, state="waiting").user
    make_enrolment(other, waits)
    day = here.first_day + 7 * DAY
    data = {"first_day": day, "start": f"{here.starts_at:%H:%M}", "time_zone": "UTC"}
    address = at("session_move", here.number)
    page = browser.post(address, data).content.decode()
    assert "1 person then has a seat in another session at the same time." in page
    assert f"<bdi>Ada Both</bdi> · <bdi>{other.number}</bdi>" in page
    assert confirm(browser, address, data).status_code == 302
    bodies = {one.to[0]: one.body for one in mails()}
    assert SAID in bodies[both.email]
    assert SAID not in bodies[free.email]
    assert SAID not in bodies[waits.email]
    move_session(here, day + DAY, by=coordinator)
    assert not any(SAID in one.body for one in mails())


def test_a_merger_shows_and_tells_it_too(browser, coordinator):
    programme, person = make_programme(), make_trainee()
    one, two = make_session(programme), make_session(programme, in_days=40)
    make_enrolment(one, person)
    make_enrolment(make_session(in_days=40), person)
    page = browser.post(at("session_merge", one.number), {"into": two.pk}).content.decode()
    assert "1 person then has a seat in another session at the same time." in page
    merge_sessions(one, two, by=coordinator)
    (mail,) = [mail for mail in mails() if mail.to == [person.email]]
    assert SAID in mail.body


def test_managers_read_it_where_they_enrol_and_approve_and_queries_do_not_grow(client):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    session = make_session(make_programme(entry="approval"))
    client.force_login(manager)
    counts = []
    for number in (1, 3):
        while home.memberships.count() < number + 1:
            make_enrolment(make_session(), make_trainee(home))
        client.get(at("session_group", session.number))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(at("session_group", session.number)).content.decode()
        assert page.count("Has a seat at the same time:") == number
        counts.append(len(captured))
    assert counts[0] == counts[1]
    person = make_trainee(home)
    make_enrolment(make_session(), person)
    asked = make_enrolment(session, person, state="requested")
    assert "Has a seat at the same time:" in client.get(at("enrolment", asked.pk)).content.decode()
