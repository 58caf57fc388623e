"""Smaller races about seats, and each once more with its guard off."""

import datetime

import pytest

from network.transitions import close_account
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.races import kinds, meeting, together, while_inside, without_locks
from workshops.models import Enrolment, Session
from workshops.transitions import (
    cancel_enrolment,
    cancel_session,
    enrol,
    merge_sessions,
    move_session,
    plan_session,
    sweep_seats,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOM = "workshops.transitions"
DAY = datetime.timedelta(days=1)


def guard_off(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.core", f"{ROOM}.sessions")


@pytest.fixture
def coordinator():
    return make_user("coordinator")


# --- a double click ---------------------------------------------------------------------
def click_twice(monkeypatch) -> list[str]:
    session, person = make_session(seats=5), make_trainee()
    meeting(monkeypatch, f"{ROOM}.enrolling._counting")
    return kinds(together([lambda: enrol(session, person, by=person)] * 2))


def test_a_double_click_is_one_place(monkeypatch):
    assert click_twice(monkeypatch) == ["Enrolment", "Enrolment"]
    assert Enrolment.objects.count() == 1


def test_control_without_the_lock_the_second_click_is_an_error(monkeypatch):
    guard_off(monkeypatch)
    assert click_twice(monkeypatch) == ["Enrolment", "IntegrityError"]


# --- cancelled while somebody enrols ----------------------------------------------------
def enrol_and(monkeypatch, then) -> tuple[Enrolment, bool]:
    """Somebody is about to get a seat when the coordinator changes the session."""
    session, person = make_session(seats=5), make_trainee()
    answers, came_between = while_inside(
        monkeypatch,
        f"{ROOM}.enrolling.refuse_closed",
        lambda: enrol(session, person, by=person),
        lambda: then(Session.objects.get(pk=session.pk)),
    )
    assert not [one for one in answers if isinstance(one, Exception)]
    return Enrolment.objects.get(), came_between


def cancel(coordinator):
    return lambda session: cancel_session(session, by=coordinator, reason="Too few")


def test_who_enrols_while_it_is_cancelled_is_cancelled_with_it(monkeypatch, coordinator):
    made, came_between = enrol_and(monkeypatch, cancel(coordinator))
    assert (made.state, came_between) == ("cancelled", False)


def test_control_without_the_lock_a_cancelled_session_has_a_trainee(monkeypatch, coordinator):
    guard_off(monkeypatch)
    made, came_between = enrol_and(monkeypatch, cancel(coordinator))
    assert (made.state, made.session.state, came_between) == ("enrolled", "cancelled", True)


# --- moved while somebody enrols -----------------------------------------------------------
def move(coordinator):
    return lambda session: move_session(session, session.first_day + 7 * DAY, by=coordinator)


def test_who_enrols_while_it_moves_is_among_those_who_are_told(monkeypatch, coordinator):
    made, came_between = enrol_and(monkeypatch, move(coordinator))
    assert not came_between
    assert list(made.events.values_list("verb", flat=True)) == ["enrol", "move_session"]


def test_control_without_the_lock_nobody_tells_them_of_the_new_day(monkeypatch, coordinator):
    guard_off(monkeypatch)
    made, came_between = enrol_and(monkeypatch, move(coordinator))
    assert came_between
    assert list(made.events.values_list("verb", flat=True)) == ["enrol"]


# --- the last seat is given up while somebody asks for it -----------------------------------
def leave_while_another_comes(monkeypatch) -> list[str]:
    session, person = make_session(seats=1), make_trainee()
    held = make_enrolment(session)
    while_inside(
        monkeypatch,
        f"{ROOM}.enrolling.promote",
        lambda: enrol(session, person, by=person),
        lambda: cancel_enrolment(held, by=held.user),
    )
    return list(Enrolment.objects.order_by("pk").values_list("state", flat=True))


def test_a_seat_given_up_meanwhile_is_offered(monkeypatch):
    assert leave_while_another_comes(monkeypatch) == ["cancelled", "offered"]


def test_control_without_the_lock_the_seat_stays_empty(monkeypatch):
    guard_off(monkeypatch)
    assert leave_while_another_comes(monkeypatch) == ["cancelled", "waiting"]


# --- two mergers the other way round ---------------------------------------------------------
def merge_both_ways(monkeypatch, coordinator) -> list[str]:
    programme = make_programme()
    one, two = make_session(programme, seats=10), make_session(programme, in_days=40, seats=10)
    for session in (one, two):
        make_enrolment(session)
    meeting(monkeypatch, f"{ROOM}.merging._refuse_overfull")
    together(
        [
            lambda: merge_sessions(one, two, by=coordinator),
            lambda: merge_sessions(two, one, by=coordinator),
        ]
    )
    return sorted(Session.objects.values_list("state", flat=True))


def test_of_two_mergers_the_other_way_round_one_is_done(monkeypatch, coordinator):
    assert merge_both_ways(monkeypatch, coordinator) == ["cancelled", "open"]
    assert Enrolment.objects.filter(session__state="open", state="enrolled").count() == 2


def test_control_without_the_lock_both_sessions_are_gone(monkeypatch, coordinator):
    guard_off(monkeypatch)
    assert merge_both_ways(monkeypatch, coordinator) == ["cancelled", "cancelled"]


# --- a trainer at two places ------------------------------------------------------------------
def plan_twice(monkeypatch, coordinator) -> list[str]:
    trainer, programme = make_user("trainer"), make_programme()
    start = make_session(programme).starts_at + 7 * DAY
    meeting(monkeypatch, f"{ROOM}.sessions.busy_trainers")
    hours = datetime.timedelta(hours=6)
    return kinds(
        together(
            [
                lambda: plan_session(
                    programme,
                    by=coordinator,
                    days=[(start, start + hours)],
                    seats=3,
                    languages=["en"],
                    trainers=[trainer],
                    place_kind="online",
                    time_zone="UTC",
                )
            ]
            * 2
        )
    )


def test_a_trainer_is_planned_for_one_of_two_at_once(monkeypatch, coordinator):
    assert plan_twice(monkeypatch, coordinator) == ["Session", "TrainerBusy"]


def test_control_without_the_lock_a_trainer_teaches_two_at_once(monkeypatch, coordinator):
    guard_off(monkeypatch)
    assert plan_twice(monkeypatch, coordinator) == ["Session", "Session"]


# --- an account that is closed while its owner enrols -------------------------------------------
def test_whose_account_is_closed_while_enrolling_keeps_no_seat(monkeypatch):
    """Neither waits for the other; what the departure could not see yet, the sweep ends."""
    session, person = make_session(seats=1), make_trainee()
    administrator = make_user("administrator")
    answers, _came_between = while_inside(
        monkeypatch,
        f"{ROOM}.enrolling.refuse_closed",
        lambda: enrol(session, person, by=person),
        lambda: close_account(person, by=administrator),
    )
    assert kinds(answers) == ["Enrolment", "NoneType"]
    sweep_seats()
    assert Enrolment.objects.get().state == "cancelled"
