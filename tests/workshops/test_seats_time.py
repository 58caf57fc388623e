"""People part from the network, and time goes by: what becomes of seats."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from network.transitions import leave
from tests.factories.network import make_mandate, make_membership, make_region, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import told
from tests.workshops.seating import come, states
from touchpoints.models import Delivery
from workshops.exceptions import TransitionRefused
from workshops.models import SeatQuota
from workshops.transitions import (
    accept_offer,
    approve,
    cancel_enrolment,
    close_lists,
    enrol,
    erase_needs,
    finish_sessions,
    lapse_offers,
    part_from_gone,
    resize_session,
    sweep_seats,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


# --- people part ---------------------------------------------------------------------------
def test_who_leaves_the_network_gives_the_seat_to_the_next():
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    session = make_session(seats=1)
    made = enrol(session, person, by=person)
    come(session, 1)
    leave(person.memberships.get(), by=manager)
    assert states(session) == ["cancelled", "offered"]
    assert "left the network" in made.events.last().reason


def test_who_moves_keeps_the_place_with_the_new_distributor():
    old, new = make_home("asia"), make_home("africa")
    manager, person = make_user("manager", distributor=old), make_trainee(old)
    session = make_session(make_programme(entry="approval"), seats=1)
    made = enrol(session, person, by=person)
    new_manager = make_user("manager", distributor=new)
    make_membership(person, new)
    leave(person.memberships.get(distributor=old), by=manager)
    made.refresh_from_db()
    assert (made.state, made.distributor) == ("requested", new)
    assert made.scope == ("region", new.country.region_id)
    assert made.events.last().verb == "move"
    assert Delivery.objects.filter(user=new_manager).count() == 1
    assert approve(made, by=new_manager).state == "enrolled"


def test_the_sweep_finds_who_was_deactivated_without_a_word():
    session = make_session(seats=1)
    first, _second = come(session, 2)
    type(first.user).objects.filter(pk=first.user.pk).update(is_active=False)
    assert part_from_gone() == 1
    assert part_from_gone() == 0
    assert states(session) == ["cancelled", "offered"]


def test_a_deactivated_person_in_line_is_not_offered_a_seat():
    session = make_session(seats=1)
    first, second, third = come(session, 3)
    type(second.user).objects.filter(pk=second.user.pk).update(is_active=False)
    cancel_enrolment(first, by=first.user)
    assert states(session) == ["cancelled", "lapsed", "offered"]


# --- time --------------------------------------------------------------------------------
def test_lists_close_and_everybody_is_told():
    session = make_session(make_programme(entry="approval"), seats=1, in_days=2)
    session.enrol_until = session.starts_at - 24 * HOUR
    session.save()
    asked = come(session, 1)[0]
    waiting = make_enrolment(session, state="waiting")
    with time_machine.travel(session.enrol_until, tick=False):
        assert close_lists() == 1
    with time_machine.travel(session.starts_at, tick=False):
        assert close_lists() == 1
        assert close_lists() == 0
    assert states(session) == ["lapsed", "lapsed"]
    assert told(asked.user)[-1] == told(waiting.user)[-1] == "list_closed"


def test_needs_are_erased_after_the_session_and_it_is_done():
    session = make_session(make_programme(asks=["diet"]))
    person = make_trainee()
    made = enrol(session, person, by=person, needs={"diet": "Vegan"})
    assert erase_needs() == 0
    with time_machine.travel(session.ends_at, tick=False):
        assert erase_needs() == 1
        assert finish_sessions() == 1
        assert sweep_seats() == 0
    made.refresh_from_db()
    session.refresh_from_db()
    assert (made.needs, session.state) == ({}, "done")


def test_the_log_is_only_added_to():
    event = make_enrolment(make_session()).events.get()
    event.reason = "changed"
    with pytest.raises(RuntimeError):
        event.save()
    with pytest.raises(RuntimeError):
        event.delete()


def test_a_coordinator_of_one_programme_has_no_say_in_another():
    mine, other = make_programme(), make_programme()
    person = make_user()
    make_mandate(person, "coordinator", scope="programme", programme_key=mine.programme_key)
    session = make_session(mine, seats=1)
    resize_session(session, 2, by=person)
    with pytest.raises(PermissionDenied):
        resize_session(make_session(other), 2, by=person)


def test_the_line_moves_up_after_enrolment_closed_until_the_session_begins():
    session = make_session(seats=1, in_days=5)
    session.enrol_until = session.starts_at - 72 * HOUR
    session.save()
    first, second, third, fourth = come(session, 4)
    with time_machine.travel(session.enrol_until + HOUR, tick=False):
        with pytest.raises(TransitionRefused, match="closed"):
            come(session, 1)
        cancel_enrolment(first, by=first.user)
        assert states(session) == ["cancelled", "offered", "waiting", "waiting"]
        assert lapse_offers() == close_lists() == 0
    with time_machine.travel(session.enrol_until + 49 * HOUR, tick=False):
        assert lapse_offers() == 1
        assert states(session) == ["cancelled", "lapsed", "offered", "waiting"]
        accept_offer(third, by=third.user)
        offer = third.offers.get()
        assert offer.expires_at == session.starts_at
    with time_machine.travel(session.starts_at, tick=False):
        assert close_lists() == 1
    fourth.refresh_from_db()
    assert fourth.events.last().reason == "The session began before a seat became free."
    assert told(second.user)[-2:] == ["offered", "offer_lapsed"]
    assert told(fourth.user) == ["waiting", "list_closed"]


def test_seats_kept_until_enrolment_closes_go_to_the_line_then():
    session = make_session(seats=1, in_days=5)
    session.enrol_until = session.starts_at - 72 * HOUR
    session.save()
    SeatQuota.objects.create(
        session=session, region=make_region("africa"), seats=1, held_until=session.enrol_until
    )
    come(session, 1)
    assert states(session) == ["waiting"]
    with time_machine.travel(session.enrol_until, tick=False):
        assert sweep_seats() == 1
    assert states(session) == ["offered"]
