"""Appeals against a decline, and stories brought back: who, when, once, and who is told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bulletins.exceptions import TransitionRefused
from bulletins.models import Stage
from bulletins.projection import wrong_cases
from bulletins.transitions import (
    answer_appeal,
    appeal_case,
    archive_case,
    decide_case,
    give_out_appeals,
    revive_case,
    withdraw_case,
)
from bulletins.transitions.appealing import APPEAL_DAYS
from network.models import Country, User
from network.registry import desk_items
from review.models import Review
from tests.factories.network import make_distributor, make_membership, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories, submit
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
WHY = "The figures stand in the second file."


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def declined(stories, step="area", country="BR"):
    case = {"area": stories.submitted, "neutral": stories.at_neutral, "editing": stories.at_editing}
    case = case[step](country)
    by = case.holder
    decide_case(case, decision="decline", by=by, reason="No cause.")
    return case, by


def told(kind, case) -> set[int]:
    rows = Delivery.objects.filter(
        mailing__kind=kind, mailing__object_key=f"bulletins.case:{case.pk}"
    )
    return set(rows.values_list("user", flat=True))


@pytest.mark.parametrize("step", ["area", "neutral", "editing"])
def test_an_upheld_appeal_returns_to_its_step_with_another_reviewer(stories, step):
    case, by = declined(stories, step)
    appeal_case(case, by=case.author, reason=WHY)
    editor = case.holder
    assert (case.stage, editor in stories.net["editors"], editor == by) == ("declined", True, False)
    assert told("bulletins.appeal_made", case) == {editor.pk}
    [item] = [item for item in desk_items(editor) if case.number in item.url]
    assert item.due
    answer_appeal(case, by=editor, upholds=True, reason="They do.")
    if case.holder is None:  # both editors had a turn
        assert (step, case.stage) == ("editing", Stage.EDITING)
    else:
        assert case.holder not in (by, case.author)
        now_at = Review.objects.of(case).open().get()
        assert (now_at.step, now_at.reviewer) == (step, case.holder)
    assert told("bulletins.appeal_answered", case) == {case.author_id}
    assert told("bulletins.appeal_known", case) == {by.pk}
    assert wrong_cases() == []


def test_a_refused_appeal_ends_it_and_there_is_one_for_each_decline(stories):
    case, by = declined(stories)
    appeal_case(case, by=case.author, reason=WHY)
    with pytest.raises(TransitionRefused, match="once for each decline"):
        appeal_case(case, by=case.author, reason=WHY)
    editor = case.holder
    with pytest.raises(TransitionRefused):
        answer_appeal(case, by=editor, upholds=False, reason=" ")
    answer_appeal(case, by=editor, upholds=False, reason="They do not.")
    assert (case.stage, case.holder) == (Stage.DECLINED, None)
    with pytest.raises(TransitionRefused, match="once for each decline"):
        appeal_case(case, by=case.author, reason=WHY)
    # The end: it can be written anew, and a new decline can be appealed again.
    revive_case(case, by=case.author, reason="With new figures.")
    assert (case.stage, case.holder) == (Stage.DRAFT, case.author)
    submit(case)
    decide_case(case, decision="decline", by=case.holder, reason="Still none.")
    appeal_case(case, by=case.author, reason=WHY)
    assert wrong_cases() == []


def test_after_its_days_there_is_no_appeal_but_a_revival(stories, time_machine):
    time_machine.move_to("2026-06-01 10:00Z", tick=False)
    case, _by = declined(stories)
    with pytest.raises(TransitionRefused, match="Appeal against the decline"):
        revive_case(case, by=case.author, reason="At once.")
    time_machine.shift(datetime.timedelta(days=APPEAL_DAYS, minutes=1))
    with pytest.raises(TransitionRefused, match="days in which you could appeal"):
        appeal_case(case, by=case.author, reason=WHY)
    revive_case(case, by=case.author, reason="With new figures.")
    assert case.stage == Stage.DRAFT


def test_who_may_appeal_answer_and_revive(stories):
    case, by = declined(stories)
    stranger, colleague = make_user(), make_user(distributor=case.distributor)
    for person in (by, stranger, colleague, stories.net["editors"][0]):
        with pytest.raises(PermissionDenied):
            appeal_case(case, by=person, reason=WHY)
    appeal_case(case, by=case.author, reason=WHY)
    other = next(editor for editor in stories.net["editors"] if editor != case.holder)
    for person in (by, case.author, other, stranger):
        with pytest.raises(PermissionDenied):
            answer_appeal(case, by=person, upholds=True, reason="Yes.")
        if person != case.author:
            assert case.events.last().verb == "appeal"
    with pytest.raises(TransitionRefused, match="waits for its answer"):
        revive_case(case, by=case.author, reason="Sooner.")


def test_no_editor_of_an_involved_region_and_the_sweep_finds_one_later(stories):
    case, by = declined(stories)
    near = Country.objects.get(pk="AR")
    for editor in stories.net["editors"]:
        make_membership(editor, make_distributor(country=near))
    appeal_case(case, by=case.author, reason=WHY)
    assert case.holder is None
    assert told("bulletins.appeal_made", case) == {e.pk for e in stories.net["editors"]}
    system = User.objects.get(is_system=True)
    assert give_out_appeals(by=system) == 0
    far = make_user("editor", distributor=make_distributor(country=Country.objects.get(pk="JP")))
    assert give_out_appeals(by=system) == 1
    assert give_out_appeals(by=system) == 0
    case.refresh_from_db()
    assert case.holder == far
    far.is_active = False  # gone: the next sweep takes it from them
    far.save()
    next_one = make_user("editor")
    assert give_out_appeals(by=system) == 1
    case.refresh_from_db()
    assert case.holder == next_one
    assert wrong_cases() == []


@pytest.mark.slow
def test_withdrawn_becomes_a_draft_and_archived_goes_to_the_editors(stories):
    case = stories.submitted()
    withdraw_case(case, by=case.author, reason="Wrong figures.")
    with pytest.raises(PermissionDenied):
        revive_case(case, by=make_user(), reason="Mine now.")
    with pytest.raises(TransitionRefused):
        revive_case(case, by=case.author, reason="")
    revive_case(case, by=case.author, reason="Right figures.")
    assert (case.stage, case.events.last().reason) == (Stage.DRAFT, "Right figures.")
    submit(case)
    assert case.stage == Stage.AREA_REVIEW
    out = stories.published()
    editor = stories.net["editors"][0]
    archive_case(out, by=editor, reason="Outdated.")
    with pytest.raises(PermissionDenied):
        revive_case(out, by=out.author, reason="No.")
    revive_case(out, by=editor, reason="It holds again.")
    assert (out.stage, out.is_published) == (Stage.EDITING, False)
    decide_case(out, decision="approve", by=out.holder)
    assert (out.stage, out.is_published) == (Stage.PUBLISHED, True)
    assert wrong_cases() == []


@pytest.mark.slow
def test_the_author_appeals_from_the_storys_page_and_the_editor_answers_at_the_desk(
    client, stories
):
    case, by = declined(stories)
    client.force_login(case.author)
    follow, appeal = (reverse(name, args=[case.number]) for name in ("case_follow", "case_appeal"))
    assert 'id="appeal"' in client.get(follow).content.decode()
    assert client.post(appeal, {"reason": ""}).status_code == 422
    assert client.post(appeal, {"reason": WHY}).status_code == 302
    page = client.get(follow).content.decode()
    assert "Your appeal waits" in page
    assert "No cause." in page
    case.refresh_from_db()
    client.force_login(case.holder)
    desk = reverse("review_case", args=[case.number])
    assert "Uphold the appeal" in client.get(desk).content.decode()
    assert client.post(desk, {"action": "appeal_uphold", "reason": "Yes."}).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.AREA_REVIEW
