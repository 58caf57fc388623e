"""Mails of the coordinator's desk: what they say, in each language, and when they say nothing."""

import datetime

import pytest
import time_machine
from django.utils import timezone, translation

from tests.factories.network import make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from touchpoints.registry import kind
from workshops.transitions import merge_sessions, move_session

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2030, 3, 1, 12, tzinfo=datetime.UTC)


def words(name: str, session, user, language: str = "en", **data):
    with translation.override(language), timezone.override(user.time_zone):
        return kind(f"workshops.{name}").words(session, data, user)


@pytest.fixture
def session():
    with time_machine.travel(NOW, tick=False):
        yield make_session(
            make_programme("values", name="Values"),
            in_days=30,
            time_zone="Europe/Berlin",
            city="Köln",
            minimum=2,
            decide_on=datetime.date(2030, 3, 10),
        )


def test_a_move_says_before_and_now_where_it_happens_and_for_the_reader(session):
    person = make_trainee(time_zone="Asia/Tokyo")
    make_enrolment(session, person)
    coordinator = make_user("coordinator")
    move_session(session, datetime.date(2030, 4, 8), by=coordinator)
    session.refresh_from_db()
    was = {"days": [["2030-03-31T12:00:00+00:00", ""]], "zone": "Europe/Berlin"}
    message = words("session_moved", session, person, was=was)
    assert message.subject == "Changed: Values, April 8, 2030"
    said = " ".join(message.lines).replace("\u202f", " ")
    assert "Before: it began on Mar 31, 2030, 2:00 PM CEST." in said
    assert "Now: April 8, 2030, from Apr 8, 2030, 2:00 PM CEST." in said
    assert "In your time zone: Apr 8, 2030, 9:00 PM JST." in said
    assert "Place: Köln." in said
    assert words("session_moved", session, person, "ar", was=was).url.startswith("/ar/")
    session.state = "cancelled"
    assert words("session_moved", session, person, was=was) is None


def test_a_merger_says_what_became_of_ones_place(session):
    coordinator = make_user("coordinator")
    other = make_session(session.programme, in_days=60)
    line = make_enrolment(session, state="waiting")
    merge_sessions(session, other, by=coordinator)
    message = words("session_merged", other, line.user, was=session.pk)
    assert message.subject == "Another date: Values, April 30, 2030"
    assert "Before: March 31, 2030." in message.lines
    assert "Your place came along: A seat is offered." in message.lines
    assert words("session_merged", other, make_trainee(), was=session.pk) is None


def test_who_decides_reads_how_many_there_are_until_it_is_decided(session):
    coordinator = make_user("coordinator")
    make_enrolment(session)
    message = words("decision_asked", session, coordinator)
    assert message.subject == "Go or no-go: Values, March 31, 2030"
    assert "1 person has a seat; 2 are wanted at least." in message.lines
    assert message.url.endswith(f"/desk/workshops/sessions/{session.number}/")
    late = words("decision_late", session, coordinator)
    assert "was to be decided on March 10, 2030" in late.lines[0]
    session.state = "confirmed"
    assert words("decision_asked", session, coordinator) is None


def test_trainers_read_that_they_teach_and_teach_no_longer(session):
    trainer = make_user("trainer")
    assert words("trainer_named", session, trainer).subject == "You teach: Values, March 31, 2030"
    released = words("trainer_released", session, trainer)
    assert released.subject == "You no longer teach: Values, March 31, 2030"


def test_what_takes_place_and_whoever_teaches_it_hear_of_no_change(session):
    seated, trainer = make_enrolment(session).user, make_user("trainer")
    session.trainers.add(trainer)
    session.state = "confirmed"
    session.ends_at = session.starts_at + datetime.timedelta(days=1)
    for name, user in (("session_confirmed", seated), ("trainer_named", trainer)):
        message = words(name, session, user)
        said = " ".join((message.subject, *message.lines)).replace("\u202f", " ")
        assert "It begins on Mar 31, 2030, 2:00 PM CEST." in said
        assert "Now" not in said
        assert "March 31" in message.subject
