"""An issue's way: planned, its stories in order, frozen, released whole at its minute."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.utils import timezone
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


def locked_issue(issue: BulletinIssue, *, by, stages: set) -> BulletinIssue:
    """The issue read again under its lock; inside a transition.

    Raises PermissionDenied for anybody but an editor, TransitionRefused in
    any other stage.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    found = BulletinIssue.objects.select_for_update().get(pk=issue.pk)
    if found.stage not in stages:
        raise TransitionRefused(
            {
                IssueStage.FROZEN: _("This issue is frozen: its stories no longer change."),
                IssueStage.RELEASED: _("This issue is released already."),
            }.get(found.stage, _("This issue is still being planned."))
        )
    return found


def write_issue(issue: BulletinIssue, *, by, title: str, subject: str, letter: list[str]) -> None:
    """Save title, mail subject and letter (paragraphs) of the English page as a revision.

    A paragraph whose words stayed keeps its block id, so that its
    translations stay with it.
    """
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED, IssueStage.FROZEN})
        page = issue_page(found).get_latest_revision_as_object()
        kept = {block.value: block.id for block in page.letter}
        page.title, page.subject = title, subject
        page.letter = page._meta.get_field("letter").stream_block.to_python(
            [
                {"type": "paragraph", "value": text, "id": kept.get(text) or str(uuid.uuid4())}
                for text in letter
            ]
        )
        page.save_revision(user=by)


def issue_page(issue: BulletinIssue, language: str = "en") -> BulletinIssuePage:
    """The issue's page in a language. Raises DoesNotExist where there is none."""
    return issue.pages.get(locale__language_code=language)


def check_may_enter(case: Case) -> None:
    """Raises TransitionRefused where a story cannot be in an issue, with the reason."""
    if case.audience == Audience.REGION:
        raise TransitionRefused(_("A story for one region only cannot enter an issue."))
    if case.stage not in OFFERED:
        raise TransitionRefused(_("Only a ready or published story enters an issue."))
    if case.author_confirm_until and case.author_confirm_until > timezone.now():
        raise TransitionRefused(_("The author has not agreed to the last edit yet."))
    check_english(case)


def place_in_issue(case: Case, issue: BulletinIssue, *, by) -> IssueStory:
    """Put a ready or published story at the end of a planned issue; inside a transition.

    Raises TransitionRefused for a region-only story, one without its full,
    read and current English text, one that is in an issue already, or an
    issue that is no longer planned.
    """
    issue = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
    check_may_enter(case)
    if IssueStory.objects.filter(case=case).exists():
        raise TransitionRefused(_("This story is in an issue already."))
    last = issue.stories.order_by("-sort_order").first()
    return IssueStory.objects.create(
        issue=issue, case=case, sort_order=last.sort_order + 1 if last else 1
    )


def add_story(issue: BulletinIssue, case: Case, *, by) -> IssueStory:
    """`place_in_issue` as a change of its own."""
    with tree_change(), inside_transition():
        return place_in_issue(Case.objects.select_for_update().get(pk=case.pk), issue, by=by)


def remove_story(issue: BulletinIssue, case: Case, *, by) -> None:
    """Take a story out of a planned issue; a ready one waits for another."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        found.stories.filter(case=case).delete()


def move_story(issue: BulletinIssue, case: Case, *, by, up: bool) -> None:
    """One place up or down; at the end of the list nothing happens."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        order = list(found.stories.all())
        position = next((n for n, s in enumerate(order) if s.case_id == case.pk), None)
        if position is None:
            raise TransitionRefused(_("This story is no longer in the issue."))
        other = position + (-1 if up else 1)
        if 0 <= other < len(order):
            order[position], order[other] = order[other], order[position]
        for place, story in enumerate(order, 1):
            if story.sort_order != place:
                story.sort_order = place
                story.save(update_fields=["sort_order"])


def introduce_story(issue: BulletinIssue, case: Case, *, by, words: dict[str, str]) -> None:
    """The line above a story, by language code; languages not named stay as they are."""
    from modeltranslation.utils import build_localized_fieldname

    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED, IssueStage.FROZEN})
        story = found.stories.filter(case=case).first()
        if story is None:
            raise TransitionRefused(_("This story is no longer in the issue."))
        for language, text in words.items():
            setattr(story, build_localized_fieldname("introduction", language), text)
        story.save()


def schedule_issue(issue: BulletinIssue, *, by, release_at: datetime.datetime) -> None:
    """Freeze choice and order, to be released at a minute.

    Stories that may no longer be in it leave; raises TransitionRefused where
    none is left or the minute is past.
    """
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        if release_at <= timezone.now():
            raise TransitionRefused(_("The release lies in the past. Choose a later minute."))
        drop_unfit(found)
        if not found.stories.exists():
            raise TransitionRefused(_("An issue needs at least one story."))
        found.stage, found.release_at = IssueStage.FROZEN, release_at
        found.save(update_fields=["stage", "release_at"])
    issue.refresh_from_db()


def unschedule_issue(issue: BulletinIssue, *, by) -> None:
    """Open a frozen issue for planning again."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.FROZEN, IssueStage.HELD})
        found.stage, found.release_at = IssueStage.PLANNED, None
        found.save(update_fields=["stage", "release_at"])
    issue.refresh_from_db()


def drop_unfit(issue: BulletinIssue) -> list[Case]:
    """Take out the stories that may no longer be in the issue; returns them."""
    dropped = []
    for story in issue.stories.select_related("case"):
        try:
            check_may_enter(story.case)
        except TransitionRefused:
            dropped.append(story.case)
            story.delete()
    return dropped
