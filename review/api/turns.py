"""Turns of reviewers at any object: open, close, void them; their notes; who had one."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from network.models import User
from network.permissions import with_standing
from review import clocks
from review.clocks import end_clocks, start_clock
from review.models import (
    Clock,
    Decision,
    Question,
    Review,
    ReviewNote,
    Whose,
    WorkingTranslation,
    clean_rubric,
)


def open_review(
    obj,
    *,
    step: str,
    reviewer: User,
    by: User,
    revision=None,
    days: int | None = None,
    waits: bool = False,
) -> Review:
    """Give an object's step to a reviewer. The round counts this step's earlier turns.

    `days` are the reviewer's working days, None for no clock; the clock
    `waits` where the reviewer cannot read the object yet. Raises
    IntegrityError where a review is open already: close or void it first.
    """
    earlier = Review.objects.of(obj).filter(step=step, decision=Decision.REQUEST_CHANGES).count()
    review = Review.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        step=step,
        round=earlier + 1,
        reviewer=reviewer,
        assigned_by=by,
        revision=revision,
    )
    if days is not None:
        start_clock(
            review,
            whose=Whose.REVIEWER,
            person=reviewer,
            days=days,
            started_at=None if waits else review.assigned_at,
        )
    return review


def current_review(obj) -> Review | None:
    """The open review of an object."""
    return Review.objects.of(obj).open().select_related("reviewer").first()


def close_review(
    obj, *, decision: str, by: User, reason: str = "", rubric: dict | None = None, revision=None
) -> Review | None:
    """Record the decision on the open review; None where none was open."""
    review = current_review(obj)
    if review is None:
        return None
    review.decision = decision
    review.decided_at = timezone.now()
    review.reason = reason
    review.rubric = clean_rubric(rubric) if rubric else review.rubric
    review.revision = revision or review.revision
    review.save()
    end_clocks([review], Whose.REVIEWER)
    return review


def ask_author(review: Review, *, author: User, days: int) -> None:
    """The review asked for changes: the author's working days begin."""
    start_clock(review, whose=Whose.AUTHOR, person=author, days=days, started_at=review.decided_at)


def author_changed(obj, author: User) -> None:
    """Somebody else answers from now on: their own days begin, nothing is told of them yet."""
    for clock in Clock.objects.running().filter(
        review__in=Review.objects.of(obj), whose=Whose.AUTHOR
    ):
        clocks.pass_to(clock, author)


def author_answered(obj) -> None:
    """The object no longer waits for its author: nobody is reminded of it."""
    end_clocks(Review.objects.of(obj), Whose.AUTHOR)


def gave_away(model, ids: Iterable[int], step: str) -> dict[int, set[int]]:
    """Object id → who had this step and does not get it again. One query.

    A conflict, a refusal or an overturned decline holds for good, handing on for the round.
    """
    rows = Review.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=list(ids),
        step=step,
    )
    found: dict[int, dict[int, list]] = {}
    for pk, turn, decision, person, voided in rows.values_list(
        "object_id", "round", "decision", "reviewer_id", "voided_at"
    ):
        if decision == Decision.DECLINE and voided is not None:
            decision = Decision.TURNED_DOWN  # overturned on appeal: as if refused
        found.setdefault(pk, {}).setdefault(turn, []).append((decision, person))
    for_good = (Decision.CONFLICT, Decision.TURNED_DOWN)
    return {
        pk: {
            person
            for turn, decisions in turns.items()
            for decision, person in decisions
            if decision in for_good or (decision == Decision.HANDED_ON and turn == max(turns))
        }
        for pk, turns in found.items()
    }


def open_reviewer(model) -> Subquery:
    """Who has the open review of an object: for an UPDATE or an annotation over its model."""
    rows = Review.objects.open().filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk")
    )
    return Subquery(rows.values("reviewer")[:1])


def had_turn(user, obj) -> bool:
    """Whether this person has or had a review of the object."""
    return Review.objects.of(obj).filter(reviewer=user).exists()


def reviewed_ids(model, user, *decisions: str):
    """Ids of the objects of a model on which this person decided so: a subquery."""
    return Review.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        reviewer=user,
        decision__in=decisions,
    ).values("object_id")


def begun_translations(model, ids: Iterable[int]) -> set[int]:
    """Ids of the objects of which somebody has put a paragraph into another language. One query."""
    rows = WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(ids)
    ).exclude(anchor__startswith="note:")
    return set(rows.values_list("object_id", flat=True).distinct())


def fresh_translations(
    model, sources: dict[int, dict[str, str]]
) -> dict[tuple[int, str], dict[str, datetime.datetime]]:
    """(object id, language) → anchors whose working translation fits the text, each with when it
    was written. One query.

    `sources` are object id → anchor → hash of its text as it stands.
    """
    fresh: dict[tuple[int, str], dict[str, datetime.datetime]] = {}
    rows = WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(sources)
    )
    for pk, anchor, language, made_from, at in rows.values_list(
        "object_id", "anchor", "language", "source_hash", "at"
    ):
        if sources[pk].get(anchor) == made_from:
            fresh.setdefault((pk, language), {})[anchor] = at
    return fresh


def void_reviews(obj, *, step: str, because: str) -> list[Review]:
    """Void what was decided at a step, because the text changed. Returns what was voided."""
    voided = list(
        Review.objects.of(obj).filter(step=step, decision=Decision.APPROVE, voided_at__isnull=True)
    )
    for review in voided:
        review.voided_at = timezone.now()
        review.voided_because = because
        review.save(update_fields=["voided_at", "voided_because"])
    return voided


def void_open_review(obj, *, because: str) -> None:
    """End an open review without a decision: the object went away."""
    found = Review.objects.of(obj).open()
    end_clocks([review.pk for review in found], Whose.REVIEWER)
    found.update(voided_at=timezone.now(), voided_because=because)


def last_decision(obj, *decisions: str) -> Review | None:
    """The newest review that ended in one of `decisions` and still stands."""
    return (
        Review.objects.of(obj)
        .filter(decision__in=decisions, voided_at__isnull=True)
        .select_related("reviewer", "revision")
        .order_by("-decided_at", "-pk")
        .first()
    )


def judges(obj) -> list[User]:
    """Whoever decided at a step of the object, but for appeals. Each once, with their standing."""
    decided = (Decision.APPROVE, Decision.REQUEST_CHANGES, Decision.DECLINE)
    rows = Review.objects.of(obj).filter(decision__in=decided).exclude(step="appeal")
    return with_standing(User.objects.filter(pk__in=rows.values("reviewer")).order_by("pk"))


def overturn(obj, *, because: str) -> None:
    """An appeal was upheld: the decline no longer stands, and its reviewer has no further turn."""
    declined = (
        Review.objects.of(obj)
        .filter(decision=Decision.DECLINE, voided_at__isnull=True)
        .exclude(step="appeal")
    )
    declined.update(voided_at=timezone.now(), voided_because=because)


def last_reviewers(obj, step: str) -> list[User]:
    """Who had a step before and did not give it away, newest first."""
    given_away = (Decision.HANDED_ON, Decision.CONFLICT, Decision.TURNED_DOWN)
    rows = Review.objects.of(obj).filter(step=step).exclude(decision__in=given_away)
    rows = rows.exclude(decision=Decision.DECLINE, voided_at__isnull=False)
    return [row.reviewer for row in rows.select_related("reviewer").order_by("-pk")]


def send_notes(obj, *, by: User, review: Review | None = None) -> list[ReviewNote]:
    """Send the notes this person has written and not sent yet."""
    notes = list(ReviewNote.objects.of(obj).filter(author=by, sent_at__isnull=True))
    for note in notes:
        note.sent_at = timezone.now()
        note.review = note.review or review
        note.save(update_fields=["sent_at", "review"])
    return notes


@dataclass(frozen=True)
class Checklist:
    """The changes asked of an author, oldest first."""

    notes: tuple[ReviewNote, ...]

    @property
    def open(self) -> list[ReviewNote]:
        """Neither ticked by the author nor settled by whoever asked."""
        return [note for note in self.notes if not (note.ticked_at or note.settled_at)]

    @property
    def is_untouched(self) -> bool:
        """Changes are asked, and not one is ticked, settled or answered."""
        done = any(note.ticked_at or note.settled_at or note.was_answered for note in self.notes)
        return bool(self.notes) and not done


def checklist_of(obj) -> Checklist:
    """What the last review that returned the object asked, and what is open of earlier ones.

    One query.
    """
    answers = ReviewNote.objects.filter(in_reply_to=OuterRef("pk")).exclude(
        author=OuterRef("author")
    )
    rows = ReviewNote.objects.of(obj).requested().annotate(was_answered=Exists(answers))
    rows = list(rows.select_related("author", "ticked_by").order_by("pk"))
    last = max((row.review_id for row in rows), default=None)
    return Checklist(
        tuple(row for row in rows if row.review_id == last or not (row.ticked_at or row.settled_at))
    )


def forget(obj) -> None:
    """Delete what hangs on an object that is deleted for good (a draft)."""
    Review.objects.of(obj).delete()
    ReviewNote.objects.of(obj).delete()
    WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk
    ).delete()


def open_load(user_ids: Iterable[int]) -> dict[int, int]:
    """User id → how many open reviews they have, 0 included. One query for all of them."""
    ids = list(user_ids)
    counts = Review.objects.open().filter(reviewer__in=ids).order_by().values("reviewer")
    found = counts.annotate(n=Count("pk")).values_list("reviewer", "n")
    return dict.fromkeys(ids, 0) | dict(found)


def forget_questions(kind: str, key: str) -> None:
    """Delete what was asked at a text that is deleted for good (a draft)."""
    rows = Question.objects.about(kind, key)
    WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(Question),
        object_id__in=list(rows.values_list("pk", flat=True)),
    ).delete()
    rows.delete()
