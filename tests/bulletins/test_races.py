"""Two people act on what both saw: the second is refused. Controls show what would happen else."""

import pytest
from django.core.exceptions import PermissionDenied

from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, Stage
from bulletins.transitions import decide_case, make_ready, publish_ready, withdraw_case
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def two_readers(case) -> tuple[Case, Case]:
    """The case as two people loaded it."""
    return Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)


def test_the_second_of_two_stale_decisions_is_refused(stories):
    case = stories.submitted()
    reviewer = case.holder
    first, second = two_readers(case)
    decide_case(first, decision="request_changes", by=reviewer, reason="Dates?", step="area")
    with pytest.raises(TransitionRefused):
        decide_case(second, decision="decline", by=reviewer, reason="No.", step="area")
    case.refresh_from_db()
    assert case.stage == Stage.CHANGES_REQUESTED
    assert case.events.filter(verb="decline").count() == 0


def test_a_decision_after_the_withdrawal_is_refused(stories):
    case = stories.submitted()
    reviewer = case.holder
    first, second = two_readers(case)
    withdraw_case(first, by=case.author, reason="Wrong figures.")
    with pytest.raises(TransitionRefused):
        decide_case(second, decision="approve", by=reviewer, step="area")
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.WITHDRAWN, None)


def test_a_withdrawal_after_the_decision_takes_the_story_from_its_new_holder(stories):
    case = stories.submitted()
    first, second = two_readers(case)
    decide_case(first, decision="approve", by=case.holder, step="area")
    withdraw_case(second, by=case.author, reason="Wrong figures.")
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.WITHDRAWN, None)


def test_one_of_two_editors_publishes(stories):
    case = stories.at_editing()
    make_ready(case, by=case.holder)
    first, second = two_readers(case)
    publish_ready(first, by=stories.net["editors"][0])
    with pytest.raises(TransitionRefused):
        publish_ready(second, by=stories.net["editors"][1])
    assert case.events.filter(verb="publish").count() == 1


def test_an_editor_who_no_longer_holds_it_does_not_publish(stories):
    case = stories.at_editing()
    holder = case.holder
    other = next(e for e in stories.net["editors"] if e != holder)
    with pytest.raises(PermissionDenied):
        decide_case(case, decision="approve", by=other, step="editing")
    assert not case.is_published


def test_control_plain_saves_let_both_through(stories):
    case = stories.submitted()
    for stale, stage in zip(
        two_readers(case), (Stage.CHANGES_REQUESTED, Stage.DECLINED), strict=True
    ):
        assert stale.stage == Stage.AREA_REVIEW
        stale.stage = stage
        stale.save()  # if this fails, the tests above prove nothing
    case.refresh_from_db()
    assert case.stage == Stage.DECLINED
