"""What happened to an issue, written down; and a story that leaves one, with all who must know."""

from bulletins.models import BulletinIssue, Case, IssueEvent, IssueStory
from touchpoints.api import tell


def note(
    issue: BulletinIssue, verb: str, *, by, case: Case | None = None, reason: str = ""
) -> None:
    """Write a step; inside the transition's own transaction."""
    IssueEvent.objects.create(issue=issue, verb=verb, by=by, case=case, reason=reason)


def leave_issue(story: IssueStory, *, by, why: str) -> None:
    """A story drops out of an issue that is not out yet: its author and the editors are told.

    `why` is an English sentence, translated where it is shown.
    """
    note(story.issue, "left", by=by, case=story.case, reason=why)
    tell("bulletins.story_left_issue", story.case, issue=story.issue_id, why=why)
    story.delete()
