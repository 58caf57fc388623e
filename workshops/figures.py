"""Seats, fill, waiting, no-show, pass and evaluation: by region, programme and month.

A session counts in the month in which it begins, in the region scope of its
country, or online. Cancelled and planned ones do not count. Whatever is summed
here is a sum over the sessions of `sessions_counted`, which the page lists.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from network.permissions import holds, is_member, region_scope
from network.registry import Figure, Period, RoomMeasure, ScopeKey, register_measure
from network.working_days import BEFORE, BEHIND
from workshops.audience import answers_everywhere, campaigned_areas, coordinated
from workshops.models import (
    HOLDING,
    Enrolment,
    EvaluationBatch,
    EvaluationSheet,
    ProofState,
    QuestionKind,
    Session,
    SessionState,
)

COUNTED = (SessionState.OPEN, SessionState.CONFIRMED, SessionState.DONE)


@dataclass
class Counts:
    """Sums over sessions. `passed` of `to_pass`: those who attended a programme that gives a
    certificate, and have one. `shown` of `to_show`: proofs of practice that were accepted, of
    those asked for. `marks` over `marked` answers: the evaluation's scale."""

    sessions: int = 0
    seats: int = 0
    taken: int = 0
    waiting: int = 0
    attended: int = 0
    no_show: int = 0
    to_pass: int = 0
    passed: int = 0
    to_show: int = 0
    shown: int = 0
    marks: int = 0
    marked: int = 0

    def __iadd__(self, other: "Counts") -> "Counts":
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self

    @property
    def fill(self) -> float | None:
        """Per cent of the seats that are taken; None where there is no seat."""
        return 100 * self.taken / self.seats if self.seats else None

    @property
    def evaluation(self) -> float | None:
        """The mean of the scale from 1 to 5, over the answers that may be shown."""
        return self.marks / self.marked if self.marked else None


# --- whose figures --------------------------------------------------------------------
def sessions_for(user) -> QuerySet[Session]:
    """Those whose figures this person sees: a coordinator's programmes, a campaigner's area."""
    rows = Session.objects.filter(state__in=COUNTED)
    if not is_member(user):
        return rows.none()
    if holds(user, "executive", "editor", "administrator") or answers_everywhere(user):
        return rows
    mine = Q(country__review_area__in=campaigned_areas(user))
    return rows.filter(coordinated(user, "programme__") | mine)


def _near(rows: QuerySet[Session], period: Period) -> QuerySet[Session]:
    """Those that begin within it somewhere; `count` asks each for its own day."""
    since, until = (
        datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
        for day in (period.since, period.until)
    )
    return rows.filter(starts_at__gte=since - BEFORE, starts_at__lt=until + BEHIND)


# --- counting -------------------------------------------------------------------------
@dataclass(frozen=True)
class Counted:
    """A session with its own counts and the group keys that it falls under."""

    session: Session
    counts: Counts
    # The same by the region scope that its people come from, as they enrolled; no seats.
    people: dict[ScopeKey, Counts] = field(default_factory=dict)

    @property
    def scope(self) -> ScopeKey:
        """Region scope of its country; None online."""
        return region_scope(self.session.country) if self.session.country_id else None

    @property
    def month(self) -> datetime.date:
        """That of its first day, where it happens."""
        return self.session.first_day.replace(day=1)

    def key(self, by: str) -> str:
        """What the row is called in an address."""
        if by == "programme":
            return self.session.programme.key
        if by == "month":
            return f"{self.month:%Y-%m}"
        return word_of(self.scope) if self.scope else "online"

    def parts(self, by: str) -> dict[str, Counts]:
        """Key of a row → what the session adds to it."""
        if by == "people":
            return {word_of(scope): counts for scope, counts in self.people.items()}
        return {self.key(by): self.counts}


def word_of(scope: ScopeKey) -> str:
    """A region scope in an address; '' for people of no distributor."""
    return "-".join(map(str, scope)) if scope else ""


def count(rows: QuerySet[Session], period: Period) -> list[Counted]:
    """Each session whose first day, where it happens, lies in the period, with its counts, in
    order of time. Two queries, whatever the number."""
    rows = _near(rows, period)
    found = rows.select_related("programme__distributor", "country__region", "country__review_area")
    sessions = [
        one
        for one in found.order_by("starts_at", "pk")
        if period.since <= one.first_day < period.until
    ]
    found = {one.pk: Counts(sessions=1, seats=one.seats) for one in sessions}
    gives = {one.pk: one.programme.gives_certificate for one in sessions}
    by_people: dict[int, dict[ScopeKey, Counts]] = {one.pk: {} for one in sessions}
    people = Enrolment.objects.filter(session__in=rows.order_by().values("pk")).order_by()
    valid = Count("certificate", filter=Q(certificate__revoked_at__isnull=True))
    accepted = Count("proof", filter=Q(proof__state=ProofState.ACCEPTED))
    columns = ("session", "state", "region", "review_area")
    for pk, state, region, area, *numbers in (
        people.values(*columns)
        .annotate(number=Count("pk"), certified=valid, asked=Count("proof"), accepted=accepted)
        .values_list(*columns, "number", "certified", "asked", "accepted")
    ):
        if pk in found and (part := _part(state, gives[pk], *numbers)):
            found[pk] += part
            scope = ("region", region) if region else ("area", area) if area else None
            total = by_people[pk].setdefault(scope, Counts(sessions=1))
            total += part
    return [Counted(one, found[one.pk], by_people[one.pk]) for one in sessions]


def _part(state, gives, number, certified, asked, accepted) -> Counts | None:
    """What so many people in a state add; None for a state that does not count."""
    if state == "waiting":
        return Counts(waiting=number)
    if state not in HOLDING:
        return None
    part = Counts(taken=number)
    if state == "no_show":
        part.no_show = number
    elif state == "attended":
        part.attended, part.to_show, part.shown = number, asked, accepted
        if gives:
            part.to_pass, part.passed = number, certified
    return part


def grouped(counted: Iterable[Counted], by: str) -> dict[str, Counts]:
    """Group key → sums; `by` is 'region', 'people' (theirs), 'programme' or 'month'."""
    found: dict[str, Counts] = {}
    for one in counted:
        for key, part in one.parts(by).items():
            total = found.setdefault(key, Counts())
            total += part
    return found


def total(counted: Iterable[Counted]) -> Counts:
    """The sum of all."""
    found = Counts()
    for one in counted:
        found += one.counts
    return found


# --- evaluation -----------------------------------------------------------------------
def add_evaluation(
    groups: dict[str, Counts], whole: Counts, counted: list[Counted], user, period: Period, by: str
) -> None:
    """Marks of the answers that may be shown: whole batches of five and more, never divided.

    A batch of one session counts with it; a pooled one in the month of its
    release and, by region, where all its sessions took place in one. Campaigners
    have the sums of their area, and never the words. By the people's region there is none: what
    they said is not theirs by name. Three queries.
    """
    mine = {one.session.pk: one for one in counted}
    programmes = {one.session.programme_id: one.session.programme.key for one in counted}
    batches = [
        batch
        for batch in EvaluationBatch.objects.summed_for(user).filter(programme__in=programmes)
        if batch.session_id in mine
        or (batch.session_id is None and period.since <= batch.released_on < period.until)
    ]
    if not batches:
        return
    marks = _marks(batches)
    for batch in batches:
        one = mine.get(batch.session_id)
        key = one.key(by) if one else _key_of_batch(batch, by, programmes)
        number, sum_of = marks.get(batch.pk, (0, 0))
        extra = Counts(marks=sum_of, marked=number)
        whole += extra
        if key in groups and by != "people":
            groups[key] += extra


def _key_of_batch(batch: EvaluationBatch, by: str, programmes: dict[int, str]) -> str:
    if by == "programme":
        return programmes[batch.programme_id]
    if by == "month":
        return f"{batch.released_on:%Y-%m}"
    if batch.region_id:
        return f"region-{batch.region_id}"
    return f"area-{batch.review_area_id}" if batch.review_area_id else ""


def _marks(batches: list[EvaluationBatch]) -> dict[int, tuple[int, int]]:
    """Batch → (how many marks, their sum): the scale questions of its sheets. Two queries."""
    sheets = list(
        EvaluationSheet.objects.filter(batch__in=batches).values_list("batch", "form", "answers")
    )
    form_model = EvaluationSheet._meta.get_field("form").related_model
    scales: dict[int, set[str]] = {}
    for form, key in form_model.objects.filter(
        pk__in={form for _batch, form, _answers in sheets}, questions__kind=QuestionKind.SCALE
    ).values_list("pk", "questions__key"):
        scales.setdefault(form, set()).add(str(key))
    found: dict[int, tuple[int, int]] = {}
    for batch, form, answers in sheets:
        given = [
            value
            for key, value in answers.items()
            if key in scales.get(form, ()) and isinstance(value, int)
        ]
        number, sum_of = found.get(batch, (0, 0))
        found[batch] = (number + len(given), sum_of + sum(given))
    return found


# --- what /measures/ shows of the workshops ---------------------------------------------
def _measured(period: Period, areas: list | None) -> Mapping[ScopeKey, Counts]:
    """Region scope → sums, and None → all of them. Two queries."""
    rows = Session.objects.filter(state__in=COUNTED)
    if areas is not None:
        rows = rows.filter(country__review_area__in=areas)
    counted = count(rows, period)
    found: dict[ScopeKey, Counts] = {None: total(counted)}
    for one in counted:
        if one.scope is not None:
            found.setdefault(one.scope, Counts())
            found[one.scope] += one.counts
    return found


def seats_measured(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Seats offered, over so many sessions."""
    rows = _measured(period, areas).items()
    return {scope: Figure(counts.seats) for scope, counts in rows}


def fill_measured(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """Per cent of the seats that are taken, over so many seats."""
    rows = _measured(period, areas).items()
    return {
        scope: Figure(None if counts.fill is None else _rounded(counts.fill), of=counts.seats)
        for scope, counts in rows
    }


def _rounded(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.1"))


def register() -> None:
    """Called once, when the room starts."""
    register_measure(
        RoomMeasure(
            "workshops.seats",
            gettext_lazy("Workshop seats"),
            "",
            seats_measured,
            hint=gettext_lazy("Seats of the dates that begin in the period, in their country."),
            url=lambda: reverse("workshop_figures"),
            order=60,
        )
    )
    register_measure(
        RoomMeasure(
            "workshops.fill",
            gettext_lazy("Workshop seats taken"),
            "%",
            fill_measured,
            hint=gettext_lazy("People with a seat or an offer of one, of all seats."),
            url=lambda: reverse("workshop_figures"),
            order=61,
        )
    )
