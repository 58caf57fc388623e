"""The release of an issue: stories, pages and ledger rows in one transaction, or none of it."""

import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bulletins.exceptions import NothingToRelease, TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import BulletinIssue, Case, IssueStage, IssueStory, Stage
from bulletins.planning.grid import whole_languages
from bulletins.transitions.core import source_page
from bulletins.transitions.issue_log import leave_issue, note
from bulletins.transitions.issues import drop_unfit, issue_page, locked_issue
from bulletins.transitions.publishing import check_approved, publish
from bulletins.transitions.reaching import once_key
from network.models import Distributor, Membership, User
from network.tree import tree_change
from search.api import mark_changed
from touchpoints.api import tell, tell_once
from touchpoints.models import Suppression
from touchpoints.returns import OUT_OF_USE
from translations.api import follow_source

# Why a distributor is not reached, as the ledger says it.
NO_CONTACT = gettext_noop("This distributor has no contact.")
NO_ADDRESS = gettext_noop("The contact has no usable address.")


def release_issue(issue: BulletinIssue, *, by) -> None:
    """Put a frozen issue out, whole: its stories live in every finished language, its pages,
    and a ledger row for each contact of each active distributor (R13).

    Raises PermissionDenied, or TransitionRefused where it is not frozen (of
    two editors at once one wins) or no story is left.
    """
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.FROZEN, IssueStage.HELD})
        drop_unfit(found, by=by)
        for story in found.stories.select_related("issue"):
            _put_out(story, by=by)
        if not found.stories.exists():
            raise NothingToRelease(_("An issue needs at least one story."))
        found.stage, found.released_at, found.released_by = (
            IssueStage.RELEASED,
            timezone.now(),
            by,
        )
        found.save(update_fields=["stage", "released_at", "released_by"])
        page = issue_page(found)
        page.get_latest_revision().publish(user=by, skip_permission_checks=True)
        page.refresh_from_db()
        follow_source(page, by=by)
        found.whole_languages = whole_languages(found)
        found.save(update_fields=["whole_languages"])
        note(found, "release", by=by)
        mark_changed(found)
        tell_once("bulletins.issue", found, once_key(found.pk), recipients())
        tell("bulletins.issue_copy", found)
    issue.refresh_from_db()


def _put_out(story: IssueStory, *, by) -> None:
    """Publish a story that waited for the issue; one whose text nobody approved leaves it.

    Its refusal must not hold up the others: the sweep would meet it again each minute.
    """
    case = Case.objects.select_for_update().get(pk=story.case_id)
    if case.stage != Stage.READY:
        return
    page = source_page(case)
    revision = page.get_latest_revision()
    try:
        with translation.override("en"):  # the sentence is kept in English
            check_approved(case, revision)
    except TransitionRefused as refusal:
        leave_issue(story, by=by, why=str(refusal))
    else:
        publish(case, page, by=by, revision=revision)


def recipients() -> list[tuple]:
    """(user, distributor, address, language, reason) for every active distributor.

    First contacts and deputies, each in their own language; a distributor
    without a usable address stands in the list with the reason, and so does a
    contact whose address is out of use. Three queries.
    """
    contacts: dict[int, list[Membership]] = {}
    for membership in (
        Membership.objects.current()
        .contacts()
        .filter(distributor__is_active=True)
        .select_related("user", "distributor")
        .order_by("distributor_id", "-contact", "pk")
    ):
        contacts.setdefault(membership.distributor_id, []).append(membership)
    out_of_use = Suppression.objects.among(
        m.user.email for members in contacts.values() for m in members
    )
    rows: list[tuple] = []
    for distributor in Distributor.objects.active().order_by("pk"):
        members = contacts.get(distributor.pk, [])
        usable = [m.user for m in members if m.user.email and not m.user.is_system]
        # The deputy gets it; the row says why the other did not.
        for user in [user for user in usable if user.email in out_of_use]:
            usable.remove(user)
            rows.append((None, distributor, "", user.interface_language, OUT_OF_USE))
        language = distributor.languages[0] if distributor.languages else "en"
        if not usable and (not rows or rows[-1][1] != distributor):
            reason = NO_ADDRESS if members else NO_CONTACT
            rows.append((None, distributor, "", language, reason))
        rows += [(user, distributor, user.email, user.interface_language, "") for user in usable]
    return rows


def release_due(now: datetime.datetime | None = None) -> list[BulletinIssue]:
    """Release what is due. An issue more than a day late, or with no story that may still go out,
    is held, and the editors decide.

    Safe in many processes at once: one wins, the others see it released.
    """
    now = now or timezone.now()
    by = User.objects.get(is_system=True)
    released = []
    for issue in BulletinIssue.objects.filter(stage=IssueStage.FROZEN, release_at__lte=now):
        if now - issue.release_at > datetime.timedelta(hours=settings.RELEASE_LATEST_H):
            hold_issue(issue)
            continue
        try:
            release_issue(issue, by=by)
        except NothingToRelease:
            hold_issue(issue, why="empty")
            continue
        except TransitionRefused:
            continue  # another process released it
        released.append(issue)
    return released


def hold_issue(issue: BulletinIssue, *, why: str = "late") -> None:
    """The editors are asked instead: its minute passed long ago while all was down ('late'),
    or none of its stories may go out any more ('empty')."""
    with tree_change(), inside_transition():
        found = BulletinIssue.objects.select_for_update().get(pk=issue.pk)
        if found.stage == IssueStage.FROZEN:
            found.stage = IssueStage.HELD
            found.save(update_fields=["stage"])
            note(found, "hold", by=User.objects.get(is_system=True), reason=why)
            tell("bulletins.issue_held", found, why=why)
