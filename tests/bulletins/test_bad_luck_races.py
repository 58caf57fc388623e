"""Two act at the same moment on what both saw; each race once more with its guard off."""

import contextlib

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bulletins.answers import Answer
from bulletins.guard import inside_transition
from bulletins.models import (
    CaseEvent,
    CoachingNote,
    DraftInput,
    HandDelivery,
    Response,
    ResponseChange,
)
from bulletins.transitions import (
    answer_appeal,
    appeal_case,
    decide_case,
    end_co_authorship,
    record_delivery,
    respond,
    save_typed,
    withdraw_case,
    write_coaching,
)
from network.models import User
from network.permissions import standing
from network.transitions import close_account
from review.models import Review
from tests.bulletins.responding import in_days, make_response
from tests.bulletins.test_leaving import colleague_of
from tests.factories.network import make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.factories.stories import make_case, make_issue
from tests.races import (
    Meeting,
    kinds,
    meeting,
    replace,
    together,
    while_inside,
    without_locks,
)
from tests.review.conftest import Stories

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOM = "bulletins.transitions"


def fresh(person) -> User:
    return User.objects.get(pk=person.pk)


# --- two answer for one distributor --------------------------------------------------------
def answer_twice(monkeypatch, answered: bool) -> list[str]:
    """Contact and deputy have the same form before them: not answered yet, or on hold."""
    firm, case = make_distributor(), make_case(published=True)
    people = [make_user(distributor=firm, contact=which) for which in ("first", "deputy")]
    seen = make_response(case, firm, choice="on_hold").version if answered else 0
    meeting(monkeypatch, f"{ROOM}.responding._check_may")
    return kinds(
        together(
            lambda who=who, word=word: respond(case, firm, Answer(word), by=who, seen=seen)
            for who, word in zip(people, ("adopted", "already"), strict=True)
        )
    )


@pytest.mark.parametrize("answered", [False, True])
def test_of_two_answers_at_once_the_later_sees_the_newer(monkeypatch, answered):
    assert answer_twice(monkeypatch, answered) == ["NewerResponse", "Response"]
    assert Response.objects.get().choice == ResponseChange.objects.get().choice


def test_control_without_the_lock_the_second_answer_is_an_error(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.responding")
    assert answer_twice(monkeypatch, answered=False) == ["IntegrityError", "Response"]


def test_control_without_the_lock_it_goes_over_the_first(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.responding")
    assert answer_twice(monkeypatch, answered=True) == ["IntegrityError", "Response"]
    # What stands is not what the history says.
    assert Response.objects.get().choice != ResponseChange.objects.get().choice


# --- an answer to a story that is withdrawn meanwhile ---------------------------------------
class Withdrawal:
    """A distributor answers a story while its author takes it back."""

    def __init__(self):
        self.firm = make_distributor()
        self.contact = make_user(distributor=self.firm, contact="first")
        self.case = Stories(make_reviewing_network()).published()

    def answer(self):
        return respond(self.case, self.firm, Answer("adopted"), by=self.contact)

    def withdraw(self):
        withdraw_case(
            type(self.case).objects.get(pk=self.case.pk), by=self.case.author, reason="No"
        )

    def answered_after_it(self) -> bool:
        gone = CaseEvent.objects.get(case=self.case, verb="withdraw")
        return Response.objects.filter(at__gt=gone.at).exists()


def test_an_answer_that_came_first_stays_with_the_withdrawn_story(monkeypatch):
    world = Withdrawal()
    path = f"{ROOM}.responding._check_may"
    answers, came_between = while_inside(monkeypatch, path, world.answer, world.withdraw)
    assert (kinds(answers), came_between) == (["NoneType", "Response"], False)
    assert not world.answered_after_it()


def test_an_answer_that_came_second_is_refused_calmly(monkeypatch):
    world = Withdrawal()
    path = f"{ROOM}.publishing.drop_review"
    answers, came_between = while_inside(monkeypatch, path, world.withdraw, world.answer)
    assert (kinds(answers), came_between) == (["NoneType", "TransitionRefused"], False)
    assert "taken back meanwhile" in str(answers[1])
    assert not Response.objects.exists()


def test_control_without_the_lock_a_withdrawn_story_is_answered(monkeypatch):
    world = Withdrawal()
    without_locks(monkeypatch, f"{ROOM}.responding")
    path = f"{ROOM}.responding._check_may"
    answers, came_between = while_inside(monkeypatch, path, world.answer, world.withdraw)
    assert (kinds(answers), came_between) == (["NoneType", "Response"], True)
    assert world.answered_after_it()


# --- a reviewer leaves while deciding --------------------------------------------------------
class Departure:
    """A reviewer approves while an administrator closes their account."""

    def __init__(self):
        self.case = Stories(make_reviewing_network()).submitted()
        self.reviewer = self.case.holder
        self.other = colleague_of(self.reviewer, self.case.deciding_area or self.case.review_area)
        self.reviewer.memberships.update(contact="")
        self.administrator = make_user("administrator")
        # As their browsers' requests read them, each before the other acted.
        self.stale = fresh(self.reviewer), type(self.case).objects.get(pk=self.case.pk)
        assert standing(self.stale[0]).mandates

    def decide(self):
        by, case = self.stale
        decide_case(case, decision="approve", by=by, step="area")

    def close(self):
        close_account(fresh(self.reviewer), by=self.administrator)

    def came_of_it(self) -> tuple[str, bool]:
        """Where the story stands, and whether whoever left still has an open review."""
        self.case.refresh_from_db()
        held = Review.objects.open().filter(reviewer=self.reviewer).exists()
        return self.case.stage, held


def test_a_decision_before_the_departure_stands(monkeypatch):
    world = Departure()
    path = f"{ROOM}.reviewing.refuse_unless_seen"
    answers, came_between = while_inside(monkeypatch, path, world.decide, world.close)
    assert (kinds(answers), came_between) == (["NoneType", "NoneType"], False)
    assert world.came_of_it() == ("neutral_review", False)
    assert not fresh(world.reviewer).is_active


def test_a_decision_after_the_departure_is_refused_and_the_next_has_it(monkeypatch):
    world = Departure()
    path = f"{ROOM}.leaving.replace_gone"
    answers, came_between = while_inside(monkeypatch, path, world.close, world.decide)
    assert (kinds(answers), came_between) == (["NoneType", "PermissionDenied"], False)
    assert world.came_of_it() == ("area_review", False)
    assert world.case.holder == world.other


def test_control_who_is_not_read_again_decides_after_the_departure(monkeypatch):
    world = Departure()
    world.close()

    @contextlib.contextmanager
    def as_it_was(case):
        with inside_transition():
            yield case

    monkeypatch.setattr(f"{ROOM}.reviewing.changing", as_it_was)
    world.decide()
    assert world.came_of_it()[0] == "neutral_review"


@pytest.mark.postgres
def test_control_a_whole_rows_lock_on_who_leaves_ends_in_a_deadlock(monkeypatch):
    """The decision writes the reviewer's name, the departure waits for the decision's lock."""
    whole = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet,
        "select_for_update",
        lambda self, no_key=False, **options: whole(self, **options),
    )
    # A departure takes the tree's lock first, and would wait there.
    monkeypatch.setattr("network.transitions.tree_change", transaction.atomic)
    world = Departure()
    path = f"{ROOM}.reviewing.refuse_unless_seen"
    answers, _came_between = while_inside(monkeypatch, path, world.decide, world.close)
    assert "OperationalError" in kinds(answers)


# --- what is recorded once --------------------------------------------------------------------
def record_twice(monkeypatch) -> list[str]:
    firm, issue = make_distributor(), make_issue(released=True)
    words = {"given_on": timezone.now().date(), "given_to": "Ana", "way": "By hand"}
    met = Meeting()
    replace(monkeypatch, "bulletins.models.HandDelivery.objects.create", met.before)
    return kinds(
        together(
            [lambda: record_delivery(issue, firm, by=issue.created_by, **words) for _ in range(2)]
        )
    )


def test_of_two_who_record_a_delivery_one_is_refused(monkeypatch):
    assert record_twice(monkeypatch) == ["HandDelivery", "TransitionRefused"]
    assert HandDelivery.objects.count() == 1


def test_control_without_the_lock_it_is_recorded_twice(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.reaching")
    assert record_twice(monkeypatch) == ["HandDelivery", "HandDelivery"]
    assert HandDelivery.objects.count() == 2


def answer_appeal_twice(monkeypatch) -> tuple[list[str], list[str]]:
    case = Stories(make_reviewing_network()).submitted()
    decide_case(case, decision="decline", by=case.holder, reason="No cause.")
    appeal_case(case, by=case.author, reason="There is one.")
    editor = case.holder
    seen = [type(case).objects.get(pk=case.pk) for _ in range(2)]
    meeting(monkeypatch, f"{ROOM}.appealing.last_turn")
    answers = together(
        lambda one=one: answer_appeal(one, by=editor, upholds=False, reason="So.") for one in seen
    )
    events = case.events.filter(verb__startswith="appeal_").values_list("verb", flat=True)
    return kinds(answers), list(events)


def test_of_two_answers_to_an_appeal_one_counts(monkeypatch):
    came_of_it, events = answer_appeal_twice(monkeypatch)
    assert came_of_it == ["NoneType", "TransitionRefused"]
    assert events == ["appeal_refused"]


def test_control_without_the_lock_an_appeal_is_answered_twice(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.core")
    _came_of_it, events = answer_appeal_twice(monkeypatch)
    assert events == ["appeal_refused", "appeal_refused"]


def write_two_notes(monkeypatch) -> tuple[list[str], int]:
    """What came of it, and how many next dates the distributor has."""
    firm = make_distributor()
    people = [make_user("campaigner", review_area=firm.review_area) for _ in range(2)]
    met = Meeting()
    replace(monkeypatch, "bulletins.models.CoachingNote.objects.create", met.before)
    answers = together(
        lambda by=by: write_coaching(firm, by=by, whom="Huda", text=by.email, next_on=in_days(5))
        for by in people
    )
    return kinds(answers), CoachingNote.objects.open().count()


def test_two_coaching_notes_at_once_leave_one_next_date(monkeypatch):
    assert write_two_notes(monkeypatch) == (["CoachingNote", "CoachingNote"], 1)


def test_control_without_the_lock_the_second_note_is_lost(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.coaching")
    assert write_two_notes(monkeypatch) == (["CoachingNote", "IntegrityError"], 1)


# --- a co-author leaves while typing ----------------------------------------------------------
def type_and_leave(monkeypatch) -> bool:
    """Whether they had left when their words were written."""
    case = make_case()
    person = make_user(distributor=case.distributor)
    case.co_authors.add(person)
    answers, came_between = while_inside(
        monkeypatch,
        f"{ROOM}.drafts.check_writable",
        lambda: save_typed(case, "title", {"title": "Ours"}, by=fresh(person), seen=0),
        lambda: end_co_authorship(case, person=fresh(person), by=fresh(person)),
    )
    assert kinds(answers) == ["DraftInput", "NoneType"]
    assert DraftInput.objects.get().by == person
    assert not case.co_authors.exists()
    return came_between


def test_who_leaves_while_typing_leaves_after_it(monkeypatch):
    assert not type_and_leave(monkeypatch)


def test_control_without_the_lock_words_come_from_who_has_left(monkeypatch):
    without_locks(monkeypatch, f"{ROOM}.drafts", f"{ROOM}.core")
    assert type_and_leave(monkeypatch)
