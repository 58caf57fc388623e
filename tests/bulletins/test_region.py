"""What a region runs itself: proposals and their answers, invitations to write, the supplement."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from bulletins.exceptions import TransitionRefused
from bulletins.models import (
    AuthorInvitation,
    IssueProposal,
    IssueStory,
    ProposalAnswer,
    RegionalSupplement,
)
from bulletins.permissions import can_view_supplement
from bulletins.transitions import (
    add_story,
    delete_draft,
    plan_issue,
    release_issue,
    schedule_issue,
)
from bulletins.transitions.regional import (
    answer_proposal,
    decline_invitation,
    hide_supplement,
    invite_author,
    propose_story,
    publish_supplement,
    start_from_invitation,
    take_back_invitation,
    write_supplement,
)
from network.registry import desk_items
from tests.factories.network import make_country, make_distributor, make_region, make_user
from tests.factories.regional import make_supplement
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
MONTH = datetime.date(2030, 12, 1)


@pytest.fixture
def here():
    """A distributor of a country with a home region, its area's lead, and a member."""
    firm = make_distributor(country=make_country(region=make_region("here")))
    lead = make_user("lead", review_area=firm.review_area)
    return firm, lead, make_user(distributor=firm)


def propose(case, lead, **more):
    return propose_story(case, by=lead, month=MONTH, sentence="Every workshop waits.", **more)


def whats(user) -> list[str]:
    return [str(item.what) for item in desk_items(user)]


# --- proposals --------------------------------------------------------------------------
@pytest.mark.slow
def test_a_lead_proposes_and_the_editor_takes_it_into_the_issue(here, client):
    firm, lead, _member = here
    editor = make_user("editor")
    case = make_case(firm, published=True)
    proposal = propose(case, lead)
    with pytest.raises(TransitionRefused):  # once at a time
        propose(case, lead)
    assert any("waits for your answer" in what for what in whats(editor))
    issue = plan_issue(by=editor, month=MONTH, title="Queues")
    client.force_login(editor)
    page = client.get(reverse("issue_desk", args=[issue.pk])).content.decode()
    assert "Every workshop waits." in page
    assert answer_proposal(proposal, by=editor, answer="taken") == ""
    assert IssueStory.objects.get().case == case
    assert Delivery.objects.get(mailing__kind="bulletins.proposal_answered").user == lead
    assert not any("waits for your answer" in what for what in whats(editor))


def test_a_no_says_why_and_the_history_keeps_every_answer(here):
    firm, lead, _member = here
    editor = make_user("editor")
    proposal = propose(make_case(firm, published=True), lead)
    with pytest.raises(TransitionRefused):
        answer_proposal(proposal, by=editor, answer="no")
    answer_proposal(proposal, by=editor, answer="no", reason="Told in March.")
    answer_proposal(proposal, by=editor, answer="later", seen="no")
    assert list(ProposalAnswer.objects.values_list("answer", "reason")) == [
        ("no", "Told in March."),
        ("later", ""),
    ]
    with pytest.raises(RuntimeError):
        ProposalAnswer.objects.first().delete()
    propose(proposal.case, lead)  # an answered one may be proposed again


def test_of_two_editors_answers_the_second_is_refused(here):
    firm, lead, _member = here
    proposal = propose(make_case(firm, published=True), lead)
    answer_proposal(proposal, by=make_user("editor"), answer="taken")
    with pytest.raises(TransitionRefused):  # saw it without an answer
        answer_proposal(proposal, by=make_user("editor"), answer="no", reason="Full.")
    proposal.refresh_from_db()
    assert proposal.answer == "taken"


def test_control_plain_saves_let_both_answers_through(here):
    firm, lead, _member = here
    proposal = propose(make_case(firm, published=True), lead)
    first, second = (IssueProposal.objects.get(pk=proposal.pk) for _ in range(2))
    for stale, answer in ((first, "taken"), (second, "no")):
        stale.answer = answer
        stale.save()  # if this fails, the test above proves nothing
    proposal.refresh_from_db()
    assert proposal.answer == "no"


def test_what_cannot_be_proposed(here):
    firm, lead, _member = here
    for case in (
        make_case(firm),
        make_case(firm, published=True, audience="region"),
        make_case(firm, stage="withdrawn"),
    ):
        with pytest.raises((TransitionRefused, PermissionDenied)):
            propose(case, lead)
    elsewhere = make_case(published=True)
    with pytest.raises(PermissionDenied):
        propose(elsewhere, lead)
    with pytest.raises(TransitionRefused):
        propose_story(
            make_case(firm, published=True),
            by=lead,
            month=datetime.date(2020, 1, 1),
            sentence="Late.",
        )
    assert not IssueProposal.objects.exists()
    propose(make_case(firm, stage="area_review"), lead)  # control: on its way is enough


def test_a_story_taken_before_it_is_ready_says_what_is_missing(here):
    firm, lead, _member = here
    editor = make_user("editor")
    plan_issue(by=editor, month=MONTH, title="Queues")
    proposal = propose(make_case(firm, stage="area_review"), lead)
    assert "ready or published" in answer_proposal(proposal, by=editor, answer="taken")
    proposal.refresh_from_db()
    assert (proposal.answer, IssueStory.objects.count()) == ("taken", 0)


# --- invitations ---------------------------------------------------------------------------
def test_an_author_is_asked_begins_and_the_two_are_linked(here, client, mailoutbox):
    firm, lead, member = here
    invitation = invite_author(
        by=lead, author=member, distributor=firm, sentence="How you cut the queue"
    )
    assert any("asks you to tell this story" in what for what in whats(member))
    client.force_login(member)
    done = client.post(reverse("author_invitation_start", args=[invitation.pk]), {"language": "ja"})
    invitation.refresh_from_db()
    assert done["Location"] == reverse("share_case", args=[invitation.case.number])
    assert invitation.case.source_language == "ja"
    assert invitation.case.invitation == invitation
    assert not any("asks you to tell" in what for what in whats(member))
    with pytest.raises(TransitionRefused):
        start_from_invitation(invitation, by=member, language="en")
    delete_draft(invitation.case, by=member)
    assert AuthorInvitation.objects.open().get() == invitation  # open again


def test_an_author_declines_and_says_why(here):
    firm, lead, member = here
    invitation = invite_author(by=lead, author=member, distributor=firm, sentence="The queue")
    with pytest.raises(TransitionRefused):
        decline_invitation(invitation, by=member, reason=" ")
    with pytest.raises(PermissionDenied):
        decline_invitation(invitation, by=lead, reason="No time.")
    decline_invitation(invitation, by=member, reason="No time.")
    told = Delivery.objects.get(mailing__kind="bulletins.invitation_answered")
    assert told.user == lead
    with pytest.raises(TransitionRefused):
        take_back_invitation(invitation, by=lead)


def test_only_members_of_the_areas_own_firms_are_asked(here):
    firm, lead, _member = here
    stranger = make_user(distributor=make_distributor())
    with pytest.raises(TransitionRefused):
        invite_author(by=lead, author=stranger, distributor=firm, sentence="The queue")
    with pytest.raises(PermissionDenied):
        invite_author(
            by=lead,
            author=stranger,
            distributor=stranger.memberships.get().distributor,
            sentence="The queue",
        )


# --- the supplement ----------------------------------------------------------------------------
def test_readers_of_the_scope_see_the_supplement_once_all_is_out(here, client):
    firm, lead, member = here
    editor = make_user("editor")
    issue = plan_issue(by=editor, month=datetime.date(2026, 12, 1), title="Queues")
    add_story(issue, make_case(published=True), by=editor)
    scope = ("region", firm.country.region_id)
    text = {"by": lead, "scope": scope, "language": "en", "title": "Near us"}
    written = write_supplement(issue, **text, paragraphs=["Come to the parts week."], seen=0)
    elsewhere = make_user(distributor=make_distributor())
    assert not RegionalSupplement.objects.visible_to(member).exists()
    publish_supplement(written, by=lead)
    assert not RegionalSupplement.objects.visible_to(member).exists()  # the issue is not out
    soon = timezone.now() + datetime.timedelta(minutes=1)
    schedule_issue(issue, by=editor, release_at=soon)
    release_issue(issue, by=editor)
    for person, sees in ((member, True), (elsewhere, False), (None, False)):
        if person:
            client.force_login(person)
        else:
            client.logout()
        page = client.get("/en/bulletins/2026/12/").content.decode()
        assert ("Come to the parts week." in page) is sees
    hide_supplement(written, by=lead)
    client.force_login(member)
    assert "parts week" not in client.get("/en/bulletins/2026/12/").content.decode()


def test_predicate_and_query_of_supplements_agree(here):
    firm, lead, member = here
    region = firm.country.region
    other = make_distributor()
    rows = [
        make_supplement(region=region),
        make_supplement(make_issue(datetime.date(2026, 4, 1)), region=region),
        make_supplement(
            make_issue(datetime.date(2026, 5, 1), released=True), region=region, out=False
        ),
        make_supplement(
            make_issue(datetime.date(2026, 6, 1), released=True), review_area=other.review_area
        ),
    ]
    people = [
        member,
        lead,
        make_user(distributor=other),
        make_user("lead", review_area=other.review_area),
        make_user("editor"),
    ]
    for person in people:
        seen = set(RegionalSupplement.objects.visible_to(person))
        assert seen == {row for row in rows if can_view_supplement(person, row)}
    assert len(set(RegionalSupplement.objects.visible_to(member))) == 1


def test_two_leads_never_overwrite_each_other_unseen(here):
    firm, lead, _member = here
    second = make_user("lead", review_area=firm.review_area)
    issue = make_issue()
    text = {"scope": ("region", firm.country.region_id), "language": "en", "seen": 0}
    write_supplement(issue, by=lead, title="One", paragraphs=["a"], **text)
    with pytest.raises(TransitionRefused):
        write_supplement(issue, by=second, title="Two", paragraphs=["b"], **text)
    assert RegionalSupplement.objects.get().title == "One"
    text["seen"] = 1
    write_supplement(
        issue, by=second, title="Two", paragraphs=["b"], **text
    )  # control: has seen it
    assert RegionalSupplement.objects.get().title == "Two"


def test_what_was_typed_over_another_lead_is_shown_again(here, client):
    firm, lead, _member = here
    issue = make_issue()
    url = reverse("supplement_write", args=[issue.pk, f"region-{firm.country.region_id}", "ar"])
    client.force_login(lead)
    typed = {"title": "Mine", "body": "My words.", "seen": 0}
    assert client.post(url, typed).status_code == 302
    refused = client.post(url, {"title": "Late", "body": "Late words.", "seen": 0})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Late words." in page
    assert "My words." in page
    again = client.post(url, {"title": "Late", "body": "Late words.", "seen": 1})
    assert again.status_code == 302


def test_a_lead_of_elsewhere_writes_no_supplement_here(here):
    firm, _lead, _member = here
    stranger = make_user("lead", review_area=make_distributor().review_area)
    with pytest.raises(PermissionDenied):
        write_supplement(
            make_issue(),
            by=stranger,
            scope=("region", firm.country.region_id),
            language="en",
            title="x",
            paragraphs=["y"],
            seen=0,
        )


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 3])
def test_the_regions_desk_does_not_ask_row_by_row(
    here, client, rows, django_assert_max_num_queries
):
    firm, lead, member = here
    for _ in range(rows):
        propose(make_case(firm, published=True), lead)
        make_case(firm, published=True)
        invite_author(by=lead, author=member, distributor=firm, sentence="The queue")
    client.force_login(lead)
    client.get(reverse("region_desk"))  # what waits for somebody is counted once a minute
    with django_assert_max_num_queries(26):
        assert client.get(reverse("region_desk")).status_code == 200
