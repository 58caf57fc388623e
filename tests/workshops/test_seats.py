"""Seats, the waiting list and offers: who gets a seat, when, and what the log says."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import told
from tests.workshops.seating import come, states
from touchpoints.models import Delivery
from workshops.exceptions import NotEligible, OfferOver, SeatsRefused, TransitionRefused
from workshops.models import Enrolment, EnrolmentEvent, OfferState, SeatOffer
from workshops.seats import count_seats
from workshops.transitions import (
    accept_nomination,
    accept_offer,
    approve,
    cancel_enrolment,
    decline,
    enrol,
    enrol_group,
    lapse_offers,
    nominate,
    refuse,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


# --- coming in -----------------------------------------------------------------------
def test_seats_go_to_who_comes_first_and_the_rest_wait():
    session = make_session(seats=2)
    made = come(session, 4)
    assert states(session) == ["enrolled", "enrolled", "waiting", "waiting"]
    assert told(made[0].user) == ["enrolled"]
    assert told(made[3].user) == ["waiting"]
    assert count_seats([session])[session.pk].waiting == 2


def test_a_double_click_is_one_enrolment():
    session, person = make_session(), make_trainee()
    first, second = enrol(session, person, by=person), enrol(session, person, by=person)
    assert first == second
    assert EnrolmentEvent.objects.filter(enrolment=first).count() == 1


def test_an_enrolment_takes_down_place_language_and_only_needs_asked_for():
    home = make_home("africa")
    session = make_session(make_programme(asks=["diet"]), languages=["ja", "es"])
    person = make_trainee(home, interface_language="fr", further_languages=["es"])
    made = enrol(session, person, by=person, needs={"diet": "No fish", "access": "Ramp"})
    assert (made.distributor, made.scope) == (home, ("region", home.country.region_id))
    assert made.language == "es"
    assert made.needs == {"diet": "No fish"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "planned"}, "not open"),
        ({"state": "cancelled"}, "cancelled"),
        ({"enrol_until": timezone.now() - HOUR}, "closed"),
    ],
)
def test_nobody_comes_into_a_session_that_is_not_open(fields, words):
    session, person = make_session(**fields), make_trainee()
    with pytest.raises(TransitionRefused, match=words):
        enrol(session, person, by=person)
    assert not session.enrolments.exists()


def test_missing_experience_blocks_and_says_by_how_much():
    session = make_session(make_programme(min_years=5))
    person = make_trainee(years_of_experience=2)
    with pytest.raises(NotEligible, match="3 years of experience are missing"):
        enrol(session, person, by=person)


def test_nobody_enrols_a_colleague_but_the_coordinator(coordinator):
    session, person = make_session(), make_trainee()
    colleague = make_trainee(person.memberships.get().distributor)
    with pytest.raises(PermissionDenied):
        enrol(session, person, by=colleague)
    assert enrol(session, person, by=coordinator).state == "enrolled"


def test_a_person_who_was_deactivated_meanwhile_gets_no_seat():
    session, person = make_session(), make_trainee()
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):  # `person` still says active
        enrol(session, person, by=person)


# --- approval -------------------------------------------------------------------------
def test_a_request_waits_for_the_manager_and_keeps_its_place_in_line():
    session = make_session(make_programme(entry="approval"), seats=1)
    home = make_home()
    first, second = make_trainee(home), make_trainee(home)
    manager = make_user("manager", distributor=home)
    early, late = (enrol(session, person, by=person) for person in (first, second))
    assert states(session) == ["requested", "requested"]
    assert Delivery.objects.filter(user=manager).count() == 2
    assert approve(late, by=manager).state == "enrolled"
    assert approve(early, by=manager).state == "waiting"
    with pytest.raises(TransitionRefused, match="answered"):
        approve(early, by=manager)


def test_a_manager_does_not_approve_the_own_request_but_the_coordinator_does(coordinator):
    home = make_home()
    manager = make_user("manager", distributor=home)
    session = make_session(make_programme(entry="approval"))
    own = enrol(session, manager, by=manager)
    with pytest.raises(PermissionDenied):
        approve(own, by=manager)
    assert approve(own, by=coordinator).state == "enrolled"


def test_a_refusal_needs_a_reason_and_tells_it():
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    made = enrol(make_session(make_programme(entry="approval")), person, by=person)
    with pytest.raises(TransitionRefused, match="why"):
        refuse(made, by=manager, reason=" ")
    assert refuse(made, by=manager, reason="Launch week").state == "refused"
    assert made.events.last().reason == "Launch week"
    assert told(made.user) == ["refused"]


# --- nomination and groups ---------------------------------------------------------------
def test_a_nominee_says_yes_and_gets_the_seat():
    home = make_home()
    manager, person = make_user("manager", distributor=home), make_trainee(home)
    session = make_session(make_programme(entry="nomination", asks=["diet"]), seats=1)
    with pytest.raises(NotEligible, match="nominates"):
        enrol(session, person, by=person)
    with pytest.raises(TransitionRefused, match="nominates you"):
        nominate(session, [person, manager], by=manager)
    (named,) = nominate(session, [person], by=manager)
    assert (named.state, told(named.user)) == ("nominated", ["nominated"])
    with pytest.raises(PermissionDenied):
        accept_nomination(named, by=manager)
    accepted = accept_nomination(named, by=person, needs={"diet": "Vegan"})
    assert (accepted.state, accepted.needs) == ("enrolled", {"diet": "Vegan"})


def test_a_group_gets_all_its_seats_or_none():
    home = make_home()
    manager = make_user("manager", distributor=home)
    people = [make_trainee(home) for _ in range(3)]
    session = make_session(seats=2)
    with pytest.raises(SeatsRefused, match="2 seats are free, you chose 3"):
        enrol_group(session, people, by=manager)
    assert states(session) == []
    made = enrol_group(session, people[:2], by=manager)
    assert states(session) == ["enrolled", "enrolled"]
    assert len({enrolment.group_key for enrolment in made}) == 1


def test_a_group_with_one_who_may_not_come_is_refused_by_name():
    home = make_home()
    manager = make_user("manager", distributor=home)
    ready, young = make_trainee(home), make_trainee(home, years_of_experience=1, first_name="Ivo")
    session = make_session(make_programme(min_years=3))
    with pytest.raises(TransitionRefused, match="Ivo: 2 years"):
        enrol_group(session, [ready, young], by=manager)
    stranger = make_trainee()
    with pytest.raises(PermissionDenied):
        enrol_group(session, [ready, stranger], by=manager)
    assert states(session) == []


# --- going out ---------------------------------------------------------------------------
def test_a_cancelled_seat_is_offered_to_the_next_in_the_same_transaction():
    session = make_session(seats=1)
    first, second, third = come(session, 3)
    cancel_enrolment(first, by=first.user)
    assert states(session) == ["cancelled", "offered", "waiting"]
    offer = SeatOffer.objects.get()
    assert offer.enrolment == second
    assert offer.expires_at - offer.made_at == 48 * HOUR
    assert told(second.user) == ["waiting", "offered"]
    assert accept_offer(second, by=second.user).state == "enrolled"
    assert accept_offer(second, by=second.user).state == "enrolled"  # clicked twice
    assert EnrolmentEvent.objects.filter(verb="accept").count() == 1


def test_an_offer_never_reaches_beyond_the_beginning():
    session = make_session(seats=1, in_days=1, enrol_until=timezone.now() + 5 * HOUR)
    first, _second = come(session, 2)
    cancel_enrolment(first, by=first.user)
    assert SeatOffer.objects.get().expires_at == session.starts_at


@pytest.mark.parametrize("late_s", [0, 1])
def test_an_offer_accepted_late_is_refused_and_passed_on_already(late_s):
    session = make_session(seats=1)
    first, second, third = come(session, 3)
    cancel_enrolment(first, by=first.user)
    expires = SeatOffer.objects.get().expires_at
    with time_machine.travel(expires + datetime.timedelta(seconds=late_s), tick=False):
        with pytest.raises(OfferOver, match="passed on"):
            accept_offer(second, by=second.user)
        assert states(session) == ["cancelled", "lapsed", "offered"]
        with pytest.raises(OfferOver, match="passed on"):
            accept_offer(second, by=second.user)
    with time_machine.travel(expires - datetime.timedelta(seconds=1), tick=False):
        assert accept_offer(third, by=third.user).state == "enrolled"


def test_the_sweep_lapses_offers_down_the_line_and_does_nothing_twice():
    session = make_session(seats=1)
    first, second, third = come(session, 3)
    cancel_enrolment(first, by=first.user)
    later = SeatOffer.objects.get().expires_at
    with time_machine.travel(later, tick=False):
        assert lapse_offers() == 1
        assert lapse_offers() == 0
    assert states(session) == ["cancelled", "lapsed", "offered"]
    assert told(second.user) == ["waiting", "offered", "offer_lapsed"]
    assert SeatOffer.objects.filter(state=OfferState.OPEN).count() == 1


def test_a_declined_seat_goes_on():
    session = make_session(seats=1)
    first, second, _third = come(session, 3)
    cancel_enrolment(first, by=first.user)
    decline(second, by=second.user)
    assert states(session) == ["cancelled", "cancelled", "offered"]


def test_one_does_not_give_up_a_seat_after_the_last_moment_but_the_manager_can():
    home = make_home()
    session = make_session(cancel_until=timezone.now() - HOUR)
    person, manager = make_trainee(home), make_user("manager", distributor=home)
    made = enrol(session, person, by=person)
    with pytest.raises(TransitionRefused, match="last moment to cancel"):
        cancel_enrolment(made, by=person)
    cancel_enrolment(made, by=manager, reason="Ill")
    assert told(made.user) == ["enrolled", "enrolment_cancelled"]


def test_who_gave_up_comes_again_at_the_end_of_the_line():
    session = make_session(seats=1)
    first, second = come(session, 2)
    cancel_enrolment(second, by=second.user)
    third = come(session, 1)[0]
    again = enrol(session, second.user, by=second.user)
    line = Enrolment.objects.in_line().filter(session=session)
    assert list(line) == [third, again]
