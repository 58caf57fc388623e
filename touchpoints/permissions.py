"""Who may look into the ledger of messages."""

from network.permissions import is_administrator, is_editor


def can_view_ledger(user) -> bool:
    """Editors and administrators: they answer for whom a message reached."""
    return is_editor(user) or is_administrator(user)


def can_requeue_delivery(user) -> bool:
    """Administrators: they know whether the mail server's trouble is over."""
    return is_administrator(user)
