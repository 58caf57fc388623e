"""What happened to people's places: all of it, page by page and as a file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.workshops import make_enrolment, make_session
from tests.workshops.desk_pages import at
from workshops.models import EnrolmentEvent
from workshops.transitions import cancel_enrolment

pytestmark = pytest.mark.django_db


def test_every_event_is_on_a_page_and_in_the_file(browser, coordinator):
    session = make_session()
    made = make_enrolment(session)
    cancel_enrolment(make_enrolment(session), by=coordinator, reason="=Ill")
    EnrolmentEvent.objects.bulk_create(
        EnrolmentEvent(
            enrolment=made,
            verb="skip",
            old="enrolled",
            new="enrolled",
            by=coordinator,
            reason=f"Reason {number}.",
        )
        for number in range(40)
    )
    where = at("desk_session", session.number)
    pages = [browser.get(f"{where}?log={page}").content.decode() for page in (1, 2)]
    assert "Reason 39." in pages[0]
    assert "Reason 0." not in pages[0]
    assert "Reason 0." in pages[1]
    assert "=Ill" in pages[1]
    assert 'href="?log=2#log"' in pages[0]
    with CaptureQueriesContext(connection) as queries:
        text = browser.get(at("session_log", session.number)).content.decode("utf-8-sig")
    few = len(queries)
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + 43
    assert rows[0][:3] == ["When", "Time zone", "Person"]
    assert rows[3][4:8] == ["cancel", "Has a seat", "Cancelled", "'=Ill"]
    other = make_session()
    make_enrolment(other)
    with CaptureQueriesContext(connection) as queries:
        browser.get(at("session_log", other.number))
    assert len(queries) == few
