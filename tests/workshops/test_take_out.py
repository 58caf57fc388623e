"""The coordinator takes somebody out of a session, from its page at the desk."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.workshops import make_enrolment, make_session
from tests.workshops.desk_pages import at
from tests.workshops.outbox import told
from tests.workshops.seating import states

pytestmark = pytest.mark.django_db


def test_a_late_leaver_is_taken_out_by_the_coordinator_and_the_next_moves_up(browser, coordinator):
    last = timezone.now() - datetime.timedelta(hours=1)
    session = make_session(seats=1, cancel_until=last)
    late, waiting = make_enrolment(session), make_enrolment(session, state="waiting")
    own = make_enrolment(session, coordinator, state="waiting")
    page = browser.get(at("desk_session", session.number)).content.decode()
    assert at("enrolment_take_out", waiting.pk) in page
    assert at("enrolment_take_out", own.pk) not in page
    address = at("enrolment_take_out", late.pk)
    assert address in page
    assert browser.post(address, {"reason": ""}).status_code == 400
    done = browser.post(address, {"reason": "Ill"})
    assert done.headers["Location"] == at("desk_session", session.number)
    assert states(session) == ["cancelled", "offered", "waiting"]
    assert told(late.user) == ["enrolment_cancelled"]


def test_nobody_is_taken_out_of_a_session_that_has_begun(browser):
    session = make_session(in_days=-1)
    made = make_enrolment(session)
    page = browser.get(at("desk_session", session.number)).content.decode()
    assert made.user.display_name in page
    assert at("enrolment_take_out", made.pk) not in page
