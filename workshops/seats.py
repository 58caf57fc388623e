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
from django.utils.translation import ngettext

from network.localize import number_text
from network.permissions import region_scope, standing
from workshops.vocabulary import HOLDING

Scope = tuple[str, int] | None
# Those who hold a seat, and those who wait for one.
COUNTED = ("waiting", *HOLDING)


@dataclass
class Seats:
    """A session's seats at one moment. `held` and `kept` by region scope."""

    total: int
    held: Counter = field(default_factory=Counter)
    kept: dict[Scope, int] = field(default_factory=dict)
    until: dict[Scope, datetime.datetime] = field(default_factory=dict)  # of what is kept
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
        return self.open - self.kept_from(scope)

    def kept_from(self, scope: Scope = None) -> int:
        """Open seats that a person of this scope cannot have now: kept for other regions."""
        return min(self.open, sum(self._unfilled_but(scope).values()))

    def kept_until(self, scope: Scope = None) -> datetime.datetime | None:
        """When the last of these is given free."""
        return max((self.until[other] for other in self._unfilled_but(scope)), default=None)

    def _unfilled_but(self, scope: Scope) -> dict[Scope, int]:
        left = {other: seats - self.held[other] for other, seats in self.kept.items()}
        return {other: seats for other, seats in left.items() if other != scope and seats > 0}

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
        found[quota.session_id].until[quota.scope] = quota.held_until
    return found


def taken_words(taken: int, least: int) -> str:
    """How many there are, and how many are wanted, for whoever decides."""
    return ngettext(
        "%(taken)s person has a seat; %(least)s are wanted at least.",
        "%(taken)s people have seats; %(least)s are wanted at least.",
        taken,
    ) % {"taken": number_text(taken), "least": number_text(least)}


def place_of(user, programme) -> tuple:
    """(distributor, region id, review area id) of a person for this programme; the oldest
    membership where there are several."""
    held = sorted(standing(user).memberships, key=lambda membership: membership.pk)
    if programme.distributor_id:
        held = [m for m in held if m.distributor_id == programme.distributor_id] or held
    if not held:
        return None, None, None
    kind, pk = region_scope(held[0].distributor.country)
    return held[0].distributor, pk if kind == "region" else None, pk if kind == "area" else None


def scope_of(user, programme) -> Scope:
    """Whose kept seats the person may have; None for a visitor."""
    _firm, region, area = place_of(user, programme)
    return _scope(region, area)


def _scope(region: int | None, area: int | None) -> Scope:
    if region:
        return ("region", region)
    return ("area", area) if area else None
