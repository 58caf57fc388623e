"""Rows of judging: the author's checklist."""

from django.utils import timezone

from review.models import Decision, Review, ReviewNote
from tests.permissions.table import LOGIN, Row


def a_requested_change(world):
    case, asker = world.in_review, world.users["campaigner"]
    now = timezone.now()
    review = Review.objects.create(
        subject=case,
        step="area",
        reviewer=asker,
        assigned_by=asker,
        decision=Decision.REQUEST_CHANGES,
        decided_at=now,
    )
    note = ReviewNote.objects.create(
        subject=case, review=review, text="Which branch?", language="en", author=asker, sent_at=now
    )
    return [note.pk]


ROWS = [
    Row(
        "note_tick",
        args=a_requested_change,
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            "own_author co_author": 302,
            "campaigner lead editor superuser": 403,
            ...: 404,
        },
        data=lambda world: {"ticked": "yes", "words": "The main one."},
    ),
]
