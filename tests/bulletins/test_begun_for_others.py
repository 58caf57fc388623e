"""Whoever begins a story for its author, with words of their own, never judges it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from bulletins import assignment
from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, CoAuthorship, DraftInput
from bulletins.permissions import (
    can_decide_case,
    can_return_case,
    can_review_case,
    has_interest_in,
    why_not_decide,
)
from bulletins.transitions import assign_review, decide_case, delete_draft
from bulletins.transitions.drafts import start_case_for
from network.models import User
from tests.factories import make_case, make_membership, make_user
from tests.factories.network import make_distributor
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = pytest.mark.django_db


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def begun(author, by) -> Case:
    firm = author.memberships.get().distributor
    return start_case_for(author, by=by, distributor=firm, language="en", words="They phone first.")


def test_neither_a_lead_nor_an_editor_judges_what_they_began():
    stories = Stories(make_reviewing_network())
    usual = stories.submitted()
    lead, editors = usual.holder, stories.net["editors"]
    assert not has_interest_in(lead, usual)
    author = fresh(usual.author)
    for by, step in ((lead, "area"), (editors[0], "editing")):
        case = begun(author, by)
        assert (case.begun_by, case.author) == (by, author)
        assert DraftInput.objects.get(case=case).by == by
        Case.objects.filter(pk=case.pk).update(
            stage={"area": "area_review", "editing": "editing"}[step],
            review_area=usual.review_area,
            holder=by,
        )
        case = Case.objects.get(pk=case.pk)
        assert has_interest_in(by, case)
        assert by not in assignment.candidates(case, step)
        assert not can_decide_case(by, case, step)
        assert not can_return_case(by, case, step)
        assert why_not_decide(by, case, step) == (
            "Nobody approves a story that they began for its author."
        )
        for decision in ("approve", "request_changes", "decline"):
            with pytest.raises(PermissionDenied):
                decide_case(case, decision=decision, by=by, reason="Good.")
        assert can_review_case(by, case)  # to see how it goes, and to name a reviewer
    _area, person = assignment.area_reviewer(Case.objects.get(pk=begun(author, lead).pk))
    assert person != lead
    assert assignment.editor_for(case) == editors[1]
    # Control: what their author began alone they judge.
    assert can_decide_case(lead, usual, "area")


def test_nobody_names_them_either_and_the_draft_is_its_authors():
    stories = Stories(make_reviewing_network())
    usual = stories.submitted()
    lead, editor = usual.holder, stories.net["editors"][0]
    case = begun(fresh(usual.author), lead)
    Case.objects.filter(pk=case.pk).update(stage="submitted", review_area=usual.review_area)
    case.refresh_from_db()
    with pytest.raises(TransitionRefused, match="an interest in it"):
        assign_review(case, to=lead, by=editor, reason="She knows it.")
    assert Case.objects.get(pk=case.pk).holder != lead
    other = begun(fresh(usual.author), lead)
    delete_draft(other, by=fresh(usual.author))
    assert not Case.objects.filter(pk=other.pk).exists()


# --- what earlier versions kept elsewhere ----------------------------------------------
def carried_over():
    return import_module("bulletins.migrations.0014_carried_over")


def test_who_began_a_story_is_read_from_its_log():
    case = begun(make_user(distributor=make_distributor()), make_user("executive"))
    by = case.begun_by
    own = make_case(number="2001-0001")
    Case.objects.update(begun_by=None)
    carried_over().carry_beginners(apps, None)
    case.refresh_from_db()
    own.refresh_from_db()
    assert (case.begun_by, own.begun_by) == (by, None)


def test_a_tick_that_was_no_revision_yet_becomes_a_question_to_the_colleague():
    case, done, other = (make_case(number=f"2001-000{n}") for n in range(3))
    firm = case.distributor
    colleague, already, gone = (make_user(distributor=firm) for _n in range(3))
    gone.memberships.update(since="2020-01-01", until="2020-02-01")
    stranger = make_user(distributor=make_distributor())
    case.co_authors.add(already)
    ticked = [str(one.pk) for one in (colleague, already, gone, stranger, case.author)]
    kept = [
        DraftInput.objects.create(
            case=one,
            language="en",
            part=part,
            data={"co_authors": ticked + ["x", ""], "topics": ["parts"]},
            version=3,
            revised_version=revised,
            by=one.author,
        )
        for one, part, revised in ((case, "check", 2), (done, "check", 3), (other, "title", 0))
    ]
    make_membership(colleague, done.distributor)
    for _twice in range(2):
        carried_over().carry_ticks(apps, None)
    [row] = CoAuthorship.objects.all()
    assert (row.case, row.user, row.by, row.state) == (case, colleague, case.author, "asked")
    for one in kept[:2]:
        one.refresh_from_db()
        assert one.data == {"topics": ["parts"]}
    assert list(case.co_authors.all()) == [already]
