"""A review that nobody has, is given back, or whose reviewer is gone or away."""

import datetime
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bulletins.exceptions import TransitionRefused
from bulletins.models import Stage
from bulletins.transitions import (
    assign_review,
    decide_case,
    give_out_waiting,
    hand_on,
    replace_reviewers,
    turn_down,
)
from network.models import Mandate, Membership, User
from network.registry import desk_items
from review.models import Review
from tests.bulletins import assigning
from tests.bulletins.assigning import away, colleague, told
from tests.factories.network import (
    make_user,
)
from tests.review.conftest import submit

pytestmark = pytest.mark.django_db
# Fixtures of both files.
monday, stories, system = assigning.monday, assigning.stories, assigning.system


def test_a_story_that_nobody_can_take_stands_on_the_leads_desk_until_somebody_has_it(
    stories, system
):
    reviewer = stories.net["leads"]["south-africa"]
    Mandate.objects.filter(role="lead").update(since=date(2027, 1, 1))  # nobody campaigns yet
    case = stories.submitted("KE")
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    titles = [item.what for item in desk_items(lead) if "Nobody can take" in str(item.what)]
    assert len(titles) == 1
    assert give_out_waiting(by=system) == []  # the lead is of the author's own firm
    Mandate.objects.filter(user=reviewer).update(since=date(2026, 1, 1))
    assert [given.pk for given in give_out_waiting(by=system)] == [case.pk]
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.AREA_REVIEW, reviewer)
    assert not [item for item in desk_items(lead) if "Nobody can take" in str(item.what)]


# --- given back -----------------------------------------------------------------------------
def test_who_turns_a_story_down_says_why_and_never_gets_it_again(stories):
    case = stories.submitted("KE")
    reviewer = case.holder
    other = colleague(case.review_area)
    with pytest.raises(TransitionRefused):
        turn_down(case, by=reviewer, reason=" ")
    with pytest.raises(PermissionDenied):
        turn_down(case, by=other, reason="Not mine")
    turn_down(case, by=reviewer, reason="I know too little of parts.")
    case.refresh_from_db()
    assert case.holder == other
    review = Review.objects.of(case).get(reviewer=reviewer)
    assert (review.decision, review.reason) == ("turned_down", "I know too little of parts.")
    assert case.events.last().verb == "turn_down"
    turn_down(case, by=other, reason="Nor do I.")
    case.refresh_from_db()
    # Both are out; the nearest area's lead is not asked at this step: the lead names somebody.
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    assert told("bulletins.nobody_eligible") == [reviewer.email]


def test_handing_on_does_not_come_back_in_the_same_round(stories):
    case = stories.submitted("KE")
    first = case.holder
    second = colleague(case.review_area)
    hand_on(case, by=first, reason="No time")
    with pytest.raises(TransitionRefused):
        hand_on(case, by=second, reason="Nor I")
    case.refresh_from_db()
    assert case.holder == second


def test_the_author_does_not_read_why_a_reviewer_gave_it_away(client, stories):
    case = stories.submitted("KE")
    colleague(case.review_area)
    turn_down(case, by=case.holder, reason="The author is a rival of mine.")
    client.force_login(case.author)
    page = client.get(reverse("case_follow", args=[case.number]))
    assert page.status_code == 200
    assert "rival" not in page.content.decode()


def test_a_lead_overrides_with_a_reason_in_the_log(stories):
    case = stories.submitted("KE")
    lead, other = case.holder, colleague(case.review_area)
    with pytest.raises(TransitionRefused):
        assign_review(case, to=other, by=lead, reason="")
    assign_review(case, to=other, by=lead, reason="She knows the trade.")
    event = case.events.last()
    assert (event.verb, event.reason, event.holder) == ("assign", "She knows the trade.", other)


# --- gone or away -----------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["closed", "ended"])
def test_a_closed_account_or_an_ended_mandate_hands_the_review_on(stories, system, how):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    if how == "closed":
        User.objects.filter(pk=reviewer.pk).update(is_active=False)
    else:
        Mandate.objects.filter(user=reviewer).update(until=date(2026, 2, 1))
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other
    assert Review.objects.of(case).open().get().reviewer == other
    assert "can no longer review it" in case.events.last().reason
    assert replace_reviewers(by=system) == 0


def test_the_lead_hears_who_was_replaced(stories, system):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    User.objects.filter(pk=case.holder_id).update(is_active=False)
    replace_reviewers(by=system)
    assert told("bulletins.review_moved") == [lead.email]
    assert other.email in told("bulletins.review_assigned")


def test_control_who_is_still_there_keeps_the_review(stories, system):
    case = stories.submitted("KE")
    colleague(case.review_area)
    before = case.holder
    assert replace_reviewers(by=system) == 0
    case.refresh_from_db()
    assert case.holder == before


def test_who_joined_the_authors_firm_is_replaced(stories, system):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    Membership.objects.create(
        user=case.holder, distributor=case.distributor, since=date(2026, 1, 1)
    )
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other


@pytest.mark.parametrize(
    ("first", "last", "moves"),
    [
        (2, 3, False),  # a day or two of seven
        (2, 12, True),  # nearly all that is left
        (9, 20, False),  # next week: not yet
    ],
)
def test_who_goes_away_for_most_of_the_rest_is_replaced(stories, system, first, last, moves):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    away(reviewer, first, last)
    assert replace_reviewers(by=system) == int(moves)
    case.refresh_from_db()
    assert case.holder == (other if moves else reviewer)


def test_it_moves_on_the_first_day_away(stories, system, time_machine):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    away(reviewer, 5, 20)
    assert replace_reviewers(by=system) == 0
    time_machine.move_to("2026-02-05 09:00Z", tick=False)
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other
    assert "is away" in case.events.last().reason


def test_where_nobody_stands_in_the_review_stays_and_the_lead_is_told_once(stories, system):
    case = stories.submitted("KE")
    reviewer = case.holder
    lead = make_user("lead", review_area=case.review_area, distributor=case.distributor)
    away(reviewer, 1, 20)
    for _beat in range(3):
        assert replace_reviewers(by=system) == 0
    case.refresh_from_db()
    assert case.holder == reviewer
    assert told("review.reviewer_away") == [lead.email]


def test_a_late_review_of_somebody_away_is_handed_on(stories, system, time_machine):
    case = stories.submitted("KE")
    other = colleague(case.review_area)
    time_machine.move_to("2026-02-16 09:00Z", tick=False)
    away(case.holder, 16, 16)
    assert replace_reviewers(by=system) == 1
    case.refresh_from_db()
    assert case.holder == other


def test_a_returned_story_goes_to_another_while_its_reviewer_is_away(stories, time_machine):
    case = stories.submitted("KE")
    reviewer, other = case.holder, colleague(case.review_area)
    decide_case(case, decision="request_changes", by=reviewer, reason="Dates?")
    time_machine.move_to(timezone.now() + datetime.timedelta(days=1), tick=False)
    away(reviewer, 3, 20)
    submit(case)
    case.refresh_from_db()
    assert case.holder == other
