"""Who may look into the ledger of messages, and who says that an address works again."""

from django.contrib.auth import get_user_model

from network.permissions import (
    campaigns_in,
    can_manage_members,
    is_administrator,
    is_editor,
    is_member,
    standing,
)


def can_view_ledger(user) -> bool:
    """Editors and administrators: they answer for whom a message reached."""
    return is_editor(user) or is_administrator(user)


def can_requeue_delivery(user) -> bool:
    """Administrators: they know whether the mail server's trouble is over."""
    return is_administrator(user)


def can_record_return(user) -> bool:
    """Whoever sees the ledger: the mail that came back lies in the centre's mailbox."""
    return can_view_ledger(user)


def can_restore_address(user, address: str) -> bool:
    """Its owner, an editor or administrator, the owner's manager or campaigner."""
    if not is_member(user):
        return False
    if can_view_ledger(user) or user.email == address.lower():
        return True
    owner = get_user_model().objects.filter(email=address.lower()).first()
    if owner is None:
        return False
    firms = [m.distributor for m in standing(owner).memberships]
    return any(
        can_manage_members(user, firm) or campaigns_in(user, firm.review_area) for firm in firms
    )
