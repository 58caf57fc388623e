"""Marks at defects of any object, as pages show them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from network.permissions import is_member
from review.models import Flag
from review.models.flags import OPEN_PLACES

OPEN_PLACES_KEPT_S = 60


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


def marked_keys(kind: str) -> set[str]:
    """Keys of the texts of a kind at which a mark is open. A query in OPEN_PLACES_KEPT_S."""
    return {key for found, key in _open_places() if found == kind}


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
