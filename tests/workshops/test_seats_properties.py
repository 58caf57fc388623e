"""No sequence of enrol, cancel, offer, expire, resize, move, merge and quota exceeds the seats,
loses a person, or jumps the line without a logged reason.

GKC_SEATS=500x60 (examples × steps) makes it long: `make soak`.
"""

import datetime
import os
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
EXAMPLES, LENGTH = (int(n) for n in os.environ.get("GKC_SEATS", "30x35").split("x"))
IS_SHORT = EXAMPLES <= 30


class World:
    """A session, another of the programme, six people of two regions, a manager of each, and time
    that passes. `session` is the one that lives when the other was merged into it.

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
        self.other = make_session(self.session.programme, seats=seats, in_days=8)
        self.joined: set[int] = set()
        self.history: list[tuple[EnrolmentEvent, int]] = []
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

    # --- steps of the coordinator's desk: previewed, then done as it was shown ---
    def desk(self, sessions, change):
        """The change behind its preview, which must not lie and must leave nothing behind."""
        before = list(EnrolmentEvent.objects.values_list("pk", flat=True))
        effects = self.attempt(transitions.foresee, sessions, change)
        assert list(EnrolmentEvent.objects.values_list("pk", flat=True)) == before
        if effects is not None:
            done = transitions.carry_out(sessions, change, seen=effects.mark)
            assert done.mark == effects.mark
            for one in effects.people:
                row = Enrolment.objects.get(pk=one.enrolment.pk)
                assert (row.session_id, row.state) == one.after

    def come_to_the_other(self, who, much):
        person = self.people[who]
        forget_standing(person)
        if self.session.programme.entry != "nomination":
            self.attempt(transitions.enrol, self.other, person, by=person)

    def arrange(self, who, much):
        scope = ("region", self.homes[who % 2].country.region_id)
        kept = {scope: (much % 3, timezone.now() + 30 * HOUR)}
        self.desk(
            [self.session],
            lambda: transitions.arrange_seats(
                self.session, by=self.coordinator, seats=1 + much % 5, kept=kept
            ),
        )

    def shift(self, who, much):
        self.session.refresh_from_db()
        day = self.session.first_day + datetime.timedelta(days=much % 5 - 1)
        self.desk(
            [self.session],
            lambda: transitions.move_session(self.session, day, by=self.coordinator),
        )

    def merge(self, who, much):
        pair = [self.session, self.other]
        source, target = pair if much % 2 else pair[::-1]

        def together():
            return transitions.merge_sessions(source, target, by=self.coordinator)

        self.desk(pair, together)
        source.refresh_from_db()
        if source.merged_into_id == target.pk:
            # Everybody went along; the line goes on in the other, and a new one opens beside it.
            assert not source.enrolments.live().exists()
            self.session = target
            self.other = make_session(
                self.session.programme, seats=2, in_days=9, enrol_until=target.enrol_until
            )

    # --- promises ---
    def check(self):
        self.never_more_than_the_seats()
        self.nobody_is_lost()
        self.an_offered_seat_has_one_open_offer()
        self.nobody_waits_before_a_seat_they_could_have()
        self.nobody_jumps_the_line_without_a_logged_reason()

    def never_more_than_the_seats(self):
        for session in (self.session, self.other):
            session.refresh_from_db()
            held = Enrolment.objects.filter(session=session, state__in=HOLDING).count()
            assert held <= session.seats

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
        for offer in rows.select_related("enrolment__session"):
            assert offer.expires_at <= offer.enrolment.session.starts_at

    def nobody_waits_before_a_seat_they_could_have(self):
        for session in (self.session, self.other):
            seats = count_seats([session])[session.pk]
            opened = session.quotas.filter(held_until__lte=timezone.now(), opened_at=None)
            if timezone.now() >= session.starts_at or opened.exists():
                continue  # nobody moves up any more, or the sweep is due
            for enrolment in Enrolment.objects.in_line().filter(session=session):
                assert seats.free_for(enrolment.scope) == 0

    def nobody_jumps_the_line_without_a_logged_reason(self):
        """Replays the log: when a seat is given, whoever waits ahead has a reason beside it."""
        self.note_events()
        state: dict[int, str] = {}
        line: dict[int, int] = {}  # enrolment → the session it is in then
        skipped: dict[int, int] = {}  # enrolment → position of its last skip
        given_before: dict[int, int] = {}  # session → position of the last seat it gave
        for position, (event, session) in enumerate(self.history):
            pk = event.enrolment_id
            if event.verb == "skip":
                skipped[pk] = position
            had = event.old in ("offered", "enrolled")
            if event.new in ("offered", "enrolled") and not had:
                last = given_before.get(session, -1)
                for other, now in state.items():
                    if now == "waiting" and other < pk and line[other] == session:
                        assert skipped.get(other, -1) > last, (other, pk)
                given_before[session] = position
            state[pk], line[pk] = event.new, session

    def note_events(self):
        """Events do not say in which session they happened: taken down after each step."""
        rows = EnrolmentEvent.objects.select_related("enrolment").order_by("pk")
        for event in rows[len(self.history) :]:
            self.history.append((event, event.enrolment.session_id))


# Coming and leaving happen more often than the rest.
STEPS = ["come"] * 5 + ["give_up", "answer_offer", "answer_request"] * 2
STEPS += ["come_together", "pass_time", "sweep", "run_out", "resize", "keep", "move"]
STEPS += ["come_to_the_other"] * 2 + ["arrange", "shift", "merge"]
step = st.tuples(st.sampled_from(STEPS), st.integers(0, PEOPLE - 1), st.integers(0, 11))
seen: Counter = Counter()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=IS_SHORT,
    database=None,
    phases=[Phase.generate] if IS_SHORT else [Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(
    entry=st.sampled_from(["open", "open", "approval", "nomination"]),
    seats=st.integers(2, 3),
    kept=st.integers(1, 2),
    steps=st.lists(step, min_size=LENGTH - 10, max_size=LENGTH),
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
        *("offer", "accept", "decline", "lapse", "skip", "move", "move_session", "merge"),
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
