"""No sequence of enrol, cancel, offer, expire, resize, move and quota exceeds the seats, loses a
person, or jumps the line without a logged reason."""

import datetime
from collections import Counter
from typing import ClassVar

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

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


class Seats(RuleBasedStateMachine):
    """One session, six people of two regions, a manager of each, and time that passes."""

    seen: ClassVar[Counter] = Counter()  # verbs of the log, over all examples

    @initialize(
        entry=st.sampled_from(["open", "open", "approval", "nomination"]),
        seats=st.integers(1, 4),
        kept=st.integers(0, 2),
    )
    def begin(self, entry, seats, kept):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.now = self.clock.start()
        homes = [make_home("asia"), make_home("africa")]
        self.homes = homes
        self.managers = {home: make_user("manager", distributor=home) for home in homes}
        self.coordinator = make_user("coordinator")
        self.people = [make_trainee(homes[n % 2]) for n in range(PEOPLE)]
        self.session = make_session(make_programme(entry=entry), seats=seats, in_days=6)
        self.joined: set[int] = set()
        self.seats_are_kept(home=1, seats=kept, hours=48)

    def teardown(self):
        if not hasattr(self, "atomic"):
            return
        self.clock.stop()
        Seats.seen.update(EnrolmentEvent.objects.values_list("verb", flat=True))
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def home_of(self, person):
        return person.memberships.current().latest("pk").distributor

    def attempt(self, change, *args, **kwargs):
        """The change, or a refusal that changes nothing."""
        with transaction.atomic():
            try:
                return change(*args, **kwargs)
            except ChangeRefused:
                return None

    def row(self, number):
        rows = Enrolment.objects.filter(user=self.people[number]).order_by("-pk")
        return rows.select_related("session", "user").first()

    @rule(number=st.integers(0, PEOPLE - 1))
    def comes(self, number):
        person = self.people[number]
        forget_standing(person)
        if self.session.programme.entry == "nomination":
            self.attempt(
                transitions.nominate,
                self.session,
                [person],
                by=self.managers[self.home_of(person)],
            )
            made = self.row(number)
            if made and made.state == "nominated":
                self.attempt(transitions.accept_nomination, made, by=person)
        else:
            self.attempt(transitions.enrol, self.session, person, by=person)
        self.joined |= set(Enrolment.objects.values_list("pk", flat=True))

    @rule(numbers=st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=4))
    def come_together(self, numbers):
        people = [self.people[n] for n in numbers if self.home_of(self.people[n]) == self.homes[0]]
        self.attempt(transitions.enrol_group, self.session, people, by=self.managers[self.homes[0]])
        self.joined |= set(Enrolment.objects.values_list("pk", flat=True))

    def one_of(self, number, *states):
        """One of the places in these states; None where there is none."""
        rows = Enrolment.objects.filter(state__in=states).order_by("pk")
        rows = list(rows.select_related("session", "user", "distributor"))
        return rows[number % len(rows)] if rows else None

    @rule(number=st.integers(0, PEOPLE - 1), yes=st.booleans())
    def is_answered(self, number, yes):
        made = self.one_of(number, "requested")
        if made is None:
            return
        manager = self.managers[made.distributor]
        if yes:
            self.attempt(transitions.approve, made, by=manager)
        else:
            self.attempt(transitions.refuse, made, by=manager, reason="No")

    @rule(number=st.integers(0, PEOPLE - 1))
    def gives_up(self, number):
        made = self.one_of(number, *LIVE)
        if made:
            self.attempt(transitions.cancel_enrolment, made, by=made.user)

    @rule(number=st.integers(0, PEOPLE - 1), yes=st.booleans())
    def answers_offer(self, number, yes):
        made = self.one_of(number, "offered")
        if made:
            answer = transitions.accept_offer if yes else transitions.decline
            self.attempt(answer, made, by=made.user)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        self.now.shift(hours * HOUR)

    @rule()
    def sweep(self):
        transitions.sweep_seats()

    @rule(seats=st.integers(1, 5))
    def is_resized(self, seats):
        self.attempt(transitions.resize_session, self.session, seats, by=self.coordinator)

    @rule(home=st.integers(0, 1), seats=st.integers(0, 3), hours=st.integers(1, 60))
    def seats_are_kept(self, home, seats, hours):
        scope = ("region", self.homes[home].country.region_id)
        until = timezone.now() + hours * HOUR
        self.attempt(
            transitions.keep_seats, self.session, scope, seats, until=until, by=self.coordinator
        )

    @rule(number=st.integers(0, PEOPLE - 1))
    def moves(self, number):
        person = self.people[number]
        old = self.home_of(person)
        new = self.homes[1] if old == self.homes[0] else self.homes[0]
        Membership.objects.filter(user=person).delete()
        Membership.objects.create(user=person, distributor=new, since=datetime.date(2020, 1, 1))
        forget_standing(person)
        transitions.part_from(person, by=self.coordinator)

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def never_more_than_the_seats(self):
        self.session.refresh_from_db()
        held = Enrolment.objects.filter(session=self.session, state__in=HOLDING).count()
        assert held <= self.session.seats

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def nobody_is_lost(self):
        assert set(Enrolment.objects.values_list("pk", flat=True)) >= self.joined
        for enrolment in Enrolment.objects.prefetch_related("events"):
            events = list(enrolment.events.all())
            assert events[-1].new == enrolment.state
            for before, after in zip(events, events[1:], strict=False):
                assert before.new == after.old

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def an_offered_seat_has_one_open_offer(self):
        offered = set(Enrolment.objects.filter(state="offered").values_list("pk", flat=True))
        rows = SeatOffer.objects.filter(state=OfferState.OPEN)
        assert sorted(rows.values_list("enrolment", flat=True)) == sorted(offered)
        assert all(offer.expires_at <= self.session.enrol_until for offer in rows)

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def nobody_waits_before_a_seat_they_could_have(self):
        seats = count_seats([self.session])[self.session.pk]
        opened = self.session.quotas.filter(held_until__lte=timezone.now(), opened_at=None)
        if timezone.now() >= self.session.enrol_until or opened.exists():
            return  # nobody moves up any more, or the sweep is due
        for enrolment in Enrolment.objects.in_line().filter(session=self.session):
            assert seats.free_for(enrolment.scope) == 0

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def nobody_jumps_the_line_without_a_logged_reason(self):
        """Replays the log: when a seat is given, whoever waits ahead has a reason beside it."""
        state: dict[int, str] = {}
        skipped: dict[int, int] = {}  # enrolment → position of its last skip
        given_before = -1
        log = list(EnrolmentEvent.objects.order_by("pk"))
        for position, event in enumerate(log):
            if event.verb == "skip":
                skipped[event.enrolment_id] = position
            gets = event.new in ("offered", "enrolled") and event.old not in ("offered", "enrolled")
            if gets:
                ahead = [
                    pk for pk, now in state.items() if now == "waiting" and pk < event.enrolment_id
                ]
                for pk in ahead:
                    assert skipped.get(pk, -1) > given_before, (pk, event.enrolment_id)
                given_before = position
            state[event.enrolment_id] = event.new


Seats.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_no_sequence_breaks_the_promises_of_seats():
    Seats.seen.clear()
    case = Seats.TestCase()
    case.settings = Seats.TestCase.settings
    case.runTest()
    reached = {"enrol", "enrol_group", "approve", "cancel", "offer", "accept", "lapse", "skip"}
    assert reached | {"accept_nomination", "decline", "move", "refuse", "close"} <= set(Seats.seen)


@pytest.fixture
def machine():
    """Two seats, one of them kept for Africa; an Asian has a seat, another waits."""
    made = Seats()
    made.begin(entry="open", seats=2, kept=1)
    made.comes(0)
    made.comes(2)
    yield made
    made.teardown()


def check_all(machine) -> None:
    machine.never_more_than_the_seats()
    machine.nobody_is_lost()
    machine.an_offered_seat_has_one_open_offer()
    machine.nobody_waits_before_a_seat_they_could_have()
    machine.nobody_jumps_the_line_without_a_logged_reason()


def test_a_kept_seat_is_given_past_the_line(machine):
    machine.comes(1)
    assert [row.state for row in Enrolment.objects.order_by("pk")] == [
        "enrolled",
        "waiting",
        "enrolled",
    ]
    check_all(machine)


def test_control_a_silent_jump_is_found(machine, monkeypatch):
    monkeypatch.setattr(core, "pass_over", lambda *args, **kwargs: None)
    machine.comes(1)
    with pytest.raises(AssertionError):
        check_all(machine)


def test_control_a_seat_given_without_counting_is_found(machine, monkeypatch):
    monkeypatch.setattr("workshops.seats.Seats.free_for", lambda self, scope: 1)
    machine.comes(1)
    machine.comes(3)
    with pytest.raises(AssertionError):
        check_all(machine)


def test_control_a_seat_that_nobody_passes_on_is_found(machine, monkeypatch):
    monkeypatch.setattr("workshops.transitions.leaving.promote", lambda *args, **kwargs: None)
    machine.gives_up(0)
    with pytest.raises(AssertionError):
        check_all(machine)
