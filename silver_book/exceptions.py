"""Why a change of the book was refused, in words for the person who tried."""

from django.utils.translation import gettext as _

from network.exceptions import ChangeRefused


class BookChangeRefused(ChangeRefused):
    """The state of the text does not allow it now."""


class ImportRefused(ChangeRefused):
    """A folder cannot be read as a book: nothing of it was taken in."""


class EditionRefused(ChangeRefused):
    """There is nothing to freeze, or the book is not what the editor looked at."""


class EditionFrozen(ChangeRefused):
    """Somebody tried to change what is frozen."""

    def __init__(self):
        super().__init__(_("A frozen edition does not change. Freeze a new one."))


class LettersMissing(Exception):
    """No font of this machine has letters that a text is written with; says which."""
