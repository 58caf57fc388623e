"""An issue's way: planned, its stories in order, frozen, released whole at its minute."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Locale

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    Case,
    IssueStage,
    IssueStory,
)
from bulletins.models.issue import introduction_key
from bulletins.permissions import can_manage_issues
from bulletins.planning.fitness import why_not_enter
from bulletins.transitions.core import source_page
from bulletins.transitions.issue_log import leave_issue, note
from network.tree import tree_change
from translations.api import NOTHING, progress_of


def plan_issue(
    *,
    by,
    month: datetime.date,
    title: str,
    theme: str = "",
    planned_on: datetime.date | None = None,
) -> BulletinIssue:
    """Make the month's issue with its English page (R12: one a month).

    Issues still being planned are numbered by month, so that a gap filled
    later stands in its place. Raises PermissionDenied, or TransitionRefused
    where the month has one.
    """
    if not can_manage_issues(by):
        raise PermissionDenied
    month = month.replace(day=1)
    with tree_change(), inside_transition():
        if BulletinIssue.objects.filter(month=month).exists():
            raise TransitionRefused(_("This month has its issue already."))
        last = BulletinIssue.objects.order_by("-number").first()
        issue = BulletinIssue.objects.create(
            month=month,
            number=last.number + 1 if last else 1,
            theme=theme,
            planned_on=planned_on,
            created_by=by,
        )
        number_by_month()
        issue.refresh_from_db()
        note(issue, "plan", by=by)
        index = BulletinIndexPage.objects.get(locale=Locale.objects.get(language_code="en"))
        page = BulletinIssuePage(
            title=title, slug=f"{month:%Y-%m}", issue=issue, locale=index.locale, live=False
        )
        index.add_child(instance=page)
        page.save_revision(user=by)
    return issue


def number_by_month() -> None:
    """Give the issues in planning the numbers they hold among themselves, by month.

    A frozen or released one keeps its number: it stands in print.
    """
    planned = list(
        BulletinIssue.objects.select_for_update().filter(stage=IssueStage.PLANNED).order_by("month")
    )
    numbers = sorted(issue.number for issue in planned)
    moved = [
        (issue, number)
        for issue, number in zip(planned, numbers, strict=True)
        if issue.number != number
    ]
    free = BulletinIssue.objects.order_by("-number").first().number + 1 if moved else 0
    for step, (issue, _number) in enumerate(moved):  # numbers are unique: out of the way first
        BulletinIssue.objects.filter(pk=issue.pk).update(number=free + step)
    for issue, number in moved:
        BulletinIssue.objects.filter(pk=issue.pk).update(number=number)


def plan_theme(
    issue: BulletinIssue, *, by, theme: str, planned_on: datetime.date | None = None
) -> None:
    """The editors' word for the month, and the day meant for its release."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        found.theme, found.planned_on = theme, planned_on
        found.save(update_fields=["theme", "planned_on"])
        note(found, "theme", by=by, reason=theme)


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
                IssueStage.FROZEN: _(
                    "This issue is frozen: its choice, order and words no longer change. "
                    "Open it for planning again first."
                ),
                IssueStage.HELD: _("This issue is held. Open it for planning again first."),
                IssueStage.RELEASED: _("This issue is released already."),
            }.get(found.stage, _("This issue is still being planned."))
        )
    return found


def write_issue(issue: BulletinIssue, *, by, title: str, subject: str, letter: list[str]) -> None:
    """Save title, mail subject and letter (paragraphs) of the English page as a revision.

    A paragraph whose words stayed keeps its block id, so that its
    translations stay with it. Not once the issue is frozen: translations are
    made of these words.
    """
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
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
    english = NOTHING
    if case.source_language != "en":
        english = progress_of(source_page(case).translation_key, "en")
    if why := why_not_enter(case, english):
        raise TransitionRefused(why)


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
    note(issue, "add", by=by, case=case)
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
        if not found.stories.filter(case=case).delete()[0]:
            return
        _write_introduction(found, case, "", by=by)
        note(found, "remove", by=by, case=case)


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


def introduce_story(issue: BulletinIssue, case: Case, *, by, words: str) -> None:
    """The line above a story, in English; its translations are made with the letter's."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        if not found.stories.filter(case=case).exists():
            raise TransitionRefused(_("This story is no longer in the issue."))
        _write_introduction(found, case, words.strip(), by=by)


def _write_introduction(issue: BulletinIssue, case: Case, words: str, *, by) -> None:
    """As a paragraph of the English page; none for no words. Same words make no revision."""
    page = issue_page(issue).get_latest_revision_as_object()
    if page.introduction_of(case.pk) == words:
        return
    key = introduction_key(case.pk)
    rows = [
        {"type": "paragraph", "value": str(block.value), "id": block.id}
        for block in page.introductions
    ]
    place = next((n for n, row in enumerate(rows) if row["id"] == key), len(rows))
    rows[place : place + 1] = [{"type": "paragraph", "value": words, "id": key}] if words else []
    page.introductions = page._meta.get_field("introductions").stream_block.to_python(rows)
    page.save_revision(user=by)


def schedule_issue(issue: BulletinIssue, *, by, release_at: datetime.datetime) -> None:
    """Freeze choice and order, to be released at a minute.

    Stories that may no longer be in it leave; raises TransitionRefused where
    none is left or the minute is past.
    """
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.PLANNED})
        if release_at <= timezone.now():
            raise TransitionRefused(_("The release lies in the past. Choose a later minute."))
        drop_unfit(found, by=by)
        if not found.stories.exists():
            raise TransitionRefused(_("An issue needs at least one story."))
        found.stage, found.release_at = IssueStage.FROZEN, release_at
        found.save(update_fields=["stage", "release_at"])
        note(found, "freeze", by=by, reason=release_at.isoformat())
    issue.refresh_from_db()


def unschedule_issue(issue: BulletinIssue, *, by) -> None:
    """Open a frozen issue for planning again."""
    with tree_change(), inside_transition():
        found = locked_issue(issue, by=by, stages={IssueStage.FROZEN, IssueStage.HELD})
        found.stage, found.release_at = IssueStage.PLANNED, None
        found.save(update_fields=["stage", "release_at"])
        note(found, "unfreeze", by=by)
    issue.refresh_from_db()


def drop_unfit(issue: BulletinIssue, *, by) -> list[Case]:
    """Take out the stories that may no longer be in the issue; returns them.

    Author and editors are told of each, and it stands in the issue's history.
    """
    dropped = []
    for story in issue.stories.select_related("case", "issue"):
        try:
            with translation.override("en"):  # the sentence is kept in English
                check_may_enter(story.case)
        except TransitionRefused as refusal:
            dropped.append(story.case)
            leave_issue(story, by=by, why=str(refusal))
    return dropped
