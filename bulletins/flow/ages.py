"""How long a story stands in its stage: working days where it waits.

That is the country of whoever has it: of its author's distributor while the
author is asked, of its holder's, else of the area's lead country. Without
anybody's days away: a story does not get younger while its reviewer is on
leave.
"""

import datetime
from functools import lru_cache

from django.db.models import OuterRef, QuerySet, Subquery

from bulletins.models import Case, Stage
from network.models import Membership
from network.working_days import Calendar


def with_places(cases: QuerySet) -> QuerySet:
    """The cases with what `calendar_of` asks. No query of its own."""
    firm = (
        Membership.objects.current()
        .filter(user=OuterRef("holder"))
        .order_by("pk")
        .values("distributor__country", "distributor__country__weekend")
    )
    return cases.select_related(
        "holder", "review_area__lead_country", "distributor__country"
    ).annotate(
        holder_country=Subquery(firm.values("distributor__country")[:1]),
        holder_weekend=Subquery(firm.values("distributor__country__weekend")[:1]),
    )


def calendar_of(case: Case) -> Calendar:
    """The calendar of where a case from `with_places` waits."""
    zone = case.holder.time_zone if case.holder else "UTC"
    own = case.distributor.country
    if case.stage == Stage.CHANGES_REQUESTED:
        return Calendar(own.code, own.weekend, zone)
    if case.holder_country:
        return Calendar(case.holder_country, case.holder_weekend, zone)
    lead = case.review_area.lead_country if case.review_area else None
    return Calendar(*((lead.code, lead.weekend) if lead else (own.code, own.weekend)), zone)


def age_of(case: Case, now: datetime.datetime) -> int:
    """Working days that began since it came to its stage or its holder; 0 on the first."""
    calendar = calendar_of(case)
    return _between(calendar, calendar.day(case.since), calendar.day(now))


@lru_cache(maxsize=8192)
def _between(calendar: Calendar, since: datetime.date, today: datetime.date) -> int:
    """Many stories wait in a country since one day."""
    return max(0, calendar.between(since, today))
