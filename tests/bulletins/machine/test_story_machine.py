"""A story under every transition by every role, in any order.

18 roles and whoever is author, holder or invited at that moment × all steps of
`steps.py`, from ten points of a story's way. After every step:

- no forbidden stage: each event leads from and to stages that its verb may (`WAYS`);
- the projection equals the events, for every story there is;
- no event is lost or changed: the history only grows;
- nothing is sent twice: a message for each event that has one and none without,
  no second delivery to anybody, and a sweep that runs again finds nothing;
- whoever has a story may have it: one open review, its holder's, without an
  interest, neutral at the neutral step; clocks run for nobody else;
- what readers find live was approved by a neutral reviewer;
- nobody sees what their role forbids: rule, list and bare rows agree for all;
- who may not is refused (`MAY`), and a refusal leaves everything as it was.

GKC_MACHINE=500x50 (examples × steps) makes it long: `make soak`.
"""

import datetime
import os
from collections import Counter

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bulletins.models import Case, CaseEvent, CoAuthorship
from bulletins.transitions import handing
from network.exceptions import ChangeRefused
from network.models import Mandate, Membership
from tests.bulletins.machine import promises
from tests.bulletins.machine.promises import Bare, check_story, history_of, print_of
from tests.bulletins.machine.steps import FITS, STEPS, Nothing, sweep
from tests.bulletins.machine.world import (
    AUTHOR,
    HOLDER,
    INVITED,
    STARTS,
    World,
    people_of,
    person_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES, LENGTH = (int(n) for n in os.environ.get("GKC_MACHINE", "50x8").split("x"))
IS_SHORT = EXAMPLES <= 50
MONDAY = datetime.datetime(2026, 2, 2, 9, tzinfo=datetime.UTC)
PEOPLE = (
    *("visitor", "reader", "colleague", "second_colleague", "manager", "campaigner", "lead"),
    *("neutral", "other_lead", "editor", "second_editor", "translator", "trainer"),
    *("coordinator", "executive", "administrator", "superuser"),
)
EDITORS = {"editor", "second_editor", "superuser"}
REFUSALS = (ChangeRefused, PermissionDenied, Nothing)

tried: Counter = Counter()  # (step, role) → times
done: Counter = Counter()  # step → times


def may(name: str, bare: Bare, pk: int | None, role: str, world: World) -> bool:
    """Whether anybody in this role may do this at all: the design's words, from bare rows."""
    case = bare.case
    if name == "pass_days":
        return True  # nobody's act
    if pk is None:
        return False
    firm = Membership.objects.current().filter(distributor=case.distributor)
    belongs = firm.filter(user=pk).exists()
    co_author = belongs and pk in bare.co_authors
    is_author, has_it = belongs and pk == case.author_id, pk == case.holder_id
    edits = bool({role} & EDITORS) or Mandate.objects.filter(user=pk, role="editor").exists()
    manages = firm.filter(user=pk).exclude(contact="").exists()
    theirs = Mandate.objects.current().filter(user=pk, review_area=case.review_area)
    if name in ("submit", "appeal", "answer_an_edit", "say_whether_it_lasts", "tick"):
        return is_author or co_author
    if name in ("withdraw", "revive"):
        return is_author or edits
    if name in ("write", "choose_audience", "ask_for_public"):
        return is_author or co_author or edits
    if name in ("delete", "invite"):
        return is_author
    if name in ("edit", "publish", "archive", "clear", "note_archive"):
        return edits
    if name in ("approve", "approve_ready", "decline", "hand_it_on", "turn_it_down"):
        return has_it
    if name == "ask_for_changes":
        return has_it or theirs.exists()
    if name == "assign":
        return edits or theirs.filter(role="lead").exists()
    if name == "judge_appeal":
        return edits and case.holder_id in (None, pk)
    if name == "consent":
        return manages
    if name == "name_an_author":
        none = not firm.exclude(contact="").exists()
        return manages or (none and (edits or theirs.filter(role="lead").exists()))
    if name == "let_go":
        return manages or role in ("administrator", "superuser")
    return True  # answers, notes and invitations: each asks for its own row


class StoryMachine(RuleBasedStateMachine):
    """One story of the world's; what happens is rolled back at the end."""

    world: World

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world.clock = (traveller := time_machine.travel(self.now, tick=False)).start()
        self.traveller = traveller
        self.pk, self.is_changed, self.turn, self.print = None, False, 0, None

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start):
        self.pk, self.is_changed, self.print = self.world.starts[start], True, None
        self.history = history_of(self.pk)

    def teardown(self):
        self.traveller.stop()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def role(self, name: str) -> int | None:
        """The id behind a role or a pseudo-role."""
        case = self.case()
        if name == AUTHOR:
            return case.author_id
        if name == HOLDER:
            return case.holder_id
        if name == INVITED:
            made = CoAuthorship.objects.open().filter(case=case).order_by("pk").first()
            return made.user_id if made else None
        return self.world.roles_of(case)[name]

    def attempt(self, name: str, role: str, number: int) -> bool:
        case, pk = self.case(), self.role(role)
        bare = Bare.of(self.pk)
        before = self.print = self.print or print_of(case)
        tried[name, role] += 1
        try:
            STEPS[name].run(case, person_of(pk), number, self.world)
        except REFUSALS:
            if Case.objects.filter(pk=self.pk).exists():
                assert print_of(self.case()) == before, (name, role)
            return False
        assert may(name, bare, pk, role, self.world), (name, role)
        done[name] += 1
        self.is_changed, self.print = True, None
        if not Case.objects.filter(pk=self.pk).exists():
            assert not CaseEvent.objects.filter(case_id=self.pk).exists()
            self.pk = None
        return True

    def another(self, number: int) -> None:
        """A draft was thrown away: the walk goes on with one of the stories that are there."""
        there = Case.objects.filter(pk__in=self.world.starts.values()).values_list("pk", flat=True)
        starts = [name for name, pk in self.world.starts.items() if pk in set(there)]
        self.begin(starts[number % len(starts)])

    @rule(which=st.integers(0, 23), pick=st.integers(0, 5), number=st.integers(0, 5))
    def whoever_may(self, which, pick, number):
        """What the stage asks for, by whoever may."""
        if self.pk is None:
            self.another(number)
        if which == 23:
            self.the_beat()
            return
        fits = FITS[self.case().stage]
        name = fits[which % len(fits)]
        note(name)
        likely = STEPS[name].likely
        self.attempt(name, likely[pick % len(likely)], number)

    @rule(which=st.integers(0, 23), pick=st.integers(0, 5), number=st.integers(0, 5))
    def whoever_may_next(self, which, pick, number):
        """Twice, as what is refused is seldom what somebody tries."""
        self.whoever_may(which, pick, number)

    @rule(
        name=st.sampled_from(sorted(STEPS)),
        role=st.sampled_from(PEOPLE),
        number=st.integers(0, 5),
    )
    def anybody(self, name, role, number):
        if self.pk is None:
            self.another(number)
        self.attempt(name, role, number)

    def the_beat(self):
        """Run twice: the second finds nothing to do and sends nothing."""
        self.is_changed, self.print = True, None
        sweep(self.world)
        sent = promises.Delivery.objects.count()
        assert sweep(self.world) == 0
        assert promises.Delivery.objects.count() == sent

    @invariant()
    def all_promises_hold(self):
        # A refused step changed nothing, as `print_of` told.
        if self.pk is None or not self.is_changed:
            return
        roles = self.world.roles_of(self.case()) | {"author": self.role(AUTHOR)}
        if IS_SHORT:  # in turn: everybody is asked within five changes
            self.turn += 1
            roles = dict(list(roles.items())[self.turn % 5 :: 5])
        self.history = check_story(self.pk, self.history, people_of(roles))
        self.is_changed = False


@pytest.fixture
def machine():
    """The machine with a world of its own."""
    with time_machine.travel(MONDAY, tick=False):
        world = World()
    promises.asked = promises.Asked()
    return type("Machine", (StoryMachine,), {"world": world, "now": MONDAY})


def test_no_sequence_of_steps_breaks_a_promise(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=LENGTH,
            deadline=None,
            derandomize=IS_SHORT,
            database=None,
            phases=[Phase.generate] if IS_SHORT else [Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"tried {sum(tried.values())} steps, of which {sum(done.values())} were done")  # noqa: T201
    # The walk below does every step; here chance must have come far enough round.
    assert len({role for _step, role in tried} & set(PEOPLE)) >= 10
    assert len({name for name, _role in tried}) > len(STEPS) * 2 / 3
    assert len(done) >= 10, done
    assert sum(done.values()) >= EXAMPLES, done


# Step → from where, by whom and with which number it is done: none of the steps is idle.
DONE = {
    "write": ("draft", AUTHOR, 1),
    "submit": ("draft", AUTHOR, 0),
    "tick": ("changes_requested", AUTHOR, 0),
    "reply": ("changes_requested", AUTHOR, 0),
    "withdraw": ("ready", AUTHOR, 0),
    "delete": ("draft", AUTHOR, 0),
    "appeal": ("declined", AUTHOR, 0),
    "revive": ("withdrawn", AUTHOR, 0),
    "choose_audience": ("published", AUTHOR, 1),
    "ask_for_public": ("published", AUTHOR, 0),
    "consent": ("published", "manager", 0),
    "invite": ("draft", AUTHOR, 0),
    "let_go": ("area_review", "manager", 0),
    "approve": ("area_review", HOLDER, 0),
    "approve_ready": ("editing", HOLDER, 0),
    "ask_for_changes": ("neutral_review", HOLDER, 1),
    "decline": ("neutral_review", HOLDER, 0),
    "hand_it_on": ("neutral_review", HOLDER, 0),
    "turn_it_down": ("area_review", HOLDER, 0),
    "assign": ("area_review", "editor", 1),
    "edit": ("editing", "editor", 0),
    "publish": ("ready", "editor", 0),
    "archive": ("published", "editor", 0),
    "note_archive": ("published", "editor", 5),
    "pass_days": ("published", "editor", 5),
}
# What is done after others only.
AFTER = {
    "settle": [("changes_requested", "lead", 0)],
    "answer_invitation": [("draft", AUTHOR, 0, "invite"), (None, INVITED, 0)],
    "part": [("draft", AUTHOR, 0, "invite"), (None, AUTHOR, 0)],
    "name_an_author": [("draft", "manager", 0, "let_go"), (None, "manager", 0)],
    "answer_an_edit": [("editing", "editor", 0, "edit"), (None, AUTHOR, 0)],
    "judge_appeal": [("declined", AUTHOR, 0, "appeal"), (None, HOLDER, 0)],
    "clear": [("published", "manager", 0, "consent"), (None, "editor", 0)],
    "say_whether_it_lasts": [("published", "editor", 5, "pass_days"), (None, AUTHOR, 1)],
}


# What is broken, where, and the steps after which it shows.
BROKEN = [
    ("stage", "area_review", []),
    ("told", "area_review", [("approve", HOLDER, 0)]),
    ("conflict", "area_review", [("assign", "editor", 4)]),
]


def test_every_step_can_be_done_and_what_is_broken_is_found(machine, monkeypatch):
    """Else the machine would prove that nothing happens. In one test, as their world is dear."""
    every_step_can_be_done(machine)
    broken_promises_are_found(machine, monkeypatch)


def every_step_can_be_done(machine):
    assert set(DONE) | set(AFTER) == set(STEPS)
    walks = {name: [(*given, name)] for name, given in DONE.items()}
    walks |= {name: [*given[:-1], (*given[-1], name)] for name, given in AFTER.items()}
    for name, walk in walks.items():
        running = machine()
        try:
            for start, role, number, verb in walk:
                if start:
                    running.begin(start)
                assert running.attempt(verb, role, number), (name, verb)
                running.the_beat()
            running.all_promises_hold()
        finally:
            running.teardown()


def broken_promises_are_found(machine, monkeypatch):
    """A column written past its event, a message told twice, a judge of the author's firm."""
    real = handing.tell
    for broken, start, steps in BROKEN:
        running = machine()
        try:
            running.begin(start)
            with monkeypatch.context() as patch:
                if broken == "stage":
                    rows = Case.objects.filter(pk=running.pk)
                    rows.update(stage="published", is_published=True)
                elif broken == "told":
                    patch.setattr(
                        "bulletins.transitions.reviewing.tell",
                        lambda kind, *given, **more: [
                            real(kind, *given, **more) for _n in range(2)
                        ],
                    )
                else:
                    patch.setattr(handing, "can_take_area", lambda person, case: True)
                for name, role, number in steps:
                    assert running.attempt(name, role, number)
            running.is_changed = True
            with pytest.raises(AssertionError):
                running.all_promises_hold()
        finally:
            running.teardown()
