"""Rooms register what can be reviewed; this room knows none of them by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Reviewable:
    """What a room gives for one of its models.

    `render(obj, user)` → dict: template and context of the thing as readers
    will see it. `may_review(user, obj, step)` → bool, or a reason in words
    why not (falsy text means yes is not possible: see `why_not`).
    `decide(obj, step, decision, by, reason)` runs the room's transition.
    """

    model: type[Model]
    title: Callable[[Model], str]
    language: Callable[[Model], str]
    url: Callable[[Model], str]
    render: Callable[[Model, object], dict]
    may_review: Callable[[object, Model, str], bool]
    why_not: Callable[[object, Model, str], str]
    decide: Callable[..., None]
    visible_to: Callable[[object], object]  # queryset of obj a person may open at the desk
    # (anchor, text) of every paragraph and KPI row, in reading order
    paragraphs: Callable[[Model], Iterable[tuple[str, str]]]
    may_translate: Callable[[object, Model], bool]


_reviewables: dict[type[Model], Reviewable] = {}


def register(reviewable: Reviewable) -> None:
    """Add a model that can be reviewed."""
    _reviewables[reviewable.model] = reviewable


def reviewable_for(obj_or_model) -> Reviewable:
    """The registration of an object's model. Raises KeyError where there is none."""
    model = obj_or_model if isinstance(obj_or_model, type) else type(obj_or_model)
    return _reviewables[model]


def reviewables() -> list[Reviewable]:
    """All of them, in order of registration."""
    return list(_reviewables.values())
