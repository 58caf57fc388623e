"""Areas with their countries and campaigners, as members see them. Six queries for any number."""

import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils import timezone

from network.languages import autonym
from network.models import Absence, Country, Field, Mandate, Membership, ReviewArea, User
from network.working_days import local_day

AWAY_AHEAD = datetime.timedelta(days=60)  # days away that are told beforehand
ROLES = ("campaigner", "lead")


@dataclass(frozen=True)
class Away:
    """Days away, both included; why is nobody's business."""

    since: datetime.date
    until: datetime.date
    is_now: bool


@dataclass
class Campaigner:
    """Somebody who campaigns in an area."""

    user: User
    is_lead: bool
    field: str  # 'sales', in the active language
    note: str  # breadth and leadership, as noted at the nomination (R24)
    languages: list[str]  # autonyms of what they read, best first
    firms: list[str] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    deputy: User | None = None  # who is asked while they are away
    is_named_deputy: bool = False

    @property
    def is_away(self) -> bool:
        return any(days.is_now for days in self.away)


@dataclass
class AreaEntry:
    """A review area."""

    area: ReviewArea
    countries: list[str]
    regions: list[str]  # home regions of its countries
    campaigners: list[Campaigner] = field(default_factory=list)


def areas(country: str = "") -> list[AreaEntry]:
    """Every area, or the one that a country belongs to."""
    rows = ReviewArea.objects.select_related("neighbour").prefetch_related(
        Prefetch("countries", queryset=Country.objects.select_related("region"))
    )
    if country:
        rows = rows.filter(countries__code=country)
    found = {
        area.pk: AreaEntry(
            area,
            sorted((str(c.name) for c in area.countries.all()), key=by_letter),
            list(dict.fromkeys(c.region.name for c in area.countries.all() if c.region)),
        )
        for area in rows
    }
    people = _campaigners(found)
    leads = {pk: next((one for one in some if one.is_lead), None) for pk, some in people.items()}
    for pk, entry in found.items():
        entry.campaigners = people.get(pk, [])
        for one in entry.campaigners:
            one.deputy = one.deputy or _stands_in(one, entry, leads)
    return list(found.values())


def by_letter(name: str) -> str:
    """Sorts names by their letters without accents: Côte d'Ivoire before Cuba."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _campaigners(found: dict[int, AreaEntry]) -> dict[int, list[Campaigner]]:
    """By area: its lead first, then by name. Neighbours' leads are loaded as well."""
    wanted = set(found) | {entry.area.neighbour_id for entry in found.values()} - {None}
    rows = list(
        Mandate.objects.current()
        .filter(role__in=ROLES, review_area__in=wanted)
        .select_related("user", "deputy")
        .order_by("pk")
    )
    firms = _firms({row.user_id for row in rows})
    absences = _absences({row.user_id for row in rows})
    people: dict[int, dict[int, Campaigner]] = {}
    for row in rows:
        here = people.setdefault(row.review_area_id, {})
        one = here.get(row.user_id)
        if one is None:
            one = here[row.user_id] = Campaigner(
                user=row.user,
                is_lead=False,
                field="",
                note="",
                languages=[autonym(code) for code in row.user.reading_languages],
                firms=firms.get(row.user_id, []),
                away=absences.get(row.user_id, []),
            )
        # Somebody may be campaigner and lead of one area.
        one.is_lead = one.is_lead or row.role == "lead"
        one.field = one.field or _field_name(row.field)
        one.note = one.note or row.nomination_note
        if row.deputy is not None and row.deputy.is_active:
            one.deputy, one.is_named_deputy = row.deputy, True
    return {
        pk: sorted(some.values(), key=lambda one: (not one.is_lead, one.user.display_name))
        for pk, some in people.items()
    }


def _field_name(value: str) -> str:
    """Its name in the active language; an older word as it was written."""
    return str(Field(value).label) if value in Field.values else value


def _firms(user_ids: Iterable[int]) -> dict[int, list[str]]:
    rows = Membership.objects.current().filter(user__in=user_ids).select_related("distributor")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.user_id, []).append(row.distributor.name)
    return found


def _absences(user_ids: Iterable[int]) -> dict[int, list[Away]]:
    """Those of the coming weeks. "Now" is a day of the person's own time zone."""
    today = timezone.now().astimezone(datetime.UTC).date()
    # A day before and after: elsewhere it is still yesterday, or already tomorrow.
    margin = datetime.timedelta(days=1)
    rows = Absence.objects.within(today - margin, today + AWAY_AHEAD).filter(user__in=user_ids)
    found: dict[int, list[Away]] = {}
    for row in rows.select_related("user").order_by("since", "pk"):
        there = local_day(timezone.now(), row.user.time_zone)
        if row.until >= there:
            found.setdefault(row.user_id, []).append(
                Away(row.since, row.until, is_now=row.since <= there)
            )
    return found


def _stands_in(one: Campaigner, entry: AreaEntry, leads: dict) -> User | None:
    """Where no deputy is named: another of the area who is there, else the neighbour's lead."""
    for other in entry.campaigners:
        if other.user.pk != one.user.pk and not other.is_away:
            return other.user
    lead = leads.get(entry.area.neighbour_id)
    return lead.user if lead is not None and lead.user.pk != one.user.pk else None
