"""Go: who has a place and who teaches learn that a session takes place; until then, that it may
not."""

import datetime

import pytest

from tests.factories.workshops import make_enrolment, make_session
from tests.workshops.desk_pages import at
from tests.workshops.outbox import mails, told
from workshops.transitions import cancel_session, confirm_session

pytestmark = pytest.mark.django_db


def test_those_with_a_place_and_the_trainers_are_told_once(coordinator, trainer):
    session = make_session(seats=1, trainers=[trainer])
    seat, line = make_enrolment(session), make_enrolment(session, state="waiting")
    gone = make_enrolment(session, state="cancelled")
    for _twice in range(2):
        confirm_session(session, by=coordinator)
    for person in (seat.user, line.user, trainer):
        assert told(person) == ["session_confirmed"]
    assert told(gone.user) == []
    bodies = {mail.to[0]: " ".join(mail.body.split()) for mail in mails()}
    assert "takes place." in bodies[seat.user.email]
    assert "You have no seat yet" not in bodies[seat.user.email]
    assert "You have no seat yet: On the waiting list." in bodies[line.user.email]
    assert "You have no seat yet" not in bodies[trainer.email]


def test_nothing_is_said_once_it_is_cancelled(coordinator):
    session = make_session()
    make_enrolment(session)
    confirm_session(session, by=coordinator)
    cancel_session(session, by=coordinator, reason="Storm")
    assert [mail.subject.split(":")[0] for mail in mails()] == ["Cancelled"]


def test_the_page_says_whether_it_is_decided(client):
    day = datetime.date(2099, 5, 6)
    session = make_session(decide_on=day)
    page = client.get(at("session", session.number)).content.decode()
    assert "Whether it takes place is decided by May 6, 2099." in page
    session.state = "confirmed"
    session.save()
    page = client.get(at("session", session.number)).content.decode()
    assert "It takes place." in page
    assert "is decided by" not in page
