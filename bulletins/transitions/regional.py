"""What a region runs itself: proposals with their answers, invitations, the supplement."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import (
    Answer,
    Audience,
    AuthorInvitation,
    BulletinIssue,
    Case,
    IssueProposal,
    IssueStage,
    IssueStory,
    ProposalAnswer,
    RegionalSupplement,
    Stage,
)
from bulletins.permissions import (
    can_answer_invitation,
    can_invite_author,
    can_manage_issues,
    can_propose_case,
    can_write_supplement,
)
from bulletins.timeline import ENDED
from bulletins.transitions.core import need_reason
from bulletins.transitions.drafts import start_case
from bulletins.transitions.issues import place_in_issue
from network.models import Distributor, Topic, User
from network.permissions import belongs_to, leads_area
from network.tree import tree_change
from touchpoints.api import tell

# A draft is its author's alone, and what has ended will not come back.
NOT_PROPOSED = {Stage.DRAFT, *ENDED}


# --- proposals ----------------------------------------------------------------------
def propose_story(case: Case, *, by, month: datetime.date, sentence: str) -> IssueProposal:
    """A lead proposes a story of the area for a month's issue, planned or still open.

    Raises PermissionDenied, or TransitionRefused where the story cannot come
    into an issue, is in one, or was proposed already and waits for its answer.
    """
    sentence, month = " ".join(sentence.split()), month.replace(day=1)
    if not sentence:
        raise TransitionRefused(_("Say in one sentence why this story fits."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if not can_propose_case(by, case):
            raise PermissionDenied
        if case.stage in NOT_PROPOSED:
            raise TransitionRefused(_("This story is not on its way to readers."))
        if case.audience == Audience.REGION:
            raise TransitionRefused(_("A story for one region only cannot enter an issue."))
        if IssueStory.objects.filter(case=case).exists():
            raise TransitionRefused(_("This story is in an issue already."))
        if month < timezone.localdate().replace(day=1):
            raise TransitionRefused(_("This month is over. Choose a later one."))
        if BulletinIssue.objects.filter(month=month).exclude(stage=IssueStage.PLANNED).exists():
            raise TransitionRefused(_("The issue of this month is closed. Choose a later one."))
        try:
            with transaction.atomic():
                proposal = IssueProposal.objects.create(
                    case=case, month=month, area=case.review_area, sentence=sentence, by=by
                )
        except IntegrityError as error:
            raise TransitionRefused(
                _("This story was proposed already and waits for an answer.")
            ) from error
        tell("bulletins.proposal_made", proposal)
    return proposal


def answer_proposal(
    proposal: IssueProposal, *, by, answer: str, reason: str = "", seen: str = ""
) -> str:
    """An editor takes a proposed story, keeps it for later, or says no and why.

    A story that is taken enters its month's issue where that is planned and
    the story may; otherwise the sentence returned says why not yet. `seen` is
    the answer that the editor was shown. Raises PermissionDenied, or
    TransitionRefused where another editor answered meanwhile.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    if answer not in Answer.values:
        raise TransitionRefused(_("This is not an answer."))
    why_not = ""
    with tree_change(), inside_transition():
        found = IssueProposal.objects.select_for_update().get(pk=proposal.pk)
        if found.answer != seen:
            raise TransitionRefused(_("Another editor answered meanwhile. Look at the answer."))
        reason = need_reason(reason) if answer == Answer.NO else reason.strip()[:5000]
        if answer == Answer.TAKEN:
            why_not = _take(found, by=by)
        found.answer, found.reason = answer, reason
        found.answered_by, found.answered_at = by, timezone.now()
        found.save(update_fields=["answer", "reason", "answered_by", "answered_at"])
        ProposalAnswer.objects.create(proposal=found, answer=answer, reason=reason, by=by)
        tell("bulletins.proposal_answered", found, answer=answer)
    proposal.refresh_from_db()
    return why_not


def _take(proposal: IssueProposal, *, by) -> str:
    issue = BulletinIssue.objects.filter(month=proposal.month).first()
    if issue is None:
        return _("The month has no issue yet: plan it, then add the story.")
    case = Case.objects.select_for_update().get(pk=proposal.case_id)
    if IssueStory.objects.filter(case=case, issue=issue).exists():
        return ""
    try:
        place_in_issue(case, issue, by=by)
    except TransitionRefused as refusal:
        return str(refusal)
    return ""


# --- invitations to write --------------------------------------------------------------
def invite_author(
    *,
    by,
    author: User,
    distributor: Distributor,
    sentence: str,
    topic: Topic | None = None,
    wished_on: datetime.date | None = None,
) -> AuthorInvitation:
    """A lead asks a member of a distributor of the area to write about something.

    Raises PermissionDenied, or TransitionRefused where the person is no
    member of it, or the day lies in the past.
    """
    sentence = " ".join(sentence.split())
    if not can_invite_author(by, distributor):
        raise PermissionDenied
    if not belongs_to(author, distributor) or author.pk == by.pk:
        raise TransitionRefused(_("This person cannot write for this distributor."))
    if not sentence:
        raise TransitionRefused(_("Say in one sentence what the story would be about."))
    if wished_on is not None and wished_on < timezone.localdate():
        raise TransitionRefused(_("This day is over. Choose a later one."))
    with transaction.atomic():
        invitation = AuthorInvitation.objects.create(
            area=distributor.review_area,
            distributor=distributor,
            author=author,
            topic=topic,
            sentence=sentence,
            wished_on=wished_on,
            by=by,
        )
        tell("bulletins.invited_to_write", invitation)
    return invitation


def _locked(invitation: AuthorInvitation) -> AuthorInvitation:
    found = AuthorInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not found.is_open:
        raise TransitionRefused(_("This invitation is no longer open."))
    return found


def start_from_invitation(invitation: AuthorInvitation, *, by, language: str) -> Case:
    """Begin the story that was asked for; the two are linked, and the lead is told.

    Raises PermissionDenied, or TransitionRefused for one that is not open.
    """
    with tree_change(), inside_transition():
        if not can_answer_invitation(by, invitation):
            raise PermissionDenied
        found = _locked(invitation)
        case = start_case(by=by, distributor=found.distributor, language=language)
        if found.topic_id:
            case.topics.add(found.topic_id)
        found.case, found.started_at = case, timezone.now()
        found.save(update_fields=["case", "started_at"])
        tell("bulletins.invitation_answered", found)
    return case


def decline_invitation(invitation: AuthorInvitation, *, by, reason: str) -> None:
    """The person asked says no and why; the lead reads it. Raises as `start_from_invitation`."""
    if not can_answer_invitation(by, invitation):
        raise PermissionDenied
    reason = (reason or "").strip()
    if not reason:
        raise TransitionRefused(_("Say why in a few words: the lead campaigner reads it."))
    with transaction.atomic():
        found = _locked(invitation)
        found.declined_at, found.reason = timezone.now(), reason[:5000]
        found.save(update_fields=["declined_at", "reason"])
        tell("bulletins.invitation_answered", found)


def take_back_invitation(invitation: AuthorInvitation, *, by) -> None:
    """A lead of the area no longer asks. Raises as `start_from_invitation`."""
    if not leads_area(by, invitation.area):
        raise PermissionDenied
    with transaction.atomic():
        found = _locked(invitation)
        found.withdrawn_at = timezone.now()
        found.save(update_fields=["withdrawn_at"])


# --- the regional supplement -----------------------------------------------------------
def write_supplement(
    issue: BulletinIssue,
    *,
    by,
    scope: tuple[str, int],
    language: str,
    title: str,
    paragraphs: list[str],
    seen: int,
) -> RegionalSupplement:
    """Save a region's page of an issue in one language; `seen` is the version it was typed over.

    0 stands for a new one. Raises PermissionDenied, or TransitionRefused
    where another lead saved meanwhile.
    """
    if not can_write_supplement(by, scope):
        raise PermissionDenied
    kind, pk = scope
    owner = {"region_id": pk} if kind == "region" else {"review_area_id": pk}
    with transaction.atomic():
        BulletinIssue.objects.select_for_update().get(pk=issue.pk)  # two new ones at once
        found = (
            RegionalSupplement.objects.select_for_update(of=("self",))
            .filter(issue=issue, language=language, **owner)
            .first()
        )
        if (found.version if found else 0) != seen:
            raise TransitionRefused(
                _("Somebody else saved this supplement meanwhile. Your text stands below.")
            )
        found = found or RegionalSupplement(issue=issue, language=language, version=0, **owner)
        kept = {str(block.value): block.id for block in found.body}
        found.body = found._meta.get_field("body").stream_block.to_python(
            [
                {"type": "paragraph", "value": text, "id": kept.get(text) or str(uuid.uuid4())}
                for text in paragraphs
            ]
        )
        found.title, found.by, found.at = title, by, timezone.now()
        found.version += 1
        found.save()
    return found


def publish_supplement(supplement: RegionalSupplement, *, by) -> None:
    """Readers of the scope see it from now on, once its issue is out."""
    _show(supplement, by=by, at=timezone.now())


def hide_supplement(supplement: RegionalSupplement, *, by) -> None:
    """Take it off the issue's page again."""
    _show(supplement, by=by, at=None)


def _show(supplement: RegionalSupplement, *, by, at) -> None:
    if not can_write_supplement(by, supplement.scope):
        raise PermissionDenied
    with transaction.atomic():
        found = RegionalSupplement.objects.select_for_update(of=("self",)).get(pk=supplement.pk)
        if bool(found.published_at) != bool(at):
            found.published_at = at
            found.save(update_fields=["published_at"])
    supplement.refresh_from_db()
