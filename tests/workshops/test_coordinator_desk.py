"""The coordinator's changes, each shown before it is done; messages to participants."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_programme_page,
    make_session,
    make_trainee,
)
from tests.workshops.desk_pages import TABLE, at, confirm, mark
from touchpoints.models import Delivery
from workshops.models import Session
from workshops.transitions import enrol
from workshops.transitions.merging import TIME_TO_LEAVE

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_move_shows_whom_it_concerns_then_does_it(browser):
    session = make_session(venue="Hall 1")
    seat = make_enrolment(session)
    day = session.first_day + 7 * DAY
    data = {
        "first_day": day.isoformat(),
        "start": session.starts_at.strftime("%H:%M"),
        "time_zone": "UTC",
    }
    address = at("session_move", session.number)
    preview = browser.post(address, data)
    assert seat.user.display_name in preview.content.decode()
    assert "The session then" in preview.content.decode()
    again = browser.post(address, data | {"edit": "1"})
    assert f'value="{day}"' in again.content.decode()
    confirm(browser, address, data)
    session.refresh_from_db()
    assert session.first_day == day
    assert session.sequence == 1


def test_a_preview_that_somebody_overtook_is_shown_anew(browser):
    session = make_session(seats=1, venue="Hall 1")
    make_enrolment(session)
    address, data = at("session_seats", session.number), {"seats": "2", "rows": "0"}
    preview = browser.post(address, data)
    assert "Nobody’s seat or place in line changes." in preview.content.decode()
    person = make_trainee()
    enrol(session, person, by=person)
    stale = browser.post(address, data | {"seen": mark(preview)})
    assert stale.status_code == 409
    assert "Something changed since you saw this" in stale.content.decode()
    assert person.display_name in stale.content.decode()
    session.refresh_from_db()
    assert session.seats == 1
    done = browser.post(address, data | {"seen": mark(stale)})
    assert done.status_code == 302
    assert person.enrolments.get().state == "offered"


def test_merge_names_the_count_that_does_not_fit_and_then_does_it(browser):
    programme = make_programme()
    one, two = make_session(programme, seats=2), make_session(programme, in_days=40, seats=2)
    people = [make_enrolment(session).user for session in (one, two, two)]
    address = at("session_merge", one.number)
    page = browser.get(address).content.decode()
    assert f"{two.number}:" in page
    assert "0 of 2 seats free" in page
    refused = browser.post(address, {"into": two.pk})
    assert refused.status_code == 409
    assert "3 people hold seats in both together" in refused.content.decode()
    # Those who come along may leave within two days: counted from the minute it is done.
    soon = timezone.now() + datetime.timedelta(hours=1)
    Session.objects.filter(pk=two.pk).update(seats=3, cancel_until=soon)
    preview = browser.post(address, {"into": two.pk})
    assert f"<bdi>{two.number}</bdi>" in preview.content.decode()
    confirm(browser, address, {"into": two.pk})
    assert two.enrolments.count() == 3
    two.refresh_from_db()
    assert two.cancel_until > timezone.now() + TIME_TO_LEAVE - datetime.timedelta(minutes=5)
    assert people[0].enrolments.get().session == two
    page = browser.get(at("desk_session", one.number)).content.decode()
    assert "Its people went to another session" in page


def test_cancel_repeat_open_and_confirm(browser):
    session = make_session(state="planned", venue="Hall 1")
    for step, state in (("open", "open"), ("confirm", "confirmed"), ("confirm", "confirmed")):
        browser.post(at("session_step", session.number, step))
        session.refresh_from_db()
        assert session.state == state
    assert browser.post(at("session_step", session.number, "strange")).status_code == 404
    address = at("session_repeat", session.number)
    preview = browser.post(address, {"every": "week", "times": "2"})
    assert Session.objects.count() == 1
    assert preview.content.decode().count("<li><span><b>") == 2
    confirm(browser, address, {"every": "week", "times": "2"})
    assert Session.objects.filter(repeat_of=session, state="planned").count() == 2
    seat = make_enrolment(session)
    assert browser.post(at("session_cancel", session.number), {"reason": " "}).status_code == 422
    confirm(browser, at("session_cancel", session.number), {"reason": "Too few"})
    seat.refresh_from_db()
    assert seat.state == "cancelled"


def test_one_thing_to_several_sessions(browser):
    planned = [make_session(state="planned"), make_session(state="planned")]
    done = make_session(state="done")
    keys = [session.pk for session in (*planned, done)]
    preview = browser.get(at("session_many", "open"), {"session": keys})
    page = preview.content.decode()
    assert "Only a planned session can be opened." in page
    address = at("session_many", "open")
    response = browser.post(address, {"session": keys, "seen": mark(preview)})
    assert response.url == TABLE
    states = sorted(Session.objects.values_list("state", flat=True))
    assert states == ["done", "open", "open"]
    confirm(browser, at("session_many", "seats"), {"session": keys, "extra": "2"})
    assert sorted(Session.objects.values_list("seats", flat=True)) == [3, 5, 5]
    made = [make_enrolment(session).user for session in planned]
    data = {"session": keys, "to": "enrolled", "once": "7b0d6a3e-52a4-4a8c-a2de-6b64b9a1f0aa"}
    data |= {"subject-en": "Bring", "body-en": "Bring a map."}
    confirm(browser, at("session_many", "message"), data)
    assert {row.user for row in Delivery.objects.all()} == set(made)
    confirm(browser, at("session_many", "cancel"), {"session": keys, "reason": "Flood"})
    assert Session.objects.filter(state="cancelled").count() == 2
    make_programme_page(done.programme, "ar", title="برنامج")
    arabic = browser.get(f"/ar{at('session_many', 'seats')[3:]}", {"session": keys})
    assert "برنامج" in arabic.content.decode()  # in the reader's language, not the desk's name


def test_only_those_ticked_get_the_message_and_it_stands_in_the_log(browser):
    session = make_session()
    one = make_enrolment(session).user
    make_enrolment(session)
    data = {"to": "chosen", "person": [one.pk], "once": "7b0d6a3e-52a4-4a8c-a2de-6b64b9a1f0ab"}
    half = browser.post(at("session_message", session.number), data | {"subject-en": "Bring"})
    assert half.status_code == 409
    assert 'value="Bring"' in half.content.decode()
    data |= {"subject-en": "Bring", "body-en": "Bring a map."}
    confirm(browser, at("session_message", session.number), data)
    assert [row.user for row in Delivery.objects.all()] == [one]
    assert "Bring a map." in browser.get(at("desk_session", session.number)).content.decode()
