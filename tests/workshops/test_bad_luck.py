"""What one sees when something else came first: each has its own words, never an error page."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from network.transitions import close_account, join, leave
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from workshops.models import Enrolment, SeatOffer
from workshops.transitions import cancel_session, enrol, resize_session

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(session, what="session") -> str:
    return reverse(what, args=[session.number])


def shown(client, address) -> str:
    return client.get(address).content.decode()


def test_two_browsers_and_a_double_click_are_one_seat():
    session, person = make_session(), make_trainee()
    first, second = browser(person), browser(person)
    for client in (first, second, second):
        page = client.post(at(session, "session_enrol"), follow=True).content.decode()
        assert "You have a seat." in page
    assert Enrolment.objects.get().state == "enrolled"
    for client in (first, second):
        page = client.post(at(session, "session_leave"), follow=True).content.decode()
        assert "You have given up your place." in page
        assert "Cancelled" in page
    # The page that still stands open in the other browser gives the seat again.
    assert second.post(at(session, "session_enrol")).status_code == 302
    assert session.enrolments.live().count() == 1


def test_who_enrols_while_it_is_cancelled_reads_so():
    session, person = make_session(), make_trainee()
    client = browser(person)
    assert "btn--wide" in shown(client, at(session))
    cancel_session(session, by=make_user("coordinator"), reason="Too few")
    answer = client.post(at(session, "session_enrol"))
    assert answer.status_code == 409
    assert "This session has been cancelled." in answer.content.decode()
    assert "Put it into my calendar" not in answer.content.decode()


def test_an_offer_accepted_a_second_late_names_the_moment_and_is_passed_on():
    session = make_session(seats=1)
    people = [make_trainee() for _ in range(3)]
    for person in people:
        enrol(session, person, by=person)
    browser(people[0]).post(at(session, "session_leave"))
    offer = SeatOffer.objects.get()
    late = browser(people[1])
    with time_machine.travel(offer.expires_at + SECOND, tick=False):
        late.force_login(people[1])
        page = late.post(
            at(session, "session_answer"), {"answer": "accept"}, follow=True
        ).content.decode()
        assert "This offer ended on" in page
        assert "Join the waiting list" in page
        next_one = browser(people[2])
        assert "A seat is held for you." in shown(next_one, at(session))
        # A second click says the same and takes nothing away from the next.
        late.post(at(session, "session_answer"), {"answer": "accept"})
        assert session.enrolments.get(user=people[2]).state == "offered"


def test_who_moves_to_another_distributor_keeps_the_seat_and_changes_the_manager():
    old, new = make_distributor(), make_distributor()
    managers = [make_user("manager", distributor=home) for home in (old, new)]
    session, person = make_session(), make_trainee(old)
    made = enrol(session, person, by=person)
    join(person, new, by=managers[1])
    leave(person.memberships.get(distributor=old), by=managers[0])
    assert "You have a seat." in shown(browser(person), at(session))
    address = reverse("enrolment_take_out", args=[made.pk])
    assert browser(managers[0]).get(address).status_code == 404
    client = browser(managers[1])
    assert client.post(address, {"reason": ""}).status_code == 400
    answer = client.post(address, {"reason": "Needed at home"}, follow=True)
    assert "the person is told" in answer.content.decode()
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert client.post(address, {"reason": "Again"}).status_code == 302  # twice changes nothing


def test_whose_account_is_closed_is_signed_out_and_the_next_is_offered_the_seat():
    session = make_session(seats=1)
    gone, next_one = make_trainee(), make_trainee()
    client = browser(gone)
    for person in (gone, next_one):
        enrol(session, person, by=person)
    close_account(gone, by=make_user("administrator"))
    answer = client.post(at(session, "session_leave"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert "A seat is held for you." in shown(browser(next_one), at(session))


def test_a_group_that_no_longer_fits_is_shown_again_as_it_was_chosen():
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    people = [make_trainee(home) for _ in range(2)]
    session = make_session(seats=2)
    client = browser(manager)
    make_enrolment(session)
    answer = client.post(at(session, "session_group"), {"person": [one.pk for one in people]})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "1 seat is free, you chose 2 people" in page
    assert page.count(" checked") == 2
    resize_session(session, 3, by=make_user("coordinator"))
    client.post(at(session, "session_group"), {"person": [one.pk for one in people]})
    assert session.enrolments.holding().count() == 3
    assert shown(client, at(session, "session_group")).count("/take-out/") == 2


def test_a_nomination_is_answered_after_enrolment_closed():
    session = make_session(make_programme(entry="nomination"), in_days=30)
    person = make_trainee()
    made = make_enrolment(session, person, state="nominated")
    client = browser(person)
    type(session).objects.filter(pk=session.pk).update(enrol_until=timezone.now() - SECOND)
    page = client.post(at(session, "session_answer"), {"answer": "accept"}, follow=True)
    assert "Enrolment for this session has closed." in page.content.decode()
    made.refresh_from_db()
    assert made.state == "nominated"
