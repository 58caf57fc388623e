"""People's own calendars: of their firm's country, or of the area they campaign in.

Loaded for any number of people with the same three or four queries.
"""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from network.models import Absence, Country, Mandate, Membership, ReviewArea, User
from network.permissions import standing
from network.working_days import WEEKDAYS, Calendar, local_day

# Days away further back than this move no clock that still runs.
LOOK_BACK = datetime.timedelta(days=120)
# Where nobody knows a person's country: Monday to Friday, no holidays.
NOWHERE = (WEEKDAYS.code, WEEKDAYS.weekend)


def calendars_of(user_ids: Iterable[int], today: datetime.date | None = None) -> dict:
    """User id → `Calendar`, for everybody asked for. Four queries, whatever their number.

    The country is that of the person's own distributor; for a campaigner
    without one the lead country of their review area.
    """
    ids = set(user_ids)
    if not ids:
        return {}
    today = today or timezone.localdate()
    zones = dict(User.objects.filter(pk__in=ids).values_list("pk", "time_zone"))
    countries: dict[int, tuple[str, str]] = {}
    members = Membership.objects.current(today).filter(user__in=ids).order_by("pk")
    for pk, code, weekend in members.values_list(
        "user_id", "distributor__country_id", "distributor__country__weekend"
    ):
        countries.setdefault(pk, (code, weekend))
    if ids - countries.keys():
        mandates = Mandate.objects.current(today).filter(
            user__in=ids - countries.keys(), review_area__lead_country__isnull=False
        )
        for pk, code, weekend in mandates.order_by("pk").values_list(
            "user_id", "review_area__lead_country_id", "review_area__lead_country__weekend"
        ):
            countries.setdefault(pk, (code, weekend))
    away: dict[int, set[datetime.date]] = {}
    for absence in Absence.objects.within(today - LOOK_BACK, None).filter(user__in=ids):
        away.setdefault(absence.user_id, set()).update(absence.days)
    return {
        pk: Calendar(*countries.get(pk, NOWHERE), zones.get(pk, "UTC"), frozenset(away.get(pk, ())))
        for pk in ids
    }


def calendar_of(user, today: datetime.date | None = None) -> Calendar:
    """One person's calendar."""
    return calendars_of([user.pk], today)[user.pk]


def reading_calendar(user) -> Calendar:
    """The calendar in which somebody reads a page, kept on the user object.

    One query, for their days away: the rest is what the permissions loaded. A
    visitor reads in days from Monday to Friday, in UTC.
    """
    if not getattr(user, "is_authenticated", False):
        return WEEKDAYS
    kept = getattr(user, "_calendar", None)
    if kept is None:
        kept = user._calendar = _from_standing(user)
    return kept


def _from_standing(user) -> Calendar:
    held = standing(user)
    found = [m.distributor.country for m in held.memberships]
    if not found:
        areas = [m.review_area_id for m in held.mandates if m.review_area_id]
        found = list(Country.objects.filter(pk__in=_lead_countries(areas))[:1]) if areas else []
    place = (found[0].code, found[0].weekend) if found else NOWHERE
    today = local_day(timezone.now(), user.time_zone)
    absences = Absence.objects.within(today - LOOK_BACK, None).filter(user=user)
    away = {day for absence in absences for day in absence.days}
    return Calendar(*place, user.time_zone, frozenset(away))


def _lead_countries(area_ids: list[int]):
    return ReviewArea.objects.filter(pk__in=area_ids).order_by("pk").values("lead_country")
