"""Smaller races about seats, and each once more with its guard off."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from network.models import User
from network.transitions import close_account, leave
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.races import kinds, meeting, together, while_inside, without_locks
from tests.workshops.after import make_past, people_of
from workshops.models import AttendanceMark, Enrolment, SeatOffer, Session
from workshops.transitions import (
    Mark,
    accept_offer,
    cancel_enrolment,
    cancel_session,
    enrol,
    enrol_group,
    lapse_offers,
    mark,
    merge_sessions,
    move_session,
    plan_session,
    resize_session,
    sweep_seats,
)
from workshops.transitions.core import changing, promote

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


# --- an account that is closed while its owner comes in ------------------------------------------
def manager_of(person) -> User:
    home = person.memberships.latest("pk").distributor
    return User.objects.get(memberships__distributor=home, memberships__contact="first")


def come_alone(session, person):
    return enrol(session, person, by=person)


def come_in_a_group(session, person):
    return enrol_group(session, [person], by=manager_of(person))


def come_by_the_coordinator(session, person):
    return enrol(session, person, by=make_user("coordinator"))


def part_by_closing(person):
    return close_account(person, by=make_user("administrator"))


def part_by_leaving(person):
    return leave(person.memberships.get(), by=manager_of(person))


WAYS = [
    (way_in, way_out)
    for way_in in (come_alone, come_in_a_group)
    for way_out in (part_by_closing, part_by_leaving)
]


def come_while_parting(monkeypatch, way_in, way_out) -> tuple[list[str], bool]:
    """Somebody is about to get a seat when they part. Returns states, and whether they parted in
    between."""
    session, person = make_session(seats=1), make_trainee()
    make_user("manager", distributor=person.memberships.get().distributor)
    answers, came_between = while_inside(
        monkeypatch,
        f"{ROOM}.enrolling.refuse_closed",
        lambda: way_in(session, person),
        lambda: way_out(person),
    )
    assert not [one for one in answers if isinstance(one, Exception)], answers
    return list(Enrolment.objects.values_list("state", flat=True)), came_between


@pytest.mark.parametrize(("way_in", "way_out"), WAYS)
def test_who_parts_while_coming_in_keeps_no_seat(monkeypatch, way_in, way_out):
    assert come_while_parting(monkeypatch, way_in, way_out) == (["cancelled"], False)


def test_control_without_the_lock_a_closed_account_holds_a_seat(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.core", "network.transitions")
    found = come_while_parting(monkeypatch, come_alone, part_by_closing)
    assert found == (["enrolled"], True)
    # The sweep ends what no signal saw, as it does for accounts closed in the admin.
    sweep_seats()
    assert Enrolment.objects.get().state == "cancelled"


@pytest.mark.postgres
def test_control_the_sessions_lock_alone_does_not_keep_the_departure_out(monkeypatch):
    monkeypatch.setattr(f"{ROOM}.enrolling.changing", lambda session, people=(): changing(session))
    found = come_while_parting(monkeypatch, come_alone, part_by_closing)
    assert found == (["enrolled"], True)


@pytest.mark.parametrize("way_in", [come_alone, come_in_a_group, come_by_the_coordinator])
def test_who_comes_in_while_the_account_is_closed_is_refused(monkeypatch, way_in):
    session, person = make_session(seats=1), make_trainee()
    make_user("manager", distributor=person.memberships.get().distributor)
    answers, came_between = while_inside(
        monkeypatch,
        "network.transitions.end_sessions",
        lambda: part_by_closing(person),
        lambda: way_in(session, person),
    )
    refused = "TransitionRefused" if way_in is come_by_the_coordinator else "PermissionDenied"
    assert kinds(answers) == ["NoneType", refused]
    assert (Enrolment.objects.count(), came_between) == (0, False)


# --- fewer seats while somebody comes in -----------------------------------------------------
def shrink_while_one_comes(monkeypatch, coordinator) -> tuple[int, int]:
    """Returns (seats, seats held)."""
    session, person = make_session(seats=2), make_trainee()
    make_enrolment(session)
    while_inside(
        monkeypatch,
        f"{ROOM}.sessions.count_seats",
        lambda: resize_session(session, 1, by=coordinator),
        lambda: enrol(session, person, by=person),
    )
    session.refresh_from_db()
    return session.seats, Enrolment.objects.holding().count()


def test_fewer_seats_are_never_fewer_than_are_held(monkeypatch, coordinator):
    assert shrink_while_one_comes(monkeypatch, coordinator) == (1, 1)


def test_control_without_the_lock_more_hold_seats_than_there_are(monkeypatch, coordinator):
    guard_off(monkeypatch)
    assert shrink_while_one_comes(monkeypatch, coordinator) == (1, 2)


# --- an offer is accepted while something else ends it -----------------------------------------
def offered() -> Enrolment:
    """Who waited is offered the one seat."""
    session = make_session(seats=1)
    make_enrolment(session, state="waiting")
    with transaction.atomic():
        promote(Session.objects.get(pk=session.pk), why="A seat became free.", at=timezone.now())
    return Enrolment.objects.select_related("session", "user").get()


def accept_while_it_is_cancelled(monkeypatch, coordinator) -> tuple[str, bool]:
    held = offered()
    answers, came_between = while_inside(
        monkeypatch,
        f"{ROOM}.leaving.settle_offer",
        lambda: accept_offer(held, by=held.user),
        lambda: cancel_session(held.session, by=coordinator, reason="Too few"),
    )
    assert kinds(answers) == ["Enrolment", "Session"]
    return Enrolment.objects.get().state, came_between


def test_an_offer_that_is_being_accepted_ends_with_the_session(monkeypatch, coordinator):
    assert accept_while_it_is_cancelled(monkeypatch, coordinator) == ("cancelled", False)


def test_control_without_the_lock_an_offer_outlives_the_session(monkeypatch, coordinator):
    guard_off(monkeypatch)
    assert accept_while_it_is_cancelled(monkeypatch, coordinator) == ("enrolled", True)


def accept_while_it_lapses(monkeypatch) -> tuple[list[str], str, str]:
    """The sweep's clock is past its end, and the person's click was a second earlier."""
    held, late = offered(), timezone.now() + 20 * DAY
    answers, _came_between = while_inside(
        monkeypatch,
        f"{ROOM}.sweeping.system",
        lambda: lapse_offers(late),
        lambda: accept_offer(held, by=held.user),
    )
    return kinds(answers), Enrolment.objects.get().state, SeatOffer.objects.get().state


def test_an_offer_lapses_or_is_taken_and_never_both(monkeypatch):
    assert accept_while_it_lapses(monkeypatch) == (["OfferOver", "int"], "lapsed", "lapsed")


def test_control_without_the_lock_who_took_the_seat_loses_it(monkeypatch):
    guard_off(monkeypatch)
    assert accept_while_it_lapses(monkeypatch) == (["Enrolment", "int"], "lapsed", "accepted")


# --- two tablets -----------------------------------------------------------------------------
def save_on_two_tablets(monkeypatch) -> tuple[list[int], list]:
    """Both saw an empty list. Each marks somebody of its own, and one person the other way round.
    Returns (marks not taken by each, marks of that person)."""
    trainers = [make_user("trainer"), make_user("trainer")]
    session = make_past(trainers=trainers)
    mine, yours, both = people_of(session, 3)
    day = session.days.get().pk
    meeting(monkeypatch, "workshops.models.attendance.AttendanceMark.objects.standing_of")
    pairs = [(trainers[0], mine, True), (trainers[1], yours, False)]
    untaken = together(
        [
            lambda by=by, own=own, here=here: mark(
                session, [Mark(own.pk, day, True), Mark(both.pk, day, here)], by=by
            )
            for by, own, here in pairs
        ]
    )
    assert AttendanceMark.objects.filter(enrolment__in=[mine, yours], is_present=True).count() == 2
    return sorted(map(len, untaken)), list(AttendanceMark.objects.filter(enrolment=both))


def test_of_two_tablets_each_keeps_its_own_and_the_second_is_told(monkeypatch):
    untaken, marks = save_on_two_tablets(monkeypatch)
    assert (untaken, len(marks)) == ([0, 1], 1)


def test_control_without_the_lock_the_last_tablet_wins_and_nobody_is_told(monkeypatch):
    guard_off(monkeypatch)
    untaken, marks = save_on_two_tablets(monkeypatch)
    assert (untaken, len(marks)) == ([0, 0], 2)
