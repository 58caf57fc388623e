"""Five hundred people want the last three seats at the same moment, and smaller races.

On both databases, through the site's own view, with a control that oversells
when nobody takes turns.
"""

import contextlib
import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from network.models import User
from tests.factories.network import make_distributor
from tests.factories.workshops import make_programme, make_session, make_trainee
from tests.races import APART_S, together
from workshops.exceptions import TransitionRefused
from workshops.models import Enrolment, EnrolmentEvent, Session
from workshops.transitions import cancel_enrolment, cancel_session, core, enrol

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE, SEATS = 500, 3


def crowd(count: int) -> list[User]:
    """Members of a few distributors."""
    homes = [make_distributor() for _ in range(4)]
    people = [
        User(email=f"crowd-{number}@race.example", first_name=f"Trainee {number}", password="!")
        for number in range(count)
    ]
    people = User.objects.bulk_create(people)
    memberships = User.memberships.rel.related_model
    memberships.objects.bulk_create(
        [
            memberships(user=person, distributor=homes[number % 4], since="2020-01-01")
            for number, person in enumerate(people)
        ]
    )
    return people


def test_exactly_three_of_five_hundred_get_the_last_three_seats():
    session = make_session(make_programme(), seats=SEATS)
    clients = []
    for person in crowd(PEOPLE):
        client = Client()
        client.force_login(person, "gkc_site.accounts.backends.MemberBackend")
        clients.append(client)
    address = reverse("session_enrol", args=[session.number])
    connection.close()

    answers = together(lambda client=client: client.post(address) for client in clients)

    assert Counter(getattr(one, "status_code", one) for one in answers) == {302: PEOPLE}
    states = Counter(Enrolment.objects.values_list("state", flat=True))
    assert states == {"enrolled": SEATS, "waiting": PEOPLE - SEATS}
    first = list(Enrolment.objects.order_by("pk").values_list("state", flat=True)[:SEATS])
    assert first == ["enrolled"] * SEATS
    assert EnrolmentEvent.objects.count() == PEOPLE


@contextlib.contextmanager
def without_turns(session, people=()):
    """As `core.changing`, but nobody waits for anybody: each reads, then all write."""
    yield Session.objects.select_related("programme").get(pk=session.pk)


def test_control_without_the_lock_the_seats_are_oversold(monkeypatch):
    session = make_session(make_programme(), seats=1)
    people = [make_trainee() for _ in range(4)]
    counted, real = threading.Barrier(len(people)), core.count_seats

    def count_then_wait(*args, **kwargs):
        found = real(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            counted.wait(APART_S)
        return found

    monkeypatch.setattr("workshops.transitions.enrolling.changing", without_turns)
    monkeypatch.setattr(core, "count_seats", count_then_wait)
    connection.close()
    together(lambda one=one: enrol(session, one, by=one) for one in people)
    assert Enrolment.objects.filter(state="enrolled").count() > session.seats


def test_the_same_with_the_lock_gives_one_seat(monkeypatch):
    session = make_session(make_programme(), seats=1)
    people = [make_trainee() for _ in range(4)]
    counted, real = threading.Barrier(len(people)), core.count_seats

    def count_then_wait(*args, **kwargs):
        found = real(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            counted.wait(APART_S)
        return found

    monkeypatch.setattr(core, "count_seats", count_then_wait)
    connection.close()
    together(lambda one=one: enrol(session, one, by=one) for one in people)
    states = Counter(Enrolment.objects.values_list("state", flat=True))
    assert states == {"enrolled": 1, "waiting": 3}


def test_a_double_click_from_two_browsers_is_one_place():
    session, person = make_session(seats=5), make_trainee()
    connection.close()
    made = together(lambda: enrol(session, person, by=person) for _ in range(6))
    assert len({one.pk for one in made}) == 1
    assert Enrolment.objects.count() == 1


def test_who_enrols_while_the_session_is_cancelled_is_told_or_refused():
    session = make_session(seats=10)
    coordinator = make_trainee(is_superuser=True)
    people = [make_trainee() for _ in range(6)]
    works = [lambda one=one: enrol(session, one, by=one) for one in people]
    works.insert(3, lambda: cancel_session(session, by=coordinator, reason="Too few"))
    connection.close()
    answers = together(works)
    assert not Enrolment.objects.live().exists()
    for answer in answers:
        assert isinstance(answer, Enrolment | Session | TransitionRefused), answer


def test_everybody_leaves_and_comes_at_once_and_the_seats_hold():
    session = make_session(seats=3)
    people = crowd(24)
    made = [enrol(session, person, by=person) for person in people[:12]]
    works = [lambda one=one: cancel_enrolment(one, by=one.user) for one in made[:8]]
    works += [lambda one=one: enrol(session, one, by=one) for one in people[12:]]
    connection.close()
    answers = together(works)
    assert not [one for one in answers if isinstance(one, Exception)]
    with transaction.atomic():
        held = Enrolment.objects.holding().filter(session=session).count()
        line = Enrolment.objects.in_line().filter(session=session).count()
    assert (held, line) == (3, 24 - 8 - 3)
