"""What the book gives to the home page and the main navigation."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network import registry
from network.registry import HomeBlock, Menu
from silver_book import page_context
from silver_book.outline import outline


def register() -> None:
    """Called once, when the room starts."""
    registry.menus.register("silver_book", menus)
    registry.home_blocks.register("silver_book", blocks)


def menus(user) -> Iterator[Menu]:
    """The book, once there is one."""
    if page_context.has_content():
        yield Menu(label=_("Silver Book"), url=cover_address, order=10)


def cover_address() -> str:
    """The cover in the reader's language."""
    return f"/{get_language()}/silver-book/"


def blocks(request) -> Iterator[HomeBlock]:
    """The cover with its thumb index, and where this member left off. Three queries at most."""
    if not page_context.has_content():
        return
    order = page_context.languages_for(request, None)
    context = {
        "parts": outline(request).contents(order).parts,
        "left_off": page_context.left_off(request),
        "cover_url": cover_address(),
    }
    yield HomeBlock("silver_book/home/book.html", context, order=18)
