"""What the book gives to the figures of all rooms: how current its languages are."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from network.languages import codes
from network.registry import (
    Figure,
    Period,
    RoomMeasure,
    ScopeKey,
    measure_sections,
    register_measure,
)
from silver_book.models import BookSectionPage
from translations.models import TextState


def sections_by_language() -> dict[str, Counter]:
    """Language → 'current', 'older' (behind its original in some place) and 'none', in
    sections. Two queries."""
    live = set(
        BookSectionPage.objects.filter(live=True)
        .order_by()
        .values_list("translation_key", "locale__language_code")
    )
    keys = {key for key, _code in live}
    behind = set(
        TextState.objects.filter(object_key__in=keys, is_gone=False)
        .behind()
        .order_by()
        .values_list("object_key", "language")
        .distinct()
    )
    return {
        code: Counter(
            "none" if (key, code) not in live else "older" if (key, code) in behind else "current"
            for key in keys
        )
        for code in codes()
    }


def current(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """The share of sections that are current, over all languages, as of now. Two queries."""
    found = sum(sections_by_language().values(), Counter())
    total = found.total()
    return {None: Figure(found["current"] / total * 100 if total else None, of=total)}


def sections(user, period: Period) -> Iterator[dict]:
    """The book's languages as a table. Two queries; nothing before there is a section."""
    found = sections_by_language()
    total = next(iter(found.values())).total()
    if total:
        rows = [
            {
                "language": code,
                "current": states["current"],
                "older": states["older"],
                "none": states["none"],
                "share": round(states["current"] / total * 100, 1),
            }
            for code, states in found.items()
        ]
        yield {"template": "silver_book/measures.html", "context": {"rows": rows, "total": total}}


def register() -> None:
    """Called once, when the room starts."""
    measure_sections.register("silver_book", sections)
    register_measure(
        RoomMeasure(
            "silver_book.current",
            _("Sections of the Silver Book that are current, over all languages"),
            "%",
            current,
            hint=_("As of now."),
            by_region=False,
            order=50,
        )
    )
