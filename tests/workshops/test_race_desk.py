"""People enrol while a session is moved; two coordinators change one, or merge the other way
round: each with a control that breaks it when nobody takes turns."""

import contextlib
import datetime
import threading
import uuid
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from network.exceptions import ChangeRefused
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.races import APART_S, together
from tests.workshops.test_race import crowd, without_turns
from touchpoints.models import Delivery
from workshops.models import Enrolment, Session
from workshops.transitions import (
    add_seats,
    carry_out,
    enrol,
    foresee,
    merge_sessions,
    move_session,
    plan_session,
    previewing,
)
from workshops.transitions.previewing import PreviewStale

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def coordinator():
    return make_trainee(is_superuser=True)


def test_who_enrols_while_a_session_moves_is_told_of_the_new_day(coordinator):
    session = make_session(seats=20)
    people, day = crowd(10), session.first_day + 7 * DAY
    works = [lambda one=one: enrol(session, one, by=one) for one in people]
    works.insert(5, lambda: move_session(session, day, by=coordinator))
    connection.close()
    answers = together(works)
    assert not [one for one in answers if isinstance(one, Exception)]
    moved = Session.objects.get()
    assert (moved.first_day, moved.sequence) == (day, 1)
    told = Counter(Delivery.objects.values_list("user", flat=True))
    before = Delivery.objects.filter(mailing__kind="workshops.session_moved")
    for person in people:
        # Who came before the move got both mails; who came after it, the one of the new day.
        came_before = before.filter(user=person).exists()
        assert told[person.pk] == (2 if came_before else 1)
        events = list(person.enrolments.get().events.values_list("verb", flat=True))
        assert events == (["enrol", "move_session"] if came_before else ["enrol"])


def both_add(coordinator, session, monkeypatch=None) -> list:
    """Two coordinators saw the same preview of two seats more, and confirm at once."""

    def more():
        return add_seats(session, 2, by=coordinator)

    seen = foresee([session], more).mark
    connection.close()
    return together(lambda: carry_out([session], more, seen=seen) for _ in range(2))


def test_of_two_coordinators_with_one_preview_the_second_is_shown_anew(coordinator):
    session = make_session(seats=1)
    make_enrolment(session)
    answers = both_add(coordinator, session)
    assert sorted(type(one).__name__ for one in answers) == ["Effects", "PreviewStale"]
    stale = next(one for one in answers if isinstance(one, PreviewStale))
    assert stale.effects.mark
    session.refresh_from_db()
    assert session.seats == 3


def test_control_without_the_mark_both_add_their_seats(coordinator, monkeypatch):
    monkeypatch.setattr(previewing, "_hash", lambda *parts: "the same")
    session = make_session(seats=1)
    answers = both_add(coordinator, session)
    assert [type(one).__name__ for one in answers] == ["Effects", "Effects"]
    session.refresh_from_db()
    assert session.seats == 5


def test_merges_the_other_way_round_do_not_wait_for_each_other_or_lose_anybody(coordinator):
    programme = make_programme()
    one, two = make_session(programme, seats=10), make_session(programme, in_days=40, seats=10)
    for session in (one, two):
        for _ in range(3):
            make_enrolment(session)
    connection.close()
    answers = together(
        [
            lambda: merge_sessions(one, two, by=coordinator),
            lambda: merge_sessions(two, one, by=coordinator),
        ]
    )
    assert sum(isinstance(answer, ChangeRefused) for answer in answers) == 1
    left = Session.objects.get(state="open")
    assert Enrolment.objects.filter(session=left, state="enrolled").count() == 6


def race_for_the_last_seat(coordinator, monkeypatch, paused) -> Session:
    """A merger that fills a session, and somebody who enrols in its last seat, at once."""
    programme = make_programme()
    one, two = make_session(programme, seats=1), make_session(programme, in_days=40, seats=2)
    make_enrolment(one)
    make_enrolment(two)
    person, met = make_trainee(), threading.Barrier(2)

    def meet(function):
        def wrapped(*args, **kwargs):
            found = function(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(APART_S)
            return found

        return wrapped

    for path in paused:
        module, _dot, name = path.rpartition(".")
        monkeypatch.setattr(path, meet(getattr(__import__(module, fromlist=[name]), name)))
    connection.close()
    together(
        [
            lambda: merge_sessions(one, two, by=coordinator),
            lambda: enrol(two, person, by=person),
        ]
    )
    return two


# Both have looked whether there is room, and neither has written yet.
PAUSED = (
    "workshops.transitions.merging._refuse_overfull",
    "workshops.transitions.enrolling.promote",
)


def test_a_merger_and_an_enrolment_never_share_the_last_seat(coordinator, monkeypatch):
    target = race_for_the_last_seat(coordinator, monkeypatch, PAUSED)
    assert Enrolment.objects.holding().filter(session=target).count() == 2


def test_control_without_turns_the_merger_oversells(coordinator, monkeypatch):
    for module in ("merging", "enrolling"):
        monkeypatch.setattr(f"workshops.transitions.{module}.changing", without_turns)
    target = race_for_the_last_seat(coordinator, monkeypatch, PAUSED)
    assert Enrolment.objects.holding().filter(session=target).count() == 3


def both_plan(coordinator, *, once) -> int:
    """Two clicks at the same moment. Returns how many sessions they made."""
    programme, start = make_programme(), timezone.now() + 9 * DAY
    days = [(start, start + DAY / 4)]

    def plan():
        return plan_session(
            programme, by=coordinator, days=days, seats=3, languages=["en"], once=once
        )

    connection.close()
    made = together(plan for _click in range(4))
    return len({session.pk for session in made})


def test_two_clicks_at_once_plan_one_session(coordinator):
    assert both_plan(coordinator, once=uuid.uuid4()) == 1
    assert Session.objects.count() == 1


def test_control_without_the_forms_name_each_click_plans(coordinator):
    assert both_plan(coordinator, once=None) == Session.objects.count() == 4
