"""A story's way through review: submit and decide."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins import assignment
from bulletins.completeness import missing
from bulletins.exceptions import SubmissionIncomplete, TransitionRefused
from bulletins.models import Case, Stage
from bulletins.permissions import (
    can_decide_case,
    can_return_case,
    is_author,
    is_neutral_reviewer,
)
from bulletins.revisions import judged_changes
from bulletins.transitions import mirror
from bulletins.transitions.core import (
    STEP_OF,
    changing,
    need_reason,
    record,
    refuse_unless,
    refuse_unless_seen,
    source_page,
)
from bulletins.transitions.handing import can_take_area, can_take_editing, open_step
from review.api import (
    Decision,
    ask_author,
    checklist_of,
    close_review,
    current_review,
    gave_away,
    last_decision,
    last_reviewers,
    open_review,
    send_notes,
    void_open_review,
)
from touchpoints.api import tell

SUBMITTABLE = {Stage.DRAFT, Stage.CHANGES_REQUESTED, Stage.PUBLISHED}


def submit_case(case: Case, *, by, people_agreed: bool, no_customer_data: bool) -> None:
    """Hand a draft, a returned story or a new version of a live one to its reviewer.

    A returned story goes back to whoever asked; if a cause, countermeasure or
    result changed meanwhile, the area is asked first.

    Raises PermissionDenied, SubmissionIncomplete (what is missing, by part),
    or TransitionRefused.
    """
    with changing(case) as locked:
        if not is_author(by, locked):
            raise PermissionDenied
        refuse_unless(locked, SUBMITTABLE, _("This story is already on its way."))
        page = source_page(locked)
        revision = page.get_latest_revision()
        if locked.stage == Stage.PUBLISHED and revision.pk == page.live_revision_id:
            raise TransitionRefused(_("Nothing has changed since this story was published."))
        gaps = missing(page.get_latest_revision_as_object())
        if gaps:
            raise SubmissionIncomplete(gaps)
        if not (people_agreed and no_customer_data):
            raise TransitionRefused(_("Confirm both points about people and customers first."))
        if locked.stage == Stage.CHANGES_REQUESTED and checklist_of(locked).is_untouched:
            raise TransitionRefused(
                _("Tick or answer at least one of the requested changes first.")
            )
        now = timezone.now()
        locked.people_agreed_at = locked.no_customer_data_at = now
        if locked.submitted_at is None:
            locked.submitted_at = now
            locked.region = locked.distributor.region
            locked.review_area = locked.distributor.review_area
        first_time = locked.stage != Stage.CHANGES_REQUESTED
        verb = "submit" if first_time else "resubmit"
        asked = None if first_time else last_decision(locked, Decision.REQUEST_CHANGES)
        if asked is None or (asked.step != "area" and judged_changes(asked.revision, revision)):
            to_area(locked, page, by=by, verb=verb, revision=revision)
        else:
            back_to(locked, page, asked, by=by, revision=revision)
        tell("bulletins.case_submitted", locked)


def to_area(case: Case, page, *, by, verb: str, revision) -> None:
    """Give the story to the area's reviewer, or to a neighbour's; tell the lead where nobody is."""
    pool, days = assignment.Pool.of_campaigners(), assignment.clock_days(case, "area")
    passed = gave_away(Case, [case.pk], "area").get(case.pk, set())
    area, reviewer = assignment.area_reviewer(case, pool=pool, without=passed)
    case.deciding_area = area if area and area.pk != case.review_area_id else None
    # Whoever had it before gets it again, unless they are away now.
    earlier = [person for person in last_reviewers(case, "area") if can_take_area(person, case)]
    present = (person for person in earlier if not pool.is_away(person, days))
    reviewer = next(present, reviewer)
    mirror.show_step(page, "area", by=by)
    if reviewer is None:
        record(case, Stage.SUBMITTED, verb=verb, by=by, holder=None, revision=revision)
        tell("bulletins.nobody_eligible", case, step="area")
        return
    record(case, Stage.AREA_REVIEW, verb=verb, by=by, holder=reviewer, revision=revision)
    open_step(case, "area", reviewer, by=by, revision=revision)


def to_neutral(case: Case, page, *, by, verb: str, revision, reason: str = "") -> None:
    """Give the story to a neutral reviewer; tell the lead where nobody is eligible."""
    mirror.show_step(page, "neutral", by=by)
    pool, days = assignment.Pool.of_campaigners(), assignment.clock_days(case, "neutral")
    earlier = last_decision(case, Decision.REQUEST_CHANGES, Decision.APPROVE)
    reviewer = None
    if earlier and earlier.step == "neutral" and is_neutral_reviewer(earlier.reviewer, case):
        reviewer = None if pool.is_away(earlier.reviewer, days) else earlier.reviewer
    if reviewer is None:
        passed = gave_away(Case, [case.pk], "neutral").get(case.pk, set())
        reviewer = assignment.neutral_reviewer(case, pool=pool, without=passed)
    record(
        case,
        Stage.NEUTRAL_REVIEW,
        verb=verb,
        by=by,
        holder=reviewer,
        revision=revision,
        reason=reason,
    )
    if reviewer is None:
        tell("bulletins.nobody_eligible", case, step="neutral")
        return
    open_step(case, "neutral", reviewer, by=by, revision=revision)


def to_editing(case: Case, page, *, by, verb: str, revision, reason: str = "") -> None:
    """Give the story to the editor who holds the fewest."""
    mirror.show_step(page, "editing", by=by)
    asked = last_decision(case, Decision.REQUEST_CHANGES)
    editor = None
    if verb == "resubmit" and asked and can_take_editing(asked.reviewer, case):
        editor = asked.reviewer
    editor = editor or assignment.editor_for(case)
    record(case, Stage.EDITING, verb=verb, by=by, holder=editor, revision=revision, reason=reason)
    if editor is None:
        tell("bulletins.nobody_eligible", case, step="editing")
        return
    open_step(case, "editing", editor, by=by, revision=revision)


def back_to(case: Case, page, asked, *, by, revision) -> None:
    """Return a reworked story to the person and step that asked for the change."""
    steps = {"area": to_area, "neutral": to_neutral, "editing": to_editing}
    steps[asked.step](case, page, by=by, verb="resubmit", revision=revision)


def decide_case(
    case: Case,
    *,
    decision: str,
    by,
    reason: str = "",
    step: str = "",
    rubric: dict | None = None,
    seen_revision: int | None = None,
) -> None:
    """Approve, request changes of, or decline the story at its present step.

    `step` and `seen_revision` are what the person saw: if either has moved
    on, the decision is refused. Approving at the editing step publishes now.

    Raises PermissionDenied (R4, R5) or TransitionRefused.
    """
    from bulletins.transitions.publishing import publish

    with changing(case) as locked:
        now_at = STEP_OF.get(locked.stage)
        if now_at is None or (step and step != now_at):
            raise TransitionRefused(_("This story no longer waits for this decision."))
        allowed = can_return_case if decision == Decision.REQUEST_CHANGES else can_decide_case
        if not allowed(by, locked, now_at):
            raise PermissionDenied
        page = source_page(locked)
        revision = page.get_latest_revision()
        refuse_unless_seen(revision, seen_revision)
        if decision == Decision.REQUEST_CHANGES:
            return_to_author(locked, page, by=by, reason=need_reason(reason), rubric=rubric)
        elif decision == Decision.DECLINE:
            decline(locked, page, by=by, reason=need_reason(reason), rubric=rubric)
        elif decision == Decision.APPROVE:
            review = close_review(
                locked,
                decision=decision,
                by=by,
                reason=reason,
                rubric=rubric,
                revision=revision,
            )
            send_notes(locked, by=by, review=review)
            if now_at == "area":
                to_neutral(
                    locked, page, by=by, verb="approve_area", revision=revision, reason=reason
                )
            elif now_at == "neutral":
                locked.approved_revision = revision
                to_editing(
                    locked, page, by=by, verb="approve_neutral", revision=revision, reason=reason
                )
            else:
                publish(locked, page, by=by, revision=revision, reason=reason)
                return
            tell("bulletins.case_moved", locked)
        else:
            raise TransitionRefused(_("This is not a decision."))


def return_to_author(case: Case, page, *, by, reason: str, rubric: dict | None = None) -> None:
    """Ask the author for changes, with the notes written beside the text."""
    revision = page.get_latest_revision()
    review = current_review(case)
    if review and review.reviewer_id != by.pk:
        # The area's own campaigner returns a story that a neighbour decides:
        # the judgement is on record as theirs, never as the neighbour's.
        void_open_review(case, because=reason)
        open_review(case, step=STEP_OF[case.stage], reviewer=by, by=by, revision=revision)
    review = close_review(
        case,
        decision=Decision.REQUEST_CHANGES,
        by=by,
        reason=reason,
        rubric=rubric,
        revision=revision,
    )
    send_notes(case, by=by, review=review)
    if review is not None:
        ask_author(review, author=case.author, days=assignment.clock_days(case, "author"))
    mirror.show_returned(page, by=by, comment=reason)
    record(
        case,
        Stage.CHANGES_REQUESTED,
        verb="request_changes",
        by=by,
        holder=case.author,
        reason=reason,
        revision=revision,
    )
    tell("bulletins.changes_requested", case, reason=reason)


def decline(case: Case, page, *, by, reason: str, rubric: dict | None = None) -> None:
    """End the story's way; a live one keeps its published text."""
    revision = page.get_latest_revision()
    review = close_review(
        case, decision=Decision.DECLINE, by=by, reason=reason, rubric=rubric, revision=revision
    )
    send_notes(case, by=by, review=review)
    mirror.end(page, by=by)
    stage = Stage.PUBLISHED if case.is_published else Stage.DECLINED
    record(case, stage, verb="decline", by=by, holder=None, reason=reason, revision=revision)
    tell("bulletins.case_declined", case, reason=reason)


def drop_review(case: Case, page, *, by, because: str) -> None:
    """The story leaves review without a decision (withdrawn)."""
    void_open_review(case, because=because)
    mirror.end(page, by=by)
