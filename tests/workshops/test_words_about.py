"""What is missing, said to the person, and said of them to a manager or the coordinator."""

import datetime
import re

import pytest
from django.urls import reverse

from network.transitions import close_account
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from workshops.eligibility import eligibility
from workshops.exceptions import NotEligible
from workshops.models import ExceptionRequest
from workshops.transitions import approve, enter_course

pytestmark = pytest.mark.django_db
ADDRESSED = re.compile(r"\b(you|your|yours)\b", re.IGNORECASE)


def missing(person, programme, **how) -> str:
    return eligibility(person, programme, **how).sentence


def test_every_sentence_is_said_of_them_without_addressing_the_reader():
    course = make_programme()
    programme = make_programme(min_years=5, requires=[course], entry="nomination")
    entered = make_trainee(years_of_experience=2)
    enter_course(entered, course, datetime.date(2020, 1, 1))
    people = [
        entered,
        make_trainee(years_of_experience=None),
        make_trainee(post_confirmed_at=None),
    ]
    for person in people:
        to_them, of_them = missing(person, programme), missing(person, programme, about=True)
        assert ADDRESSED.search(to_them), to_them
        assert not ADDRESSED.search(of_them), of_them
    assert "it asks for 5, the profile names 2." in missing(people[0], programme, about=True)
    closed = make_trainee()
    close_account(closed, by=make_user("administrator"))
    closed.refresh_from_db()
    assert missing(closed, programme, about=True) == "This account is closed."


def test_coordinators_and_managers_read_of_the_person(client):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    programme = make_programme(min_years=5, entry="approval")
    person = make_trainee(home, years_of_experience=2)
    asked = ExceptionRequest.objects.create(user=person, programme=programme, words="Please")
    session, other = make_session(programme), make_session(programme, in_days=60)
    request = make_enrolment(session, person, state="requested")
    for reader, address in (
        (make_user("coordinator"), reverse("exception", args=[asked.pk])),
        (manager, reverse("session_group", args=[other.number])),
        (manager, reverse("enrolment", args=[request.pk])),
    ):
        client.force_login(reader)
        page = client.get(address).content.decode()
        assert "it asks for 5, the profile names 2." in page, address
        assert "you have 2" not in page, address
    with pytest.raises(NotEligible, match="the profile names 2"):
        approve(request, by=manager)
