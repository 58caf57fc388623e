"""Where a section's key leads: to its page, in the reader's best language."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from network.languages import reading_order
from network.registry import Reference, register_reference
from silver_book.outline import outline
from silver_book.page_context import address


def register() -> None:
    """Called once, when the room starts."""
    register_reference("section", "silver_book", resolve_sections)


def resolve_sections(request, keys: Iterable[str]) -> dict[str, Reference]:
    """Those of the keys that name a section of the book. The outline's query."""
    lines = outline(request).contents(reading_order(request.user)).by_key
    return {
        key: Reference(lines[key].title, address(lines[key]), lines[key].language, _("Silver Book"))
        for key in keys
        if key in lines
    }
