"""Seats kept for regions; a session that is resized, cancelled, opened."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.factories.network import make_region, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import mails, told
from tests.workshops.seating import come, states
from workshops.exceptions import SeatsRefused, TransitionRefused
from workshops.models import EnrolmentEvent, SeatQuota, Session
from workshops.transitions import (
    cancel_enrolment,
    cancel_session,
    enrol,
    open_quotas,
    open_session,
    plan_session,
    resize_session,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


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


def test_seats_that_are_kept_and_not_taken_yet_stay_when_there_are_fewer(coordinator):
    session = make_session(seats=4)
    quota(session, make_region("asia"), 2)
    come(session, 2)
    for seats in (3, 2):
        with pytest.raises(SeatsRefused, match="kept for regions"):
            resize_session(session, seats, by=coordinator)
    resize_session(session, 5, by=coordinator)
    session.refresh_from_db()
    assert session.seats == 5


def test_a_cancelled_session_ends_every_place_and_tells_each_once(coordinator):
    session = make_session(seats=1)
    made = come(session, 2)
    with pytest.raises(TransitionRefused, match="why"):
        cancel_session(session, by=coordinator, reason="")
    cancel_session(session, by=coordinator, reason="Too few")
    session.refresh_from_db()
    assert (session.state, session.sequence) == ("cancelled", 1)
    assert states(session) == ["cancelled", "cancelled"]
    assert [told(one.user)[-1] for one in made] == ["session_cancelled"] * 2
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


def test_who_cannot_have_kept_seats_reads_so_before_and_after(client):
    session = make_session(seats=4)
    quota(session, make_region("africa"), 3)
    own, other = make_trainee(make_home("africa")), make_trainee(make_home("asia"))
    make_enrolment(session, make_trainee(make_home("asia")))
    address = reverse("session", args=[session.number])

    def page(user=None) -> str:
        client.logout()
        if user is not None:
            client.force_login(user)
        return client.get(address).content.decode()

    assert "3 of them are kept for regions." in page()
    assert "Join the waiting list" not in page(own)
    assert "kept for other regions" not in page(own)
    found = page(other)
    assert "3 of 4 seats free" in found
    assert "3 of them are kept for other regions until" in found
    assert "Join the waiting list" in found
    done = client.post(reverse("session_enrol", args=[session.number]), follow=True)
    assert "The free seats are kept for other regions until" in done.content.decode()
    assert "All seats are taken" not in done.content.decode()
    assert "go to the waiting list" in page(other)
    (mail,) = mails()
    said = " ".join(mail.body.split())
    assert "are kept for other regions until" in said
    assert "are taken" not in said
