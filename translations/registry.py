"""Rooms register the pages that are translated here; this room imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Translatable:
    """A page type whose words are translated.

    `open_to(user)` → its source pages that this person may translate now.
    `may_translate(user, page, language)` and `may_read_second(user, page,
    language)` are asked of the source page. `publish(page, by)` puts a
    finished translation (the page in its language) live by the room's own
    transition; False where the source is not live yet.
    """

    model: type[Model]
    open_to: Callable[[object], QuerySet]
    may_translate: Callable[[object, object, str], bool]
    may_read_second: Callable[[object, object, str], bool]
    publish: Callable[..., bool]


_translatables: dict[type[Model], Translatable] = {}


def register(translatable: Translatable) -> None:
    """Add or replace (a reload registers again)."""
    _translatables[translatable.model] = translatable


def translatable_of(model: type[Model] | None) -> Translatable | None:
    """The entry of a page type; None where its texts are not ours to keep."""
    return _translatables.get(model)


def translatables() -> list[Translatable]:
    """All of them."""
    return list(_translatables.values())
