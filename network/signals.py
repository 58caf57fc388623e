"""What the network tells the rooms above it."""

from django.dispatch import Signal

# A person left a distributor, or their account was closed. Sent inside the
# transaction, so that a receiver's change (a case handed on, a review given to
# somebody else) stands or falls with it.
# Arguments: user, distributor (None where only the account was closed), by,
# account_closed (bool).
member_left = Signal()

# A document is new, replaced, guarded anew, or its text was read. Both are sent
# inside the transaction: the first before any row is touched, so that a receiver
# locks what shows the document (else a publication at the same moment would miss
# the text, and the text the publication); the second when everything is written.
# Argument: document (GkcDocument; it may have no key yet in the first).
document_changing = Signal()
document_changed = Signal()

# A person's days away were entered, or taken out. Sent inside the transaction.
# Argument: user.
absence_changed = Signal()
