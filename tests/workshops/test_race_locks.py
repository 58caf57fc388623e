"""Two changes that take the same locks never wait for each other (docs/adr/0011), and a place that
a merger takes along is not changed where it was. PostgreSQL ends a deadlock after a second with an
error for one of the two: each control shows it."""

import contextlib

import pytest
from django.db import transaction
from django.db.models import QuerySet

from network import transitions as people
from network.models import User
from network.transitions import close_account, leave
from tests.factories.network import make_distributor, make_membership, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.races import Meeting, kinds, meeting, replace, together, while_inside
from workshops.models import Enrolment
from workshops.transitions import cancel_enrolment, core, merge_sessions, set_trainers
from workshops.transitions.core import changing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOM = "workshops.transitions"


@pytest.fixture
def administrator():
    return make_user("administrator")


# --- an account is closed while its owner is named as a trainer --------------------------------
def name_whom_one_closes(monkeypatch, coordinator, administrator) -> list[str]:
    """Each holds its first lock when the other begins: the person's row, the session's."""
    session = make_session()
    person = make_enrolment(session, make_trainee()).user
    meeting(monkeypatch, "network.transitions.end_sessions", f"{ROOM}.sessions.can_manage_session")
    return kinds(
        together(
            [
                lambda: close_account(person, by=administrator),
                lambda: set_trainers(session, [person], by=coordinator),
            ]
        )
    )


def test_a_trainer_is_named_while_the_account_is_closed(monkeypatch, coordinator, administrator):
    answers = name_whom_one_closes(monkeypatch, coordinator, administrator)
    # Refused while the place was still there, or named after it had ended.
    assert answers in (["NoneType", "TransitionRefused"], ["NoneType", "NoneType"])
    assert Enrolment.objects.get().state == "cancelled"


@pytest.mark.postgres
def test_control_trainers_rows_behind_the_session_end_in_a_deadlock(
    monkeypatch, coordinator, administrator
):
    monkeypatch.setattr(
        f"{ROOM}.sessions.teaching_alone",
        lambda: list(User.objects.select_for_update(no_key=True).order_by("pk")),
    )
    answers = name_whom_one_closes(monkeypatch, coordinator, administrator)
    assert "OperationalError" in answers


# --- an account is closed while its owner's sessions are merged --------------------------------
def merge_whom_one_closes(monkeypatch, coordinator, administrator) -> list[str]:
    """The person has a place in both; the one that begins later has the lower key."""
    programme = make_programme()
    late, early = make_session(programme, in_days=40), make_session(programme, in_days=20)
    person = make_trainee()
    for session in (late, early):
        make_enrolment(session, person)
    met = Meeting()

    def hold_one(real):
        @contextlib.contextmanager
        def held(session, *args):
            with real(session, *args) as locked:
                met.wait()
                yield locked

        return held

    for module in ("merging", "leaving"):
        replace(monkeypatch, f"{ROOM}.{module}.changing", hold_one)
    return kinds(
        together(
            [
                lambda: merge_sessions(early, late, by=coordinator),
                lambda: close_account(person, by=administrator),
            ]
        )
    )


def test_sessions_are_merged_while_an_account_is_closed(monkeypatch, coordinator, administrator):
    answers = merge_whom_one_closes(monkeypatch, coordinator, administrator)
    assert answers == ["NoneType", "Session"]
    assert not Enrolment.objects.live().exists()


@pytest.mark.postgres
def test_control_the_other_way_round_they_wait_for_each_other(
    monkeypatch, coordinator, administrator
):
    monkeypatch.setattr(
        f"{ROOM}.merging.sorted", lambda rows, key: sorted(rows, key=key)[::-1], raising=False
    )
    answers = merge_whom_one_closes(monkeypatch, coordinator, administrator)
    assert "OperationalError" in answers


# --- somebody leaves both distributors at the same moment ----------------------------------------
def leave_both(monkeypatch) -> bool:
    """Returns whether the account is still open."""
    homes = [make_distributor(), make_distributor()]
    managers = [make_user("manager", distributor=home) for home in homes]
    person = make_trainee(homes[0])
    make_membership(person, homes[1])
    meeting(monkeypatch, "network.transitions.forget_standing")
    rows = {home.pk: person.memberships.get(distributor=home) for home in homes}
    answers = together(
        lambda home=home, by=by: leave(rows[home.pk], by=by)
        for home, by in zip(homes, managers, strict=True)
    )
    assert answers == [None, None]
    return User.objects.get(pk=person.pk).is_active


def test_who_leaves_both_distributors_at_once_has_no_account(monkeypatch):
    assert not leave_both(monkeypatch)


@pytest.mark.postgres
def test_control_without_the_persons_lock_the_account_stays_open(monkeypatch):
    monkeypatch.setattr(people, "tree_change", transaction.atomic)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self._chain())
    assert leave_both(monkeypatch)


# --- a place is changed while a merger takes it along --------------------------------------------
def give_up_while_it_merges(monkeypatch, coordinator) -> tuple[list[str], Enrolment, bool]:
    programme = make_programme()
    one, two = make_session(programme), make_session(programme, in_days=40)
    held = make_enrolment(one)
    answers, came_between = while_inside(
        monkeypatch,
        f"{ROOM}.merging._move_people",
        lambda: merge_sessions(one, two, by=coordinator),
        lambda: cancel_enrolment(held, by=held.user),
    )
    found = Enrolment.objects.select_related("session").get()
    return kinds(answers), found, came_between


def test_a_place_that_moves_is_not_given_up_where_it_was(monkeypatch, coordinator):
    answers, found, came_between = give_up_while_it_merges(monkeypatch, coordinator)
    assert (answers, came_between) == (["PlaceMoved", "Session"], False)
    assert (found.state, found.session.state) == ("enrolled", "open")


def test_control_who_does_not_look_where_it_is_takes_it_back_there(monkeypatch, coordinator):
    def as_it_was(session, enrolment):
        found = Enrolment.objects.select_related("user", "distributor").get(pk=enrolment.pk)
        found.session = session
        return found

    monkeypatch.setattr(f"{ROOM}.leaving.again", as_it_was)
    answers, found, _came_between = give_up_while_it_merges(monkeypatch, coordinator)
    assert answers == ["Enrolment", "Session"]
    assert found.session.state == "cancelled"  # and no longer on the list that it was moved to


def test_who_is_gone_gives_up_the_place_wherever_a_merger_took_it(
    monkeypatch, coordinator, administrator
):
    programme = make_programme()
    one, two = make_session(programme), make_session(programme, in_days=40)
    held = make_enrolment(one)
    answers, _came_between = while_inside(
        monkeypatch,
        f"{ROOM}.merging._move_people",
        lambda: merge_sessions(one, two, by=coordinator),
        lambda: close_account(held.user, by=administrator),
    )
    assert kinds(answers) == ["NoneType", "Session"]
    held.refresh_from_db()
    assert (held.session, held.state) == (two, "cancelled")
    with changing(two) as locked:
        assert core.again(locked, held).session == two
