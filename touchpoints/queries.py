"""QuerySets of the ledger."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet


class DeliveryQuerySet(QuerySet):
    """Deliveries."""

    def claimable(self, now: datetime.datetime) -> "DeliveryQuerySet":
        """Queued, due, and held by no sender whose lease still runs."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        return self.filter(free, state="queued", due_at__lte=now)


@dataclass(frozen=True)
class Reach:
    """Whether a mailing reached a distributor; `reasons` where it did not (English msgids)."""

    distributor: object
    state: str  # 'reached', 'waiting' or 'not_reached'
    addresses: tuple[str, ...]
    reasons: tuple[str, ...]


def reached_by_distributor(mailing) -> list[Reach]:
    """Each distributor that the mailing names, in order of name. Two queries.

    A person who is contact of two distributors got one mail; both are reached.
    """
    sent, queued = set(), set()
    for state, address in mailing.deliveries.exclude(address="").values_list("state", "address"):
        {"sent": sent, "queued": queued}.get(state, set()).add(address.lower())
    named: dict[object, list] = {}
    rows = mailing.deliveries.filter(distributor__isnull=False)
    for row in rows.select_related("distributor").order_by("distributor__name", "pk"):
        named.setdefault(row.distributor, []).append(row)
    return [_reach(distributor, part, sent, queued) for distributor, part in named.items()]


def _reach(distributor, rows: list, sent: set[str], queued: set[str]) -> Reach:
    addresses = {row.address.lower() for row in rows if row.address}
    state = "not_reached"
    if addresses & sent:
        state = "reached"
    elif addresses & queued:
        state = "waiting"
    reasons = dict.fromkeys(row.reason for row in rows if row.reason)
    return Reach(
        distributor,
        state,
        tuple(sorted(addresses)),
        tuple(reasons) if state == "not_reached" else (),
    )
