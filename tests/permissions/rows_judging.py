"""Rows of judging: the author's checklist, appeals, stories brought back."""

import datetime

from django.utils import timezone

from bulletins.models import Case, CaseEvent, LastingCheck
from network.models import Region
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


def a_declined_story(world):
    case, by = world.in_review, world.users["campaigner"]
    for verb, old, new in (("decline", "area_review", "declined"),):
        CaseEvent.objects.create(case=case, verb=verb, old=old, new=new, by=by, reason="Old.")
    Case.objects.filter(pk=case.pk).update(stage="declined", holder=None)
    return [case.number]


def a_withdrawn_story(world):
    Case.objects.filter(pk=world.in_review.pk).update(stage="withdrawn", holder=None)
    return [world.in_review.number]


def an_asked_story(world):
    due = timezone.now() + datetime.timedelta(days=14)
    LastingCheck.objects.create(case=world.published, due=due)
    return [world.published.number]


def a_region():
    return Region.objects.get_or_create(slug="a-region", defaults={"name": "A region"})[0].slug


LOG_READERS = "lead editor superuser"


ROWS = [
    Row(
        "review_spread",
        get={"visitor": LOGIN, "editor executive superuser": 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "case_log_file",
        args=lambda world: [world.in_review.number, "csv"],
        get={"visitor": LOGIN, LOG_READERS: 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "log_file",
        note="of an area",
        args=lambda world: ["area", world.in_review.review_area.slug, "json"],
        get={"visitor": LOGIN, f"{LOG_READERS} executive": 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "log_file",
        note="of a region",
        args=lambda world: ["region", a_region(), "csv"],
        get={"visitor": LOGIN, "editor superuser executive": 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "case_lasting",
        args=an_asked_story,
        get={"visitor": LOGIN, "own_author co_author": 200, ...: 404},
        post={"visitor": LOGIN, "own_author co_author": 302, ...: 404},
        data=lambda world: {"answer": "holds"},
    ),
    Row(
        "lasting_open",
        get={"visitor": LOGIN, "editor superuser": 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "case_appeal",
        args=a_declined_story,
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author co_author": 302, ...: 404},
        data=lambda world: {"reason": "The figures are there."},
    ),
    Row(
        "case_revive",
        args=a_withdrawn_story,
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            "own_author editor superuser": 302,
            "co_author": 403,
            ...: 404,
        },
        data=lambda world: {"reason": "It holds after all."},
    ),
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
