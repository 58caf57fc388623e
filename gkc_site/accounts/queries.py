"""Which firms a person sees the members of, what is shown of each, and whose post waits for a
word."""

from dataclasses import dataclass

from django.db.models import Q

from gkc_site.accounts.models import Invitation
from network.models import Distributor, Membership, User
from network.permissions import (
    areas_held,
    can_manage_members,
    is_administrator,
    managed_distributors,
)

_ENTERED = ~Q(post="") | Q(years_of_experience__isnull=False)


@dataclass(frozen=True)
class Firm:
    """A distributor with its current members and the invitations nobody accepted yet."""

    distributor: Distributor
    members: list
    invitations: list
    may_manage: bool


def firms_of(user) -> list[Distributor]:
    """Managed firms; a lead's whole area; for administrators all."""
    firms = Distributor.objects.select_related("country__review_area").order_by("code")
    if is_administrator(user):
        return list(firms)
    own = [d.pk for d in managed_distributors(user)]
    areas = areas_held(user, "lead")
    return list(firms.filter(pk__in=own) | firms.filter(country__review_area__in=areas))


def with_unvouched(firms: list[Distributor]) -> list[Distributor]:
    """Those of the firms with members whom no manager can vouch for. One query."""
    rows = Membership.objects.current().filter(user__in=unvouched())
    waiting = set(rows.values_list("distributor", flat=True))
    return [firm for firm in firms if firm.pk in waiting]


def members_of(firms: list[Distributor], user) -> list[Firm]:
    """The firms' members and open invitations; two queries for any number of firms."""
    members: dict[int, list] = {firm.pk: [] for firm in firms}
    rows = (
        Membership.objects.current()
        .filter(distributor__in=firms)
        .select_related("user__post_confirmed_by", "dealer")
        .order_by("user__first_name", "user__last_name")
    )
    for row in rows:
        members[row.distributor_id].append(row)
    invitations: dict[int, list] = {firm.pk: [] for firm in firms}
    for row in Invitation.objects.filter(
        distributor__in=firms, accepted_at=None, revoked_at=None
    ).select_related("invited_by"):
        invitations[row.distributor_id].append(row)
    return [
        Firm(firm, members[firm.pk], invitations[firm.pk], can_manage_members(user, firm))
        for firm in firms
    ]


def unconfirmed(firms: list[Distributor]):
    """Active members of the firms with a post or years that nobody confirmed."""
    return User.objects.members_of(*firms).filter(_ENTERED, post_confirmed_at__isnull=True)


def unvouched():
    """Likewise those whom no manager can vouch for: administrators do."""
    return User.objects.unmanaged().filter(_ENTERED, post_confirmed_at__isnull=True)
