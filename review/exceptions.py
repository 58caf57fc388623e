"""Why a note or translation was refused."""

from network.exceptions import ChangeRefused


class ReviewRefused(ChangeRefused):
    """An empty note, a sent one, or a thing that is not there any more."""
