"""A story's way from draft to published, with its vetoes."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from bulletins.exceptions import SubmissionIncomplete, TransitionRefused
from bulletins.models import Case, CaseEvent, Stage
from bulletins.transitions import (
    answer_edit,
    decide_case,
    delete_draft,
    hand_on,
    make_ready,
    publish_ready,
    start_case,
    submit_case,
    withdraw_case,
)
from review.models import Review
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import (
    make_author,
    make_reviewing_network,
    write_story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def net():
    return make_reviewing_network()


def begin(author, firm, language="en") -> Case:
    case = start_case(by=author, distributor=firm, language=language)
    write_story(case)
    return case


def submit(case) -> None:
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)


def to_editing(case) -> None:
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("country", "area"),
    [
        ("SA", "saudi-arabia"),  # Jeddah
        ("JP", "taiwan"),  # Tokyo
        ("BR", "brazil"),  # São Paulo
        ("KE", "south-africa"),  # Nairobi
    ],
)
def test_a_story_reaches_publication_from_every_corner(net, country, area):
    author, firm = make_author(country)
    case = begin(author, firm)
    submit(case)
    assert (case.stage, case.holder) == (Stage.AREA_REVIEW, net["leads"][area])
    decide_case(case, decision="approve", by=case.holder)
    assert case.stage == Stage.NEUTRAL_REVIEW
    assert case.holder != net["leads"][area]
    decide_case(case, decision="approve", by=case.holder)
    assert case.stage == Stage.EDITING
    decide_case(case, decision="approve", by=case.holder)
    assert case.stage == Stage.PUBLISHED
    assert case.is_published
    page = case.source_page()
    assert page.live
    assert page.url == f"/en/stories/{case.number[:4]}/{case.number}-first-reply-before-noon/"
    assert [(str(r.before), str(r.after)) for r in case.results.all()] == [("31.0000", "3.4000")]
    assert list(case.events.values_list("verb", flat=True)) == [
        "start",
        "submit",
        "approve_area",
        "approve_neutral",
        "publish",
    ]
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_story_of_the_leads_own_firm_is_decided_by_the_neighbour(net):
    lead = net["leads"]["brazil"]
    firm = lead.memberships.get().distributor
    author = make_user(distributor=firm)
    case = begin(author, firm)
    submit(case)
    assert case.deciding_area.slug == "usa"
    assert case.holder == net["leads"]["usa"]
    with pytest.raises(PermissionDenied):
        decide_case(case, decision="approve", by=lead)
    decide_case(case, decision="request_changes", by=lead, reason="Where are the dates?")
    assert (case.stage, case.holder) == (Stage.CHANGES_REQUESTED, author)
    write_story(case, summary="With dates.")
    submit(case)
    assert case.holder == net["leads"]["usa"]
    decide_case(case, decision="approve", by=case.holder)
    assert case.holder not in {lead, net["leads"]["usa"]}


def test_control_a_free_lead_decides_in_their_own_area(net):
    author, firm = make_author("BR")
    case = begin(author, firm)
    submit(case)
    assert case.deciding_area is None
    assert case.holder == net["leads"]["brazil"]


def test_the_neutral_reviewer_is_of_another_region(net):
    author, firm = make_author("SA")
    case = begin(author, firm)
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    country = case.holder.memberships.get().distributor.country
    assert country.region_id != firm.country.region_id
    assert country.review_area_id != firm.country.review_area_id


@pytest.mark.parametrize("decision", ["approve", "request_changes", "decline"])
def test_only_the_holder_decides(net, decision):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    for person in (author, net["leads"]["germany"], net["editors"][0]):
        with pytest.raises(PermissionDenied):
            decide_case(case, decision=decision, by=person, reason="because")
    assert case.events.count() == 2


@pytest.mark.parametrize("decision", ["request_changes", "decline"])
def test_a_reason_is_mandatory(net, decision):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    with pytest.raises(TransitionRefused):
        decide_case(case, decision=decision, by=case.holder, reason="  ")
    assert case.stage == Stage.AREA_REVIEW
    decide_case(case, decision=decision, by=case.holder, reason="No root cause yet.")
    assert case.events.last().reason == "No root cause yet."


def test_an_incomplete_story_is_not_submitted_and_says_what_is_missing(net):
    author, firm = make_author("KE")
    case = start_case(by=author, distributor=firm, language="en")
    with pytest.raises(SubmissionIncomplete) as refused:
        submit(case)
    assert set(refused.value.gaps) == {
        "title",
        "background",
        "target",
        "causes",
        "did",
        "happened",
        "learned",
    }
    assert case.stage == Stage.DRAFT


def test_no_countermeasure_before_a_cause(net):
    author, firm = make_author("KE")
    case = start_case(by=author, distributor=firm, language="en")
    write_story(case, causes=[])
    with pytest.raises(SubmissionIncomplete) as refused:
        submit(case)
    assert set(refused.value.gaps) == {"causes", "did"}


def test_both_ticks_are_needed(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    with pytest.raises(TransitionRefused):
        submit_case(case, by=author, people_agreed=True, no_customer_data=False)
    assert case.stage == Stage.DRAFT


def test_a_returned_story_goes_back_to_whoever_asked(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    neutral = case.holder
    decide_case(case, decision="request_changes", by=neutral, reason="Which branch?")
    write_story(case, place_seen="Mombasa branch")
    page = case.source_page()
    submit(case)
    assert (case.stage, case.holder) == (Stage.NEUTRAL_REVIEW, neutral)
    assert page.current_workflow_task.name == "Neutral review"


def test_a_changed_result_asks_the_area_first(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    area = case.holder
    decide_case(case, decision="approve", by=area)
    decide_case(case, decision="request_changes", by=case.holder, reason="Only two weeks?")
    write_story(case, happened=[("paragraph", "Measured for three months now.")])
    submit(case)
    assert (case.stage, case.holder) == (Stage.AREA_REVIEW, area)
    assert case.source_page().current_workflow_task.name == "Area review"


def test_a_decision_on_another_text_than_seen_is_refused(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    with pytest.raises(TransitionRefused):
        decide_case(case, decision="approve", by=case.holder, seen_revision=1)
    assert case.stage == Stage.AREA_REVIEW


def test_handing_on_finds_the_next_and_keeps_the_old_turn(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    first = case.holder
    hand_on(case, by=first, reason="I used to work there", conflict=True)
    assert case.stage == Stage.NEUTRAL_REVIEW
    assert case.holder not in {None, first}
    decisions = list(Review.objects.of(case).values_list("step", "decision"))
    assert decisions == [("area", "approve"), ("neutral", "conflict"), ("neutral", "")]


def test_nobody_left_is_told_to_the_lead_and_not_stuck_in_silence(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    lead = case.holder
    with pytest.raises(TransitionRefused):
        hand_on(case, by=lead, reason="No time")
    hand_on(case, by=lead, reason="My brother's branch", conflict=True)
    assert (case.stage, case.holder) == (Stage.SUBMITTED, None)
    from touchpoints.models import Delivery

    told = Delivery.objects.filter(mailing__kind="bulletins.nobody_eligible")
    assert [row.user for row in told] == [lead]


def test_ready_waits_and_is_published_by_an_editor(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    to_editing(case)
    make_ready(case, by=case.holder)
    assert (case.stage, case.is_published) == (Stage.READY, False)
    assert not case.source_page().live
    with pytest.raises(PermissionDenied):
        publish_ready(case, by=author)
    publish_ready(case, by=net["editors"][1])
    assert case.is_published


def test_a_judged_edit_voids_the_neutral_approval(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    to_editing(case)
    editor, neutral = case.holder, Review.objects.of(case).get(step="neutral").reviewer
    page = case.source_page().get_latest_revision_as_object()
    page.happened = [("paragraph", "All replies came before noon.")]
    page.save_revision(user=editor)
    case.refresh_from_db()
    assert (case.stage, case.holder) == (Stage.NEUTRAL_REVIEW, neutral)
    assert Review.objects.of(case).filter(step="neutral", voided_at__isnull=False).count() == 1
    with pytest.raises(TransitionRefused):
        decide_case(case, decision="approve", by=editor, step="editing")


def test_another_edit_waits_for_the_author(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    to_editing(case)
    editor = case.holder
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Every enquiry is answered the same morning."
    page.save_revision(user=editor)
    case.refresh_from_db()
    assert case.stage == Stage.EDITING
    with pytest.raises(TransitionRefused):
        decide_case(case, decision="approve", by=editor)
    answer_edit(case, by=author, agrees=True)
    decide_case(case, decision="approve", by=editor)
    assert case.source_page().summary == "Every enquiry is answered the same morning."


def test_silence_is_consent_after_five_working_days(net, time_machine):
    author, firm = make_author("KE")
    time_machine.move_to("2026-11-20 10:00Z")  # a Friday
    case = begin(author, firm)
    to_editing(case)
    editor = case.holder
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Shorter."
    page.save_revision(user=editor)
    case.refresh_from_db()
    assert case.author_confirm_until.isoformat()[:10] == "2026-11-27"
    assert case.author_confirm_until.hour == 23  # the whole day, in the author's own zone
    time_machine.move_to("2026-11-28 00:00Z")
    decide_case(case, decision="approve", by=editor)
    assert "author_silent" in case.events.values_list("verb", flat=True)


def test_a_new_version_of_a_live_story_leaves_the_old_text_to_readers(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    to_editing(case)
    decide_case(case, decision="approve", by=case.holder)
    write_story(case, summary="A better summary.")
    submit(case)
    page = case.source_page()
    assert (case.stage, case.is_published, page.live) == (Stage.AREA_REVIEW, True, True)
    assert page.summary == "Web enquiries now get an answer the same morning."
    decide_case(case, decision="decline", by=case.holder, reason="No news.")
    assert (case.stage, case.is_published) == (Stage.PUBLISHED, True)


def test_withdrawing_takes_every_language_off(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    to_editing(case)
    decide_case(case, decision="approve", by=case.holder)
    withdraw_case(case, by=author, reason="The branch closed.")
    assert (case.stage, case.is_published) == (Stage.WITHDRAWN, False)
    assert not case.pages.filter(live=True).exists()
    with pytest.raises(TransitionRefused):
        withdraw_case(case, by=author, reason="again")


def test_only_an_untouched_draft_is_deleted(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    stranger, _firm = make_author("JP")
    with pytest.raises(PermissionDenied):
        delete_draft(case, by=stranger)
    delete_draft(case, by=author)
    assert not Case.objects.exists()
    kept = begin(author, firm)
    submit(kept)
    with pytest.raises(TransitionRefused):
        delete_draft(kept, by=author)


def test_an_event_never_changes(net):
    author, firm = make_author("KE")
    case = begin(author, firm)
    event = CaseEvent.objects.get(case=case)
    event.reason = "rewritten"
    with pytest.raises(RuntimeError):
        event.save()
    with pytest.raises(RuntimeError):
        event.delete()


def test_the_projection_equals_the_events_after_every_step(net):
    from bulletins.projection import wrong_cases

    author, firm = make_author("KE")
    case = begin(author, firm)
    submit(case)
    assert wrong_cases() == []
    decide_case(case, decision="request_changes", by=case.holder, reason="Dates?")
    assert wrong_cases() == []
    submit(case)
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)
    decide_case(case, decision="approve", by=case.holder)
    withdraw_case(case, by=author, reason="Closed")
    assert wrong_cases() == []
    Case.objects.filter(pk=case.pk).update(stage="ready")
    assert [(wrong.pk, said.stage) for wrong, said in wrong_cases()] == [(case.pk, "withdrawn")]
