"""The coordinator finds who attended with what is missing, and gives more time for practice."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.workshops import make_programme
from tests.workshops.after import attended, evaluate, given, later, make_past
from tests.workshops.desk_pages import at
from workshops.models import PracticeProof
from workshops.transitions import lapse_proofs

pytestmark = pytest.mark.django_db


def test_more_time_is_given_from_the_sessions_page(browser, coordinator, trainer):
    programme = make_programme(proof_days=30, gives_certificate=True)
    session = make_past(programme, trainers=[trainer])
    rows = attended(session, 2, by=trainer)
    evaluate(rows[:1])
    first, second = PracticeProof.objects.order_by("enrolment")
    page = browser.get(at("session_certificates", session.number)).content.decode()
    assert page.count("not answered yet") == 1
    assert page.count("last day:") == page.count("Give more time") == 2
    with later(40):
        browser.force_login(coordinator)  # forty days later they sign in again
        assert lapse_proofs() == 2
        page = browser.get(at("session_certificates", session.number)).content.decode()
        assert page.count("Time is over") == page.count("Give more time") == 2
        assert at("practice_judge", first.pk) in page
        assert "Give more time" in browser.get(at("practice_judge", first.pk)).content.decode()
        due = first.due_on + datetime.timedelta(days=60)
        typed = {"due_on": due.isoformat(), "reason": "Launch week"}
        assert browser.post(at("practice_extend", first.pk), typed).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.due_on, second.state) == ("due", due, "lapsed")


def test_queries_do_not_grow_with_those_who_attended(browser, trainer):
    browser.get(at("session_certificates", make_past().number))  # what is kept is kept
    counted = []
    for people in (1, 3):
        programme = make_programme(proof_days=30)
        session = make_past(programme, trainers=[trainer])
        attended(session, people, by=trainer)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(at("session_certificates", session.number)).content.decode()
        counted.append(len(queries))
        assert page.count("Give more time") == people
    assert counted[0] == counted[1]


def test_a_certificate_stands_beside_who_has_it(browser, trainer):
    (found,) = given(trainer)
    page = browser.get(at("session_certificates", found.enrolment.session.number))
    assert page.content.decode().count(found.number) >= 2  # in its list, and beside the person
