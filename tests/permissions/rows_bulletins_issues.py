"""Rows of the issue desk: editors alone."""

import datetime

from bulletins.models import BulletinIssue
from bulletins.transitions import plan_issue
from tests.factories.stories import make_case
from tests.permissions.table import LOGIN, Row

EDITORS = "editor superuser"


def desk(answer: int) -> dict:
    """Editors get the answer, others 403, a visitor the sign-in page."""
    return {"visitor": LOGIN, EDITORS: answer, ...: 403}


def planned(world) -> BulletinIssue:
    """An issue for December 2030."""
    editor = world.users["editor"]
    return plan_issue(by=editor, month=datetime.date(2030, 12, 1), title="Look")


def issue_of(*more):
    """Arguments: the issue's key and what follows it."""

    def args(world):
        return [planned(world).pk, *more]

    return args


def story_of(world):
    """Arguments for adding a published story."""
    return [planned(world).pk, make_case(published=True).number, "add"]


ROWS = [
    Row(
        "issue_desks",
        get=desk(200),
        post=desk(302),
        data=lambda world: {"month": "2030-11", "title": "Look"},
    ),
    Row("issue_desk", get=desk(200), post=desk(405), args=issue_of()),
    Row(
        "issue_write",
        get=desk(405),
        post=desk(302),
        args=issue_of(),
        data=lambda world: {"title": "Look", "subject": "", "letter": "One."},
    ),
    Row("issue_story", get=desk(405), post=desk(302), args=story_of),
    Row("issue_schedule", get=desk(405), post=desk(422), args=issue_of(), note="without a story"),
    Row("issue_change", get=desk(405), post=desk(302), args=issue_of("release")),
    Row("issue_mail_preview", get=desk(200), post=desk(405), args=issue_of("ar")),
    Row("issue_page_preview", get=desk(200), post=desk(405), args=issue_of("ar")),
]
