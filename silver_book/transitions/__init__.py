"""Changes of the book: going live and off, and what an import takes in."""

from silver_book.transitions.local import (
    change_local,
    confirm_local,
    remove_local,
    write_local,
)
from silver_book.transitions.pairing import settle_pair
from silver_book.transitions.placing import Wanted, place_base, place_translation
from silver_book.transitions.publishing import publish_text, publish_translation, take_off

__all__ = [
    "Wanted",
    "change_local",
    "confirm_local",
    "place_base",
    "place_translation",
    "publish_text",
    "publish_translation",
    "remove_local",
    "settle_pair",
    "take_off",
    "write_local",
]
