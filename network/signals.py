"""What the network tells the rooms above it."""

from django.dispatch import Signal

# A person left a distributor, or their account was closed. Sent inside the
# transaction, so that a receiver's change (a case handed on, a review given to
# somebody else) stands or falls with it.
# Arguments: user, distributor (None where only the account was closed), by,
# account_closed (bool).
member_left = Signal()
