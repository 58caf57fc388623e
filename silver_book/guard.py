"""Whether a transition of this room is running (`network.guard`)."""

from django.utils.translation import gettext as _

from network.guard import Guard
from silver_book.exceptions import BookChangeRefused

GUARD = Guard(
    lambda: BookChangeRefused(
        _("A text of the book goes live by an editor's publication, not by this action.")
    )
)
