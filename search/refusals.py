"""What an index refused for good, and another try."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from search.documents import call_followers
from search.models import DeadLetter
from search.permissions import can_retry_refusal


@transaction.atomic
def try_again(letter: DeadLetter, *, by) -> None:
    """Send the document again with the next drain; it comes back here if it is refused again.

    Raises PermissionDenied.
    """
    if not can_retry_refusal(by):
        raise PermissionDenied
    letter.delete()
    call_followers()
