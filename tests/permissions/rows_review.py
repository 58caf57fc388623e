"""Rows of the review desk. The story is at area review, in the campaigner's hands or nobody's."""

from django.utils import timezone

from review.models import ReviewNote
from tests.permissions.table import LOGIN, Row

# The area's people and the editors; never its authors.
DESK = "campaigner lead editor superuser"
HOLDERS = "campaigner neutral lead editor superuser"


def the_story(world):
    return [world.in_review.number]


def a_note(*, sent: bool):
    def args(world):
        note = ReviewNote.objects.create(
            subject=world.in_review,
            anchor="summary",
            text="Which branch?",
            language="en",
            author=world.users["campaigner"],
            sent_at=timezone.now() if sent else None,
        )
        return [note.pk]

    return args


ROWS = [
    Row(
        "review_desk",
        get={"visitor": LOGIN, HOLDERS: 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "review_case",
        args=the_story,
        get={"visitor": LOGIN, DESK: 200, ...: 404},
        post={"visitor": LOGIN, DESK: 302, ...: 404},
        data=lambda world: {"action": "keep", "note-summary": "Which branch?"},
    ),
    Row(
        "review_case",
        note="somebody else's decision",
        args=the_story,
        get={"visitor": LOGIN, DESK: 200, ...: 404},
        post={"visitor": LOGIN, DESK: 409, ...: 404},
        data=lambda world: {"action": "approve", "step": "area"},
    ),
    Row(
        "case_log",
        args=the_story,
        get={"visitor": LOGIN, "lead editor superuser": 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "review_translate",
        args=the_story,
        get={"visitor": LOGIN, f"{DESK} own_author co_author translator": 200, ...: 404},
        post={
            "visitor": LOGIN,
            "own_author co_author campaigner lead translator": 302,
            "editor superuser": 403,
            ...: 404,
        },
        data=lambda world: {"to": "de", "text-title": "Auf Deutsch"},
    ),
    Row(
        "note_edit",
        note="of the campaigner, unsent",
        args=a_note(sent=False),
        get={"visitor": LOGIN, "campaigner": 200, ...: 404},
        post={"visitor": LOGIN, "campaigner": 302, ...: 404},
        data=lambda world: {"text": "Which one?", "action": "save"},
    ),
    Row(
        "note_reply",
        args=a_note(sent=True),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, f"{DESK} own_author co_author": 302, ...: 404},
        data=lambda world: {"text": "The main one."},
    ),
    Row(
        "note_reply",
        note="to an unsent note",
        args=a_note(sent=False),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "campaigner": 403, ...: 404},
        data=lambda world: {"text": "The main one."},
    ),
    Row(
        "note_settle",
        args=a_note(sent=True),
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            "campaigner": 302,
            "lead editor superuser own_author co_author": 403,
            ...: 404,
        },
        data=lambda world: {"settled": "yes"},
    ),
]
