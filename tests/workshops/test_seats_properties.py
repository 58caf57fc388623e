"""No sequence of enrol, cancel, offer, expire, resize, move and quota exceeds the seats, loses a
person, or jumps the line without a logged reason."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from network.exceptions import ChangeRefused
from network.models import Membership
from network.permissions import forget_standing
from tests.factories.network import make_user
from tests.factories.workshops import make_home, make_programme, make_session, make_trainee
from workshops import transitions
from workshops.models import HOLDING, LIVE, Enrolment, EnrolmentEvent, OfferState, SeatOffer
from workshops.seats import count_seats
from workshops.transitions import core

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOUR = datetime.timedelta(hours=1)
PEOPLE = 6


class World:
    """One session, six people of two regions, a manager of each, and time that passes.

    Every step takes two numbers that say who, and how much.
    """

    def __init__(self, entry: str, seats: int, kept: int):
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        self.homes = [make_home("asia"), make_home("africa")]
        self.managers = {home: make_user("manager", distributor=home) for home in self.homes}
        self.coordinator = make_user("coordinator")
        self.people = [make_trainee(self.homes[n % 2]) for n in range(PEOPLE)]
        self.session = make_session(make_programme(entry=entry), seats=seats, in_days=6)
        self.joined: set[int] = set()
        self.keep(1, kept)

    def close(self):
        self.clock.stop()

    def attempt(self, change, *args, **kwargs):
        """The change, or a refusal that changes nothing."""
        with transaction.atomic():
            try:
                return change(*args, **kwargs)
            except ChangeRefused:
                return None

    def home_of(self, person):
        return person.memberships.current().latest("pk").distributor

    def one_of(self, number, *states):
        """One of the places in these states; None where there is none."""
        rows = Enrolment.objects.filter(state__in=states).order_by("pk")
        rows = list(rows.select_related("session", "user", "distributor"))
        return rows[number % len(rows)] if rows else None

    # --- steps ---
    def come(self, who, much):
        person = self.people[who]
        forget_standing(person)
        if self.session.programme.entry == "nomination":
            manager = self.managers[self.home_of(person)]
            self.attempt(transitions.nominate, self.session, [person], by=manager)
            named = self.one_of(0, "nominated")
            if named and much % 4:
                self.attempt(transitions.accept_nomination, named, by=named.user)
        else:
            self.attempt(transitions.enrol, self.session, person, by=person)

    def come_together(self, who, much):
        home = self.homes[who % 2]
        people = [one for one in self.people if self.home_of(one) == home][: 1 + much % 3]
        if people:
            self.attempt(transitions.enrol_group, self.session, people, by=self.managers[home])

    def answer_request(self, who, much):
        made = self.one_of(who, "requested")
        if made:
            manager = self.managers[made.distributor]
            if much % 4:
                self.attempt(transitions.approve, made, by=manager)
            else:
                self.attempt(transitions.refuse, made, by=manager, reason="No")

    def give_up(self, who, much):
        made = self.one_of(who, *LIVE)
        if made:
            self.attempt(transitions.cancel_enrolment, made, by=made.user)

    def answer_offer(self, who, much):
        made = self.one_of(who, "offered")
        if made:
            answer = transitions.accept_offer if much % 3 else transitions.decline
            self.attempt(answer, made, by=made.user)

    def pass_time(self, who, much):
        self.now.shift((1 + much % 12) * HOUR)

    def sweep(self, who, much):
        transitions.sweep_seats()

    def run_out(self, who, much):
        offer = SeatOffer.objects.filter(state=OfferState.OPEN).order_by("expires_at").first()
        if offer is not None:
            self.now.move_to(max(offer.expires_at, timezone.now()))
            transitions.sweep_seats()

    def resize(self, who, much):
        self.attempt(transitions.resize_session, self.session, 1 + much % 4, by=self.coordinator)

    def keep(self, who, much):
        scope = ("region", self.homes[who % 2].country.region_id)
        until = timezone.now() + 40 * HOUR
        self.attempt(
            transitions.keep_seats, self.session, scope, much % 3, until=until, by=self.coordinator
        )

    def move(self, who, much):
        person = self.people[who]
        new = self.homes[1 - self.homes.index(self.home_of(person))]
        Membership.objects.filter(user=person).delete()
        Membership.objects.create(user=person, distributor=new, since=datetime.date(2020, 1, 1))
        forget_standing(person)
        transitions.part_from(person, by=self.coordinator)

    # --- promises ---
    def check(self):
        self.never_more_than_the_seats()
        self.nobody_is_lost()
        self.an_offered_seat_has_one_open_offer()
        self.nobody_waits_before_a_seat_they_could_have()
        self.nobody_jumps_the_line_without_a_logged_reason()

    def never_more_than_the_seats(self):
        self.session.refresh_from_db()
        held = Enrolment.objects.filter(session=self.session, state__in=HOLDING).count()
        assert held <= self.session.seats

    def nobody_is_lost(self):
        there = set(Enrolment.objects.values_list("pk", flat=True))
        assert there >= self.joined
        self.joined = there
        for enrolment in Enrolment.objects.prefetch_related("events"):
            events = list(enrolment.events.all())
            assert events[-1].new == enrolment.state
            for before, after in zip(events, events[1:], strict=False):
                assert before.new == after.old

    def an_offered_seat_has_one_open_offer(self):
        offered = Enrolment.objects.filter(state="offered").values_list("pk", flat=True)
        rows = SeatOffer.objects.filter(state=OfferState.OPEN)
        assert sorted(rows.values_list("enrolment", flat=True)) == sorted(offered)
        assert all(offer.expires_at <= self.session.enrol_until for offer in rows)

    def nobody_waits_before_a_seat_they_could_have(self):
        seats = count_seats([self.session])[self.session.pk]
        opened = self.session.quotas.filter(held_until__lte=timezone.now(), opened_at=None)
        if timezone.now() >= self.session.enrol_until or opened.exists():
            return  # nobody moves up any more, or the sweep is due
        for enrolment in Enrolment.objects.in_line().filter(session=self.session):
            assert seats.free_for(enrolment.scope) == 0

    def nobody_jumps_the_line_without_a_logged_reason(self):
        """Replays the log: when a seat is given, whoever waits ahead has a reason beside it."""
        state: dict[int, str] = {}
        skipped: dict[int, int] = {}  # enrolment → position of its last skip
        given_before = -1
        for position, event in enumerate(EnrolmentEvent.objects.order_by("pk")):
            if event.verb == "skip":
                skipped[event.enrolment_id] = position
            had = event.old in ("offered", "enrolled")
            if event.new in ("offered", "enrolled") and not had:
                for pk, now in state.items():
                    if now == "waiting" and pk < event.enrolment_id:
                        assert skipped.get(pk, -1) > given_before, (pk, event.enrolment_id)
                given_before = position
            state[event.enrolment_id] = event.new


# Coming and leaving happen more often than the rest.
STEPS = ["come"] * 5 + ["give_up", "answer_offer", "answer_request"] * 2
STEPS += ["come_together", "pass_time", "sweep", "run_out", "resize", "keep", "move"]
step = st.tuples(st.sampled_from(STEPS), st.integers(0, PEOPLE - 1), st.integers(0, 11))
seen: Counter = Counter()


@settings(
    max_examples=45,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    entry=st.sampled_from(["open", "open", "approval", "nomination"]),
    seats=st.integers(2, 3),
    kept=st.integers(1, 2),
    steps=st.lists(step, min_size=25, max_size=35),
)
def run_any(entry, seats, kept, steps):
    with transaction.atomic():
        world = World(entry, seats, kept)
        try:
            for name, who, much in steps:
                getattr(world, name)(who, much)
                world.check()
        finally:
            world.close()
            seen.update(EnrolmentEvent.objects.values_list("verb", flat=True))
            transaction.set_rollback(True)


def test_no_sequence_breaks_the_promises_of_seats():
    seen.clear()
    run_any()
    assert {
        *("enrol", "enrol_group", "approve", "refuse", "accept_nomination", "cancel"),
        *("offer", "accept", "decline", "lapse", "skip", "move"),
    } <= set(seen)


# --- the same promises, and what breaks them ------------------------------------------------
@pytest.fixture
def world():
    """Two seats, one of them kept for Africa; an Asian has a seat, another waits."""
    made = World("open", seats=2, kept=1)
    made.come(0, 1)
    made.come(2, 1)
    yield made
    made.close()


def test_a_kept_seat_is_given_past_the_line(world):
    world.come(1, 1)
    assert [row.state for row in Enrolment.objects.order_by("pk")] == [
        "enrolled",
        "waiting",
        "enrolled",
    ]
    world.check()


def test_control_a_silent_jump_is_found(world, monkeypatch):
    monkeypatch.setattr(core, "pass_over", lambda *args, **kwargs: None)
    world.come(1, 1)
    with pytest.raises(AssertionError):
        world.check()


def test_control_a_seat_given_without_counting_is_found(world, monkeypatch):
    monkeypatch.setattr("workshops.seats.Seats.free_for", lambda self, scope: 1)
    world.come(1, 1)
    world.come(3, 1)
    with pytest.raises(AssertionError):
        world.check()


def test_control_a_seat_that_nobody_passes_on_is_found(world, monkeypatch):
    monkeypatch.setattr("workshops.transitions.leaving.promote", lambda *args, **kwargs: None)
    world.give_up(0, 1)
    with pytest.raises(AssertionError):
        world.check()
