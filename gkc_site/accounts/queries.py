"""Which firms a person sees the members of, and what is shown of each."""

from dataclasses import dataclass

from gkc_site.accounts.models import Invitation
from network.models import Distributor, Membership
from network.permissions import (
    areas_held,
    can_manage_members,
    is_administrator,
    managed_distributors,
)


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
