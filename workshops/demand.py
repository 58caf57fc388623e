"""Who would come if there were a date, a seat or a way in: to plan the next ones.

Rows of one programme and one region scope. Counts equal the lists they are
made of: open wishes, open and granted exceptions, people in line, and who was
refused within a year.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Region, ReviewArea
from network.permissions import holds, standing
from workshops.models import EligibilityWatch, Enrolment, ExceptionRequest, Programme
from workshops.titles import Title, titles_for

REFUSED_WITHIN = datetime.timedelta(days=365)
# What is counted, in the order of the table.
KINDS = ("waiting", "watching", "asked", "granted", "refused")


@dataclass
class Demand:
    """One programme in one region scope. `place` names it, `scope` is its key in an address."""

    programme: Programme
    title: Title
    place: str
    scope: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def total(self) -> int:
        """All who would come: in line, not yet eligible, and with an exception asked for."""
        return self.counts["waiting"] + self.counts["watching"] + self.counts["asked"]


def reach(user, programme: str = "programme") -> Q:
    """Which rows this person sees; `programme` is the way from a row to its programme.

    Executives, administrators and coordinators of everything see all; a
    coordinator of programmes theirs; campaigners and leads their areas.
    """
    if holds(user, "executive", "administrator"):
        return Q()
    found = Q(pk__in=[])
    for mandate in standing(user).mandates:
        if mandate.role not in ("coordinator", "campaigner", "lead"):
            continue
        if mandate.scope == "global":
            return Q()
        if mandate.role == "coordinator" and mandate.programme_key:
            found |= Q(**{f"{programme}__programme_key": mandate.programme_key})
            found |= Q(**{f"{programme}__parent__programme_key": mandate.programme_key})
        elif mandate.role != "coordinator" and mandate.review_area_id:
            found |= Q(distributor__country__review_area=mandate.review_area_id)
    return found


def demand(user, order: list[str], *, now: datetime.datetime | None = None) -> list[Demand]:
    """What this person sees, the greatest first.

    Ten queries at most, however many rows.
    """
    now = now or timezone.now()
    counts: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
    for kind, way, rows in _lists(now):
        rows = rows.filter(reach(user, way)).order_by()
        groups = rows.values_list(way, "region", "review_area")
        for key in groups.annotate(people=Count("pk")):
            counts[key[:3]][kind] += key[3]
    programmes = Programme.objects.in_bulk({key[0] for key in counts})
    titles = titles_for(programmes.values(), order)
    places = _places(counts)
    found = [
        Demand(programmes[pk], titles[pk], *places[region, area], counts=counts[pk, region, area])
        for pk, region, area in counts
    ]
    return sorted(found, key=lambda row: (-row.total, row.title.title, row.place))


def fitting(rows: Iterable[Demand], *, programme: str = "", scope: str = "") -> list[Demand]:
    """Those of a programme, by its key, and of a region scope, as in an address; '' for any."""
    return [
        row for row in rows if programme in ("", row.programme.key) and scope in ("", row.scope)
    ]


def _lists(now: datetime.datetime) -> Iterable[tuple]:
    """(what is counted, the way to the programme, rows)."""
    since, exceptions = now - REFUSED_WITHIN, ExceptionRequest.objects
    places = Enrolment.objects
    yield (
        "waiting",
        "session__programme",
        places.filter(state="waiting", session__starts_at__gt=now),
    )
    yield "watching", "programme", EligibilityWatch.objects.open()
    yield "asked", "programme", exceptions.open()
    yield "granted", "programme", exceptions.in_force()
    yield "refused", "programme", exceptions.filter(state="refused", decided_at__gt=since)
    yield "refused", "session__programme", places.filter(state="refused", since__gt=since)


def _places(keys) -> dict[tuple, tuple[str, str]]:
    """(region, area) → its name and its key in an address."""
    regions = Region.objects.in_bulk({key[1] for key in keys if key[1]})
    areas = ReviewArea.objects.in_bulk({key[2] for key in keys if key[2]})
    found = {}
    for _programme, region, area in keys:
        if region:
            found[region, area] = (regions[region].name, f"region-{regions[region].slug}")
        elif area:
            found[region, area] = (areas[area].name, f"area-{areas[area].slug}")
        else:
            found[region, area] = (_("Without a distributor"), "none")
    return found
