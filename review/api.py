"""What other rooms call: open and close reviews, send notes, balance the load, show marks."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from network.models import User
from network.permissions import is_member
from review.models import Decision, Flag, Review, ReviewNote, WorkingTranslation, clean_rubric
from review.models.flags import OPEN_PLACES

__all__ = ["Decision"]

OPEN_PLACES_KEPT_S = 60


def open_review(obj, *, step: str, reviewer: User, by: User, revision=None, due=None) -> Review:
    """Give an object's step to a reviewer. The round counts this step's earlier turns.

    Raises IntegrityError where one is open already: close or void it first.
    """
    earlier = Review.objects.of(obj).filter(step=step, decision=Decision.REQUEST_CHANGES).count()
    return Review.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        step=step,
        round=earlier + 1,
        reviewer=reviewer,
        assigned_by=by,
        revision=revision,
        due=due,
    )


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
    return review


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


def fresh_translations(
    model, sources: dict[int, dict[str, str]]
) -> dict[tuple[int, str], set[str]]:
    """(object id, language) → anchors whose working translation fits the text. One query.

    `sources` are object id → anchor → hash of its text as it stands.
    """
    fresh: dict[tuple[int, str], set[str]] = {}
    rows = WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(sources)
    )
    for pk, anchor, language, made_from in rows.values_list(
        "object_id", "anchor", "language", "source_hash"
    ):
        if sources[pk].get(anchor) == made_from:
            fresh.setdefault((pk, language), set()).add(anchor)
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
    Review.objects.of(obj).open().update(voided_at=timezone.now(), voided_because=because)


def last_decision(obj, *decisions: str) -> Review | None:
    """The newest review that ended in one of `decisions` and still stands."""
    return (
        Review.objects.of(obj)
        .filter(decision__in=decisions, voided_at__isnull=True)
        .select_related("reviewer", "revision")
        .order_by("-decided_at", "-pk")
        .first()
    )


def last_reviewers(obj, step: str) -> list[User]:
    """Who had a step before and did not give it away, newest first."""
    gave_away = (Decision.HANDED_ON, Decision.CONFLICT)
    rows = Review.objects.of(obj).filter(step=step).exclude(decision__in=gave_away)
    return [row.reviewer for row in rows.select_related("reviewer").order_by("-pk")]


def send_notes(obj, *, by: User, review: Review | None = None) -> list[ReviewNote]:
    """Send the notes this person has written and not sent yet."""
    notes = list(ReviewNote.objects.of(obj).filter(author=by, sent_at__isnull=True))
    for note in notes:
        note.sent_at = timezone.now()
        note.review = note.review or review
        note.save(update_fields=["sent_at", "review"])
    return notes


def forget(obj) -> None:
    """Delete what hangs on an object that is deleted for good (a draft)."""
    Review.objects.of(obj).delete()
    ReviewNote.objects.of(obj).delete()
    WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk
    ).delete()


def fewest_open(people: Iterable[User]) -> User | None:
    """The person with the fewest open reviews; who joined first where that is equal. One query."""
    people = list(people)
    if not people:
        return None
    counts = dict(
        User.objects.filter(pk__in=[person.pk for person in people])
        .annotate(
            open_reviews=Count(
                "reviews", filter=Q(reviews__decision="", reviews__voided_at__isnull=True)
            )
        )
        .values_list("pk", "open_reviews")
    )
    return min(people, key=lambda person: (counts[person.pk], person.pk))


# --- marks at defects (R9) -------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """An open mark as it stands in a text. Visitors see that it stands, members why."""

    pk: int
    anchor: str
    elsewhere: str  # the language of the text it was raised in, where that is another
    since: datetime.datetime
    reason: str = ""
    by: str = ""


def marks_on(kind: str, key: str, languages: Iterable[str], user) -> list[Mark]:
    """The open marks at a text, oldest first. One query for a member where there are some.

    The first of `languages` is the text's own; the others those whose defects
    it shares, because it is translated from them.
    """
    own, *others = languages
    found = [
        Mark(pk, anchor, "" if language == own else language, since)
        for pk, anchor, language, since in _open_places().get((kind, key), ())
        if language in (own, *others)
    ]
    if not found or not is_member(user):
        return found
    rows = Flag.objects.about(kind, key).open().filter(language__in=[own, *others])
    return [
        Mark(
            row.pk,
            row.anchor,
            "" if row.language == own else row.language,
            row.raised_at,
            row.reason,
            row.by.display_name,
        )
        for row in rows.select_related("by").order_by("pk")
    ]


def _open_places() -> dict[tuple[str, str], list[tuple]]:
    """Every open mark by its text, without its words. A query in OPEN_PLACES_KEPT_S at most.

    Forgotten with every change (`review.transitions`): where processes share
    no cache a mark shows, and goes, within that time.
    """
    kept = cache.get(OPEN_PLACES)
    if kept is None:
        kept = {}
        rows = Flag.objects.open().order_by("pk")
        for kind, key, *place in rows.values_list(
            "kind", "key", "pk", "anchor", "language", "raised_at"
        ):
            kept.setdefault((kind, key), []).append(tuple(place))
        cache.set(OPEN_PLACES, kept, OPEN_PLACES_KEPT_S)
    return kept


def marks_by_place(
    marks: Iterable[Mark], anchors: Iterable[str]
) -> tuple[dict[str, list[Mark]], list[Mark]]:
    """Anchor → its marks, and those at the whole text or at a place that it has no more."""
    known, placed, whole = set(anchors), {}, []
    for mark in marks:
        if mark.anchor in known:
            placed.setdefault(mark.anchor, []).append(mark)
        else:
            whole.append(mark)
    return placed, whole
