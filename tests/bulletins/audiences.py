"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

import datetime

from django.utils import timezone

from bulletins.models import Correction
from tests.bulletins import audiences_appeals, audiences_authorship, audiences_responses
from tests.factories.network import make_distributor, make_user
from tests.factories.regional import make_invitation, make_proposal
from tests.factories.stories import make_case, make_issue
from tests.touchpoints.audiences import Told
from touchpoints.transitions import choose_mail


def to_authors(stage: str):
    """A row for messages to the author and co-authors."""

    def row(crowd) -> Told:
        case = make_case(stage=stage, holder=crowd["campaigner"])
        co_author = make_user(distributor=case.distributor)
        case.co_authors.add(co_author)
        make_user(distributor=case.distributor)  # a colleague
        return Told(case, {"reason": "The date is missing."}, [case.author, co_author])

    return row


def to_holder(stage: str):
    """A row for messages to whoever must act next."""

    def row(crowd) -> Told:
        case = make_case(stage=stage, holder=crowd["editor"])
        return Told(case, {}, [crowd["editor"]])

    return row


def to_area_leads(crowd) -> Told:
    """The leads of the story's own area; crowd['lead'] leads another."""
    case = make_case(stage="submitted")
    make_user("campaigner", review_area=case.review_area)
    return Told(case, {"step": "area"}, [make_user("lead", review_area=case.review_area)])


def to_area_leads_of_the_former(crowd) -> Told:
    """The leads of the story's area hear that a reviewer was replaced; not the reviewer."""
    case = make_case(stage="area_review", holder=crowd["campaigner"])
    former = make_user("campaigner", review_area=case.review_area)
    lead = make_user("lead", review_area=case.review_area)
    return Told(case, {"step": "area", "former": former.pk, "reason": "Away."}, [lead])


def to_who_names_the_author(crowd) -> Told:
    """First contact and deputy; a lead of the area is not asked while there is one."""
    told = to_managers(crowd)
    make_user("lead", review_area=told.obj.review_area)
    return told


def to_managers(crowd) -> Told:
    """First contact and deputy of the story's distributor; crowd['manager'] manages another."""
    case = make_case(published=True)
    first = make_user("manager", distributor=case.distributor)
    deputy = make_user(distributor=case.distributor, contact="deputy")
    make_user(distributor=case.distributor)  # a colleague
    return Told(case, {"who": case.author_id}, [first, deputy])


def to_asker(crowd) -> Told:
    """Whoever wrote the note, while they may see the story."""
    case = make_case(stage="area_review")
    asker = make_user("campaigner", review_area=case.review_area)
    make_user("campaigner", review_area=case.review_area)  # a colleague
    return Told(case, {"by": case.author_id, "to": asker.pk}, [asker])


def issue_to_contacts(crowd) -> Told:
    """First contacts and deputies of active distributors: nobody else of the firm."""
    firm = make_distributor()
    first = make_user(distributor=firm, contact="first")
    deputy = make_user(distributor=firm, contact="deputy")
    make_user(distributor=firm)
    make_user(distributor=make_distributor(is_active=False), contact="first")
    return Told(make_issue(), {}, [crowd["manager"], first, deputy])


def copy_to_who_asked(crowd) -> Told:
    """Members who asked for a copy of their own; a contact gets the distributor's."""
    reader, contact = make_user(), crowd["manager"]
    for user in (reader, contact):
        choose_mail(user, {"bulletins.issue_copy": True})
    return Told(make_issue(), {}, [reader])


def held_to_editors(crowd) -> Told:
    """Every editor."""
    issue = make_issue(created_by=crowd["editor"])
    return Told(issue, {}, [crowd["editor"], make_user("editor")])


def left_to_authors_and_editors(crowd) -> Told:
    """The story's authors, and every editor."""
    case = make_case(published=True)
    issue = make_issue(created_by=crowd["editor"])
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    make_user(distributor=case.distributor)  # a colleague
    data = {"issue": issue.pk, "why": "The story was withdrawn."}
    return Told(case, data, [case.author, co_author, crowd["editor"]])


def to_editors(crowd) -> Told:
    """Every editor: one of them clears the story."""
    return Told(make_case(published=True), {}, [crowd["editor"], make_user("editor")])


def proposal_to_editors(crowd) -> Told:
    """All editors, who answer it; not another lead of the area."""
    proposal = make_proposal()
    make_user("lead", review_area=proposal.area)
    return Told(proposal, {}, [crowd["editor"], make_user("editor")])


def answer_to_proposer(crowd) -> Told:
    """The lead who proposed the story; crowd['lead'] leads another area."""
    proposal = make_proposal()
    make_user("lead", review_area=proposal.area)  # another lead of the area
    proposal.answer = "later"
    proposal.save()
    return Told(proposal, {"answer": "later"}, [proposal.by])


def _invitation():
    firm = make_distributor()
    lead = make_user("lead", review_area=firm.review_area)
    make_user(distributor=firm)  # a colleague
    return make_invitation(make_user(distributor=firm), firm, lead)


def to_invited(crowd) -> Told:
    """Whoever is asked to write."""
    invitation = _invitation()
    return Told(invitation, {}, [invitation.author])


def to_author_begun_for(crowd) -> Told:
    """The author in whose name the draft was begun; no colleague."""
    case = make_case()
    make_user(distributor=case.distributor)
    return Told(case, {"by": crowd["executive"].pk}, [case.author])


def to_inviter(crowd) -> Told:
    """The lead who asked."""
    invitation = _invitation()
    invitation.declined_at, invitation.reason = timezone.now(), "No time."
    invitation.save()
    return Told(invitation, {}, [invitation.by])


def correction_to_contacts(crowd) -> Told:
    """As the issue itself."""
    told = issue_to_contacts(crowd)
    issue = make_issue(released=True, month=datetime.date(2026, 10, 1))
    correction = Correction.objects.create(
        issue=issue, words={"en": "It was 61."}, is_material=True, by=crowd["editor"]
    )
    return Told(correction, {}, told.people)


def language_to_contacts(crowd) -> Told:
    """The contacts; the sweep names those of the language."""
    told = issue_to_contacts(crowd)
    return Told(make_issue(released=True, month=datetime.date(2026, 10, 1)), {}, told.people)


AUDIENCES = (
    {
        "bulletins.issue": issue_to_contacts,
        "bulletins.issue_copy": copy_to_who_asked,
        "bulletins.issue_held": held_to_editors,
        "bulletins.issue_language": language_to_contacts,
        "bulletins.correction": correction_to_contacts,
        "bulletins.proposal_made": proposal_to_editors,
        "bulletins.proposal_answered": answer_to_proposer,
        "bulletins.begun_for_author": to_author_begun_for,
        "bulletins.invited_to_write": to_invited,
        "bulletins.invitation_answered": to_inviter,
        "bulletins.story_left_issue": left_to_authors_and_editors,
        "bulletins.case_submitted": to_authors("area_review"),
        "bulletins.case_moved": to_authors("neutral_review"),
        "bulletins.changes_requested": to_authors("changes_requested"),
        "bulletins.case_declined": to_authors("declined"),
        "bulletins.case_published": to_authors("published"),
        "bulletins.case_withdrawn": to_authors("withdrawn"),
        "bulletins.edit_to_confirm": to_authors("editing"),
        "bulletins.review_assigned": to_holder("area_review"),
        "bulletins.edit_objected": to_holder("editing"),
        "bulletins.nobody_eligible": to_area_leads,
        "bulletins.review_moved": to_area_leads_of_the_former,
        "bulletins.author_left": to_who_names_the_author,
        "bulletins.consent_asked": to_managers,
        "bulletins.clearance_asked": to_editors,
        "bulletins.notes_sent": to_authors("area_review"),
        "bulletins.note_answered": to_asker,
    }
    | audiences_responses.AUDIENCES
    | audiences_appeals.AUDIENCES
    | audiences_authorship.AUDIENCES
)
