"""What the coaching log shows, and which distributors have been silent for longest."""

import datetime
from dataclasses import dataclass

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from bulletins.models import Case, CoachingNote, Response
from network.models import Country, Distributor, Mandate
from network.permissions import areas_held, standing

NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
CAMPAIGN = ("campaigner", "lead")


@dataclass(frozen=True)
class LogRow:
    """A distributor in the coaching log: the last note, and the date that is agreed."""

    distributor: Distributor
    last: CoachingNote | None
    next: CoachingNote | None

    @property
    def _order(self) -> tuple:
        # What is agreed first; then whom nobody spoke with, then whom longest ago.
        agreed = self.next.next_on if self.next else datetime.date.max
        return agreed, self.last.at if self.last else NEVER, self.distributor.name


def log_rows(user, areas: list | None) -> list[LogRow]:
    """The active distributors of the areas (all where None) that this person reads the log of.

    Two queries.
    """
    firms = Distributor.objects.active().exclude(pk__in=standing(user).distributor_ids)
    if areas is not None:
        firms = firms.filter(country__review_area__in=areas)
    newest = CoachingNote.objects.filter(distributor=OuterRef("distributor")).values("pk")[:1]
    notes = CoachingNote.objects.visible_to(user).select_related("by")
    notes = notes.filter(Q(pk=Subquery(newest)) | Q(next_on__isnull=False, settled_at=None))
    last, agreed = {}, {}
    for note in notes.order_by("at", "pk"):
        last[note.distributor_id] = note
        if note.next_on is not None and note.settled_at is None:
            agreed[note.distributor_id] = note
    rows = [
        LogRow(firm, last.get(firm.pk), agreed.get(firm.pk))
        for firm in firms.select_related("country")
    ]
    return sorted(rows, key=lambda row: row._order)


def notes_of(country: Country, user, most: int = 10) -> list[CoachingNote]:
    """The newest notes on a country's distributors that this person may read: for the country
    brief. One query."""
    found = CoachingNote.objects.visible_to(user).filter(distributor__country=country)
    return list(found.select_related("distributor", "by")[:most])


def to_keep(user, until: datetime.date) -> QuerySet:
    """Next dates up to a day that are this person's to keep: their own, and in areas that they
    lead those of somebody who no longer campaigns there."""
    held = areas_held(user, *CAMPAIGN)
    still_there = Mandate.objects.current().filter(
        Q(scope="global") | Q(review_area=OuterRef("distributor__country__review_area")),
        user=OuterRef("by"),
        role__in=CAMPAIGN,
    )
    led = areas_held(user, "lead")
    left_behind = Q(distributor__country__review_area__in=led) & ~Exists(still_there)
    return (
        CoachingNote.objects.visible_to(user)
        .open()
        .filter(
            next_on__lte=until,
            distributor__is_active=True,
            distributor__country__review_area__in=held,
        )
        .filter(Q(by=user) | left_behind)
        .select_related("distributor")
        .order_by("next_on", "pk")
    )


def silent(user, areas: list, most: int = 3) -> list[Distributor]:
    """The distributors of the areas that have neither sent a story nor answered for longest.

    Those with whom a day to come is agreed stand behind the others; never the
    person's own. Each with `last_sign` (None: never) and `agreed_on`. One query.
    """
    here = OuterRef("pk")
    told = Case.objects.filter(distributor=here, submitted_at__isnull=False)
    said = Response.objects.filter(distributor=here)
    agreed = CoachingNote.objects.open().filter(distributor=here, next_on__gte=timezone.localdate())
    never = Value(NEVER, output_field=DateTimeField())
    found = (
        Distributor.objects.active()
        .filter(country__review_area__in=areas)
        .exclude(pk__in=standing(user).distributor_ids)
        .annotate(
            sign=Greatest(
                Coalesce(
                    Subquery(told.order_by("-submitted_at").values("submitted_at")[:1]), never
                ),
                Coalesce(Subquery(said.order_by("-at").values("at")[:1]), never),
            ),
            agreed_on=Subquery(agreed.values("next_on")[:1]),
        )
        .select_related("country")
        .order_by(F("agreed_on").asc(nulls_first=True), "sign", "pk")
    )
    rows = list(found[:most])
    for firm in rows:
        firm.last_sign = None if firm.sign <= NEVER else firm.sign
    return rows
