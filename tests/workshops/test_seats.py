"""Seats, the waiting list, offers, quotas: who gets a seat, when, and what the log says."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from network.transitions import leave
from tests.factories.network import make_mandate, make_membership, make_region, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from touchpoints.models import Delivery
from workshops.exceptions import NotEligible, OfferOver, SeatsRefused, TransitionRefused
from workshops.models import Enrolment, EnrolmentEvent, OfferState, SeatOffer, SeatQuota, Session
from workshops.seats import count_seats
from workshops.transitions import (
    accept_nomination,
    accept_offer,
    approve,
    cancel_enrolment,
    cancel_session,
    close_lists,
    decline,
    enrol,
    enrol_group,
    erase_needs,
    finish_sessions,
    lapse_offers,
    nominate,
    open_quotas,
    open_session,
    part_from_gone,
    plan_session,
    refuse,
    resize_session,
    sweep_seats,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def states(session) -> list[str]:
    """In order of the line."""
    return list(session.enrolments.order_by("pk").values_list("state", flat=True))


def told(enrolment) -> list[str]:
    """Kinds that the person was told, in order."""
    rows = Delivery.objects.filter(user=enrolment.user).order_by("pk")
    return [name.split(".")[1] for name in rows.values_list("mailing__kind", flat=True)]


def come(session, count: int) -> list[Enrolment]:
    """So many people enrol themselves, one after another."""
    people = [make_trainee() for _ in range(count)]
    return [enrol(session, person, by=person) for person in people]


@pytest.fixture
def coordinator():
    return make_user("coordinator")


# --- coming in -----------------------------------------------------------------------
def test_seats_go_to_who_comes_first_and_the_rest_wait():
    session = make_session(seats=2)
    made = come(session, 4)
    assert states(session) == ["enrolled", "enrolled", "waiting", "waiting"]
    assert told(made[0]) == ["enrolled"]
    assert told(made[3]) == ["waiting"]
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
    assert told(made) == ["refused"]


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
    assert (named.state, told(named)) == ("nominated", ["nominated"])
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
    assert told(second) == ["waiting", "offered"]
    assert accept_offer(second, by=second.user).state == "enrolled"
    assert accept_offer(second, by=second.user).state == "enrolled"  # clicked twice
    assert EnrolmentEvent.objects.filter(verb="accept").count() == 1


def test_an_offer_never_reaches_beyond_the_deadline():
    session = make_session(seats=1, in_days=3, enrol_until=timezone.now() + 5 * HOUR)
    first, _second = come(session, 2)
    cancel_enrolment(first, by=first.user)
    assert SeatOffer.objects.get().expires_at == session.enrol_until


def test_an_offer_accepted_one_second_late_is_refused_and_passed_on_already():
    session = make_session(seats=1)
    first, second, third = come(session, 3)
    cancel_enrolment(first, by=first.user)
    expires = SeatOffer.objects.get().expires_at
    with time_machine.travel(expires + datetime.timedelta(seconds=1), tick=False):
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
    assert told(second) == ["waiting", "offered", "offer_lapsed"]
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
    assert told(made) == ["enrolled", "enrolment_cancelled"]


def test_who_gave_up_comes_again_at_the_end_of_the_line():
    session = make_session(seats=1)
    first, second = come(session, 2)
    cancel_enrolment(second, by=second.user)
    third = come(session, 1)[0]
    again = enrol(session, second.user, by=second.user)
    line = Enrolment.objects.in_line().filter(session=session)
    assert list(line) == [third, again]


# --- kept seats --------------------------------------------------------------------------
def quota(session, region, seats: int, hours: float = 24) -> SeatQuota:
    return SeatQuota.objects.create(
        session=session, region=region, seats=seats, held_until=timezone.now() + hours * HOUR
    )


def test_kept_seats_are_for_their_region_until_the_date_then_for_the_line():
    asia, africa = make_region("asia"), make_region("africa")
    session = make_session(seats=3)
    kept = quota(session, africa, 2)
    at_asia = [make_trainee(make_home("asia")) for _ in range(3)]
    for person in at_asia:
        enrol(session, person, by=person)
    assert states(session) == ["enrolled", "waiting", "waiting"]
    african = make_trainee(make_home("africa"))
    enrol(session, african, by=african)
    assert states(session) == ["enrolled", "waiting", "waiting", "enrolled"]
    skips = EnrolmentEvent.objects.filter(verb="skip")
    assert [(e.enrolment.user, "kept for another region" in e.reason) for e in skips] == [
        (at_asia[1], True),
        (at_asia[2], True),
    ]
    assert open_quotas() == 0
    with time_machine.travel(kept.held_until, tick=False):
        assert open_quotas() == 1
        assert open_quotas() == 0
    assert states(session) == ["enrolled", "offered", "waiting", "enrolled"]
    assert asia.slug == "asia"


def test_nobody_slips_in_between_the_date_and_the_sweep():
    africa = make_region("africa")
    session = make_session(seats=1)
    kept = quota(session, africa, 1)
    waiting = come(session, 1)[0]
    assert waiting.state == "waiting"
    with time_machine.travel(kept.held_until + HOUR, tick=False):
        late = come(session, 1)[0]
    assert states(session) == ["offered", "waiting"]
    assert late.state == "waiting"


def test_who_is_no_longer_eligible_is_passed_over_with_a_reason_and_stays_in_line():
    session = make_session(make_programme(min_years=3), seats=1)
    first, second, third = come(session, 3)
    type(second.user).objects.filter(pk=second.user.pk).update(post_confirmed_at=None)
    cancel_enrolment(first, by=first.user)
    assert states(session) == ["cancelled", "waiting", "offered"]
    skip = second.events.get(verb="skip")
    assert "not open to this person" in skip.reason


# --- the session changes --------------------------------------------------------------------
def test_more_seats_go_to_the_line_and_fewer_than_held_are_refused(coordinator):
    session = make_session(seats=1)
    come(session, 3)
    resize_session(session, 2, by=coordinator)
    assert states(session) == ["enrolled", "offered", "waiting"]
    with pytest.raises(SeatsRefused, match="2 people hold seats"):
        resize_session(session, 1, by=coordinator)
    session.refresh_from_db()
    assert session.seats == 2


def test_a_cancelled_session_ends_every_place_and_tells_each_once(coordinator):
    session = make_session(seats=1)
    made = come(session, 2)
    with pytest.raises(TransitionRefused, match="why"):
        cancel_session(session, by=coordinator, reason="")
    cancel_session(session, by=coordinator, reason="Too few")
    session.refresh_from_db()
    assert (session.state, session.sequence) == ("cancelled", 1)
    assert states(session) == ["cancelled", "cancelled"]
    assert [told(one)[-1] for one in made] == ["session_cancelled"] * 2
    with pytest.raises(TransitionRefused):
        cancel_session(session, by=coordinator, reason="Too few")
    with pytest.raises(TransitionRefused, match="cancelled"):
        enrol(session, made[0].user, by=made[0].user)


def test_a_session_is_planned_opened_and_numbered(coordinator):
    start = timezone.now() + 48 * HOUR
    programme = make_programme()
    made = plan_session(
        programme,
        by=coordinator,
        days=[(start, start + HOUR), (start + 24 * HOUR, start + 25 * HOUR)],
        seats=12,
        languages=["en"],
        time_zone="Asia/Tokyo",
    )
    assert made.number == f"W-{made.pk:04}"
    assert (made.state, made.days.count()) == ("planned", 2)
    assert open_session(made, by=coordinator).state == "open"
    with pytest.raises(PermissionDenied):
        plan_session(programme, by=make_user("trainer"), days=[], seats=1, languages=["en"])


def test_a_trainer_is_never_at_two_places_at_once(coordinator):
    trainer = make_user("trainer")
    there = make_session(in_days=5, trainers=[trainer])
    start = there.starts_at
    arguments = {
        "by": coordinator,
        "seats": 5,
        "languages": ["en"],
        "trainers": [trainer],
    }
    with pytest.raises(TransitionRefused, match="teaches another session"):
        plan_session(there.programme, days=[(start + HOUR, start + 3 * HOUR)], **arguments)
    assert Session.objects.count() == 1
    plan_session(there.programme, days=[(start + 6 * HOUR, start + 8 * HOUR)], **arguments)


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
    assert told(asked)[-1] == told(waiting)[-1] == "list_closed"


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
