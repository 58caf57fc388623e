"""How many seats are held, kept and free. Counts only; transitions give and take.

Free for a person of region scope r = seats − held − what other scopes' quotas
still keep back and have not filled. Takes sessions and imports no model of
this room, so that pages may count as well.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

Scope = tuple[str, int] | None
# Those who hold a seat, and those who wait for one.
COUNTED = ("waiting", "offered", "enrolled", "attended", "no_show")


@dataclass
class Seats:
    """A session's seats at one moment. `held` and `kept` by region scope."""

    total: int
    held: Counter = field(default_factory=Counter)
    kept: dict[Scope, int] = field(default_factory=dict)
    waiting: int = 0

    @property
    def taken(self) -> int:
        """Held by people: enrolled, or offered."""
        return sum(self.held.values())

    @property
    def open(self) -> int:
        """Not held by anybody, kept for a region or not; 0 where more were given by hand."""
        return max(0, self.total - self.taken)

    @property
    def is_full(self) -> bool:
        return self.open == 0

    @property
    def unfilled(self) -> int:
        """Kept for regions and not taken by their people yet."""
        return sum(max(0, seats - self.held[scope]) for scope, seats in self.kept.items())

    def free_for(self, scope: Scope) -> int:
        """Seats that a person of this scope can have now."""
        kept = sum(
            max(0, seats - self.held[other]) for other, seats in self.kept.items() if other != scope
        )
        return max(0, self.open - kept)

    def take(self, scope: Scope) -> None:
        """Count one more person."""
        self.held[scope] += 1


def count_seats(
    sessions: Iterable, now: datetime.datetime | None = None, *, model=None
) -> dict[int, Seats]:
    """Session id → its seats. Two queries, however many sessions.

    `model` is said where rows with `pk` and `seats` stand for sessions.
    """
    sessions, now = list(sessions), now or timezone.now()
    found = {session.pk: Seats(session.seats) for session in sessions}
    if not found:
        return found
    owner = model or type(sessions[0])
    enrolments = owner.enrolments.rel.related_model.objects
    rows = enrolments.filter(session__in=list(found), state__in=COUNTED)
    rows = rows.order_by().values_list("session", "state", "region", "review_area")
    for session, state, region, area, people in rows.annotate(people=Count("pk")):
        if state == "waiting":
            found[session].waiting += people
        else:
            found[session].held[_scope(region, area)] += people
    quotas = owner.quotas.rel.related_model.objects
    for quota in quotas.filter(session__in=list(found), held_until__gt=now):
        found[quota.session_id].kept[quota.scope] = quota.seats
    return found


def _scope(region: int | None, area: int | None) -> Scope:
    if region:
        return ("region", region)
    return ("area", area) if area else None
