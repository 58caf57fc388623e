"""Going live and off again: publish, ready, edits after approval, withdraw, archive, audience."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.actions.unpublish_page import UnpublishPageAction

from bulletins.exceptions import TransitionRefused
from bulletins.models import (
    Audience,
    BulletinIssue,
    Case,
    CaseResult,
    IssueStage,
    IssueStory,
    Stage,
)
from bulletins.permissions import (
    can_archive_case,
    can_clear_public,
    can_consent_public,
    can_decide_case,
    can_withdraw_case,
    has_interest_in,
    is_author,
)
from bulletins.revisions import changed_fields, judged_changes
from bulletins.transitions import mirror
from bulletins.transitions.core import (
    changing,
    need_reason,
    record,
    refuse_unless,
    refuse_unless_seen,
    source_page,
)
from bulletins.transitions.issue_log import leave_issue
from bulletins.transitions.reviewing import drop_review, to_editing, to_neutral
from network.calendars import calendar_of
from network.models import Measure, User
from network.permissions import is_editor
from review.api import Decision, close_review, send_notes, void_open_review, void_reviews
from touchpoints.api import tell
from translations.api import follow_source

WITHDRAWABLE = set(Stage) - {Stage.DRAFT, Stage.WITHDRAWN, Stage.DECLINED, Stage.ARCHIVED}
# Working days of the author's own calendar to object to an editor's edit.
CONFIRM_DAYS = 5


def publish(case: Case, page, *, by, revision, reason: str = "") -> None:
    """Put the approved text live, in every finished language; inside a running transition.

    Raises TransitionRefused where a judged part differs from what the neutral
    reviewer approved, or the author may still object to an edit.
    """
    check_approved(case, revision)
    settle_confirmation(case, by=by)
    mirror.finish(page, by=by)
    go_live(case, page, revision, by=by)
    case.is_published = True
    case.published_at = case.published_at or timezone.now()
    record(
        case, Stage.PUBLISHED, verb="publish", by=by, holder=None, reason=reason, revision=revision
    )
    tell("bulletins.case_published", case)


def go_live(case: Case, page, revision, *, by) -> None:
    """Publish one revision of the source page and project its figures.

    A public story's consent and clearance are each to a revision: another
    one takes them back (R7). Finished languages go live with it; figures reach
    those that are live, their words stay and are marked.
    """
    if case.audience == Audience.PUBLIC and case.consent_revision_id != revision.pk:
        take_back_clearance(case)
    if page.first_published_at is None:
        name_address(case, revision)
    revision.publish(user=by, log_action=True, skip_permission_checks=True)
    page.refresh_from_db()
    project_results(case, page)
    follow_source(page, by=by)


def name_address(case: Case, revision) -> None:
    """Give a story that goes live for the first time its address: number and title.

    The slug stands in the revision that is published; later titles leave it alone.
    """
    words = slugify(revision.content["title"], allow_unicode=True)[:80].strip("-")
    revision.content["slug"] = f"{case.number}-{words}".strip("-")
    revision.save(update_fields=["content"])


def check_approved(case: Case, revision) -> None:
    """Raises TransitionRefused unless the neutral reviewer approved what would go live."""
    if case.approved_revision is None:
        raise TransitionRefused(_("The neutral reviewer has not approved this story yet."))
    if judged_changes(case.approved_revision, revision):
        raise TransitionRefused(
            _("A cause, countermeasure, result or figure changed after the neutral approval.")
        )


def settle_confirmation(case: Case, *, by) -> None:
    """Silence is consent once the author's days are over; it is logged.

    Raises TransitionRefused while the author may still object.
    """
    if case.author_confirm_until is None:
        return
    if case.author_confirm_until > timezone.now():
        raise TransitionRefused(
            _("The author may object to the last edit until %(day)s.")
            % {"day": case.author_confirm_until.date().isoformat()}
        )
    case.author_confirm_until = None
    record(case, case.stage, verb="author_silent", by=by, holder=case.holder)


def project_results(case: Case, page) -> None:
    """Write the live page's KPI rows to `CaseResult`; rows that went are removed."""
    measures = {measure.slug: measure for measure in Measure.objects.all()}
    kept = []
    for order, block in enumerate(page.results):
        row = block.value
        key = uuid.UUID(str(row["measure_key"]))
        kept.append(key)
        CaseResult.objects.update_or_create(
            case=case,
            measure_key=key,
            defaults={
                "measure": measures.get(row["measure"]),
                "unit": row["unit"],
                "target": row["target"],
                "before": row["before"],
                "after": row["after"],
                "before_on": row["before_on"],
                "after_on": row["after_on"],
                "sort_order": order,
            },
        )
    case.results.exclude(measure_key__in=kept).delete()


def make_ready(
    case: Case,
    *,
    by,
    issue: BulletinIssue | None = None,
    seen_revision: int | None = None,
    reason: str = "",
) -> None:
    """The editing step ends without going live: ready, with an issue where one is named.

    Raises PermissionDenied or TransitionRefused.
    """
    from bulletins.transitions.issues import place_in_issue

    with changing(case) as locked:
        if not can_decide_case(by, locked, "editing"):
            raise PermissionDenied
        refuse_unless(locked, {Stage.EDITING}, _("Only a story with the editors becomes ready."))
        page = source_page(locked)
        revision = page.get_latest_revision()
        refuse_unless_seen(revision, seen_revision)
        check_approved(locked, revision)
        settle_confirmation(locked, by=by)
        review = close_review(
            locked, decision=Decision.APPROVE, by=by, reason=reason, revision=revision
        )
        send_notes(locked, by=by, review=review)
        mirror.finish(page, by=by)
        record(
            locked, Stage.READY, verb="ready", by=by, holder=None, reason=reason, revision=revision
        )
        if issue is not None:
            place_in_issue(locked, issue, by=by)
        tell("bulletins.case_moved", locked)


def publish_ready(case: Case, *, by) -> None:
    """An editor puts a ready story live without waiting for an issue."""
    with changing(case) as locked:
        if not is_editor(by) or has_interest_in(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.READY}, _("Only a ready story can be published now."))
        page = source_page(locked)
        publish(locked, page, by=by, revision=page.get_latest_revision())


def note_edit(case: Case, page, *, by: User) -> None:
    """An editor saved another text after the neutral approval.

    A judged part voids that approval: the story goes back to its reviewer.
    Any other edit is shown to the author, who may object for five working days.
    An editor who wrote it asks nobody's leave but the reviewer's; of a live
    story it is the next version, to be submitted as any author's.
    """
    with changing(case) as locked:
        if locked.approved_revision is None:
            return
        if locked.stage not in {Stage.EDITING, Stage.READY, Stage.PUBLISHED}:
            return
        is_own = is_author(by, locked)
        if is_own and locked.stage == Stage.PUBLISHED:
            return
        revision = page.get_latest_revision()
        judged = judged_changes(locked.approved_revision, revision)
        if judged:
            because = _("The text changed after the approval.")
            void_open_review(locked, because=because)
            void_reviews(locked, step="neutral", because=because)
            locked.author_confirm_until = None
            to_neutral(locked, page, by=by, verb="void_approval", revision=revision, reason=because)
            return
        if is_own or not changed_fields(locked.approved_revision, revision):
            return
        locked.author_confirm_until = days_to_confirm(locked.author)
        if locked.stage == Stage.EDITING:
            record(locked, Stage.EDITING, verb="edit", by=by, holder=locked.holder)
        else:
            to_editing(locked, page, by=by, verb="edit", revision=revision)
        tell("bulletins.edit_to_confirm", locked)


def answer_edit(case: Case, *, by, agrees: bool, reason: str = "") -> None:
    """The author confirms an editor's edit, or objects with a reason.

    Raises PermissionDenied, or TransitionRefused where no edit waits.
    """
    with changing(case) as locked:
        if not is_author(by, locked):
            raise PermissionDenied
        if locked.author_confirm_until is None:
            raise TransitionRefused(_("No edit waits for your word."))
        if agrees:
            locked.author_confirm_until = None
            record(locked, locked.stage, verb="author_confirm", by=by, holder=locked.holder)
            return
        # An objection stays until the editor changes the text: no end date in sight.
        locked.author_confirm_until = timezone.now() + datetime.timedelta(days=365)
        record(
            locked,
            locked.stage,
            verb="author_object",
            by=by,
            holder=locked.holder,
            reason=need_reason(reason),
        )
        tell("bulletins.edit_objected", locked, reason=reason)


def days_to_confirm(author: User) -> datetime.datetime:
    """Until when an author may object to an edit made now."""
    return calendar_of(author).end_after(timezone.now(), CONFIRM_DAYS)


def withdraw_case(case: Case, *, by, reason: str) -> None:
    """Take a story out of review or off the site, in every language.

    Raises PermissionDenied, or TransitionRefused when its stage forbids it
    or another transition came first.
    """
    with changing(case) as locked:
        if not can_withdraw_case(by, locked):
            raise PermissionDenied
        refuse_unless(locked, WITHDRAWABLE, _("This story can no longer be withdrawn."))
        reason = need_reason(reason)
        page = source_page(locked)
        drop_review(locked, page, by=by, because=reason)
        take_offline(locked, by=by)
        record(locked, Stage.WITHDRAWN, verb="withdraw", by=by, holder=None, reason=reason)
        tell("bulletins.case_withdrawn", locked, reason=reason)


def archive_case(case: Case, *, by, reason: str) -> None:
    """An editor takes a published story out of use. Raises as `withdraw_case`."""
    with changing(case) as locked:
        if not can_archive_case(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.PUBLISHED}, _("Only a published story can be archived."))
        reason = need_reason(reason)
        take_offline(locked, by=by)
        record(locked, Stage.ARCHIVED, verb="archive", by=by, holder=None, reason=reason)
        tell("bulletins.case_withdrawn", locked, reason=reason)


def take_offline(case: Case, *, by) -> None:
    """Unpublish every language and leave an issue that is not out yet."""
    for page in case.pages.filter(live=True):
        UnpublishPageAction(page, user=by, log_action=True).execute(skip_permission_checks=True)
    for story in IssueStory.objects.filter(case=case).exclude(issue__stage=IssueStage.RELEASED):
        leave_issue(story, by=by, why=gettext_noop("The story was withdrawn."))
    case.is_published = False


def change_audience(case: Case, audience: str, *, by) -> None:
    """Region-only or network-wide, by the author or an editor; everyone, by clearance only (R7)."""
    with changing(case) as locked:
        if not (is_author(by, locked) or is_editor(by)):
            raise PermissionDenied
        if audience == Audience.PUBLIC:
            raise TransitionRefused(
                _("A story is opened to everyone by the distributor's consent and a clearance.")
            )
        if audience not in Audience.values:
            raise TransitionRefused(_("This is not an audience."))
        if audience == Audience.REGION and hasattr(locked, "in_issue"):
            raise TransitionRefused(_("A story of an issue is for the whole network."))
        take_back_clearance(locked)
        locked.audience = audience
        record(locked, locked.stage, verb="change_audience", by=by, holder=locked.holder)


def consent_public(case: Case, *, by) -> None:
    """The distributor manager agrees that the live text may be read by everyone."""
    with changing(case) as locked:
        if not can_consent_public(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.PUBLISHED}, _("Only a published story can become public."))
        locked.consent_by, locked.consent_at = by, timezone.now()
        locked.consent_revision_id = source_page(locked).live_revision_id
        record(
            locked,
            locked.stage,
            verb="consent_public",
            by=by,
            holder=locked.holder,
            revision=locked.consent_revision,
        )
        tell("bulletins.clearance_asked", locked)


def clear_public(case: Case, *, by) -> None:
    """An editor opens the story to everyone, after the consent to this very text (R7)."""
    with changing(case) as locked:
        if not can_clear_public(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.PUBLISHED}, _("Only a published story can become public."))
        refused = why_not_clear(locked)
        if refused:
            raise TransitionRefused(refused)
        locked.cleared_by, locked.cleared_at = by, timezone.now()
        locked.audience = Audience.PUBLIC
        record(locked, locked.stage, verb="clear_public", by=by, holder=locked.holder)


def why_not_clear(case: Case) -> str:
    """Why the live text cannot be opened to everyone yet; empty where it can. One query."""
    live = source_page(case).live_revision_id
    if case.consent_by_id is None or case.consent_revision_id != live:
        return _("The distributor's manager has not agreed to this text being public.")
    return ""


def take_back_clearance(case: Case) -> None:
    """Another text or audience ends consent and clearance; the network still reads it."""
    case.consent_by = case.consent_at = case.consent_revision = None
    case.cleared_by = case.cleared_at = None
    if case.audience == Audience.PUBLIC:
        case.audience = Audience.NETWORK
