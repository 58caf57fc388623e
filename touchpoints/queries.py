"""QuerySets of the ledger."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet


class DeliveryQuerySet(QuerySet):
    """Deliveries."""

    def claimable(self, now: datetime.datetime) -> "DeliveryQuerySet":
        """Queued, due, and held by no sender whose lease still runs."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        return self.filter(free, state="queued", due_at__lte=now)


class SuppressionQuerySet(QuerySet):
    """Addresses out of use."""

    def in_force(self) -> "SuppressionQuerySet":
        """Those that get no mail now."""
        return self.filter(lifted_at__isnull=True)

    def among(self, addresses: Iterable[str]) -> set[str]:
        """Which of the addresses get no mail now, in lower case. One query."""
        wanted = {address.lower() for address in addresses if address}
        if not wanted:
            return set()
        return set(self.in_force().filter(address__in=wanted).values_list("address", flat=True))


class MailChoiceQuerySet(QuerySet):
    """What people chose about optional messages."""

    def by_person(self, kinds, user_ids=None) -> dict[int, dict[str, bool]]:
        """User key → their choices for these kinds and for all ('').

        One query; of everybody who chose anything where no `user_ids` are given.
        """
        rows = self.filter(kind__in=[*kinds, ""])
        if user_ids is not None:
            rows = rows.filter(user__in=user_ids)
        found: dict[int, dict[str, bool]] = {}
        for user_id, name, is_wanted in rows.values_list("user_id", "kind", "is_wanted"):
            found.setdefault(user_id, {})[name] = is_wanted
        return found


def wants(told, choices: Mapping[str, bool]) -> bool:
    """Whether a person with these choices (kind → wanted, '' for all) wants a kind of message."""
    if not told.optional:
        return True
    if not choices.get("", True):
        return False
    return choices.get(told.name, not told.opt_in)


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
