"""Many reviews opened at once: the same rows as `api.open_review` makes, in a few statements."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model
from django.utils import timezone

from network.working_days import Calendar
from review.clocks import new_clock
from review.models import Clock, Decision, Review, Whose

BULK = 500  # rows an INSERT, at most


@dataclass(frozen=True)
class Turn:
    """Somebody's turn at a step of an object."""

    obj: Model
    step: str
    reviewer_id: int
    calendar: Calendar  # the reviewer's
    days: int
    revision_id: int | None = None
    waits: bool = False  # the reviewer cannot read the object yet


def open_reviews(turns: Iterable[Turn], *, by) -> list[Review]:
    """Open a review with its clock for each turn; all objects of one model.

    Three queries, and an INSERT for 500 rows. Raises IntegrityError where one
    is open already.
    """
    turns = list(turns)
    if not turns:
        return []
    content_type = ContentType.objects.get_for_model(type(turns[0].obj))
    earlier = _earlier_rounds(content_type, [turn.obj.pk for turn in turns])
    now = timezone.now()
    reviews, clocks = [], []
    for turn in turns:
        review = Review(
            content_type=content_type,
            object_id=turn.obj.pk,
            step=turn.step,
            round=earlier.get((turn.obj.pk, turn.step), 0) + 1,
            reviewer_id=turn.reviewer_id,
            assigned_by=by,
            revision_id=turn.revision_id,
        )
        clocks.append(
            new_clock(
                review,
                whose=Whose.REVIEWER,
                person_id=turn.reviewer_id,
                days=turn.days,
                started_at=None if turn.waits else now,
                calendar=turn.calendar,
            )
        )
        reviews.append(review)
    Review.objects.bulk_create(reviews, batch_size=BULK)
    Clock.objects.bulk_create(clocks, batch_size=BULK)
    return reviews


def _earlier_rounds(content_type, ids: list[int]) -> dict[tuple[int, str], int]:
    rows = Review.objects.filter(
        content_type=content_type, object_id__in=ids, decision=Decision.REQUEST_CHANGES
    )
    counted = rows.order_by().values("object_id", "step").annotate(n=Count("pk"))
    return {(pk, step): n for pk, step, n in counted.values_list("object_id", "step", "n")}
