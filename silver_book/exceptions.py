"""Why a change of the book was refused, in words for the person who tried."""

from network.exceptions import ChangeRefused


class BookChangeRefused(ChangeRefused):
    """The state of the text does not allow it now."""


class ImportRefused(ChangeRefused):
    """A folder cannot be read as a book: nothing of it was taken in."""
