"""The editor's way to the texts of the book that wait."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from network.registry import Menu, desk_places
from silver_book.permissions import can_publish_book


def register() -> None:
    """Called once, when the room starts."""
    desk_places.register("silver_book", places)


def places(user) -> Iterator[Menu]:
    """The book's desk, for editors."""
    if can_publish_book(user):
        yield Menu(_("Silver Book"), partial(reverse, "book_desk"), 35)
