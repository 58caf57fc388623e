"""An issue's way: planned, stories in order, released whole at its minute."""

import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Locale

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import (
    Audience,
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    Case,
    IssueStage,
    IssueStory,
    Stage,
)
from bulletins.permissions import can_manage_issues
from bulletins.transitions.languages import check_english
from network.tree import tree_change

#: Stages in which a story may enter an issue.
OFFERED = {Stage.READY, Stage.PUBLISHED}


def plan_issue(*, by, month: datetime.date, title: str) -> BulletinIssue:
    """Make the month's issue with its English page (R12: one a month).

    Raises PermissionDenied, or TransitionRefused where the month has one.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    month = month.replace(day=1)
    with tree_change(), inside_transition():
        if BulletinIssue.objects.filter(month=month).exists():
            raise TransitionRefused(_("This month has its issue already."))
        last = BulletinIssue.objects.order_by("-number").first()
        issue = BulletinIssue.objects.create(
            month=month, number=last.number + 1 if last else 1, created_by=by
        )
        index = BulletinIndexPage.objects.get(locale=Locale.objects.get(language_code="en"))
        page = BulletinIssuePage(
            title=title, slug=f"{month:%Y-%m}", issue=issue, locale=index.locale, live=False
        )
        index.add_child(instance=page)
        page.save_revision(user=by)
    return issue


def place_in_issue(case: Case, issue: BulletinIssue, *, by) -> IssueStory:
    """Put a ready or published story at the end of a planned issue; inside a transition.

    Raises TransitionRefused for a region-only story, one without its full,
    read and current English text, one that is in an issue already, or an
    issue that is no longer planned.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    issue = BulletinIssue.objects.select_for_update().get(pk=issue.pk)
    if issue.stage != IssueStage.PLANNED:
        raise TransitionRefused(_("This issue is frozen: its stories no longer change."))
    if case.audience == Audience.REGION:
        raise TransitionRefused(_("A story for one region only cannot enter an issue."))
    if case.stage not in OFFERED:
        raise TransitionRefused(_("Only a ready or published story enters an issue."))
    check_english(case)
    if IssueStory.objects.filter(case=case).exists():
        raise TransitionRefused(_("This story is in an issue already."))
    last = issue.stories.order_by("-sort_order").first()
    return IssueStory.objects.create(
        issue=issue, case=case, sort_order=last.sort_order + 1 if last else 1
    )
