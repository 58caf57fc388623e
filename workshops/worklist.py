"""The coordinator's table of sessions: what each lacks, what needs a decision first, filters.

Query cost: the sessions, seats and quotas, lapsed offers, titles; trainers and
days of the page that is shown. None of them grows with the rows.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet, TextChoices, prefetch_related_objects
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from network.languages import reading_order
from network.localize import date_text
from network.places import area_word, rows_of
from network.working_days import BEFORE, BEHIND
from workshops import when
from workshops.models import PlaceKind, SeatOffer, Session, SessionState
from workshops.seats import Seats, count_seats
from workshops.titles import Title, titles_for

A_PAGE = 50
# So long before the day of go or no-go (or the first day) too few people are a matter.
EARLY = datetime.timedelta(days=14)
# So long before the first day trainers and room are to be found.
SOON = datetime.timedelta(days=90)
LAPSED_SINCE = datetime.timedelta(days=7)
AHEAD = "ahead"


class Lack(TextChoices):
    """What a session needs from its coordinator, the most pressing first."""

    DECIDE = "decide", pgettext_lazy("a session lacks", "Go or no-go")
    TRAINER = "trainer", pgettext_lazy("a session lacks", "No trainer")
    MINIMUM = "minimum", pgettext_lazy("a session lacks", "Below minimum")
    OFFER = "offer", pgettext_lazy("a session lacks", "Offer lapsed")
    ROOM = "room", pgettext_lazy("a session lacks", "Room missing")


@dataclass(frozen=True)
class Line:
    """A session of the table."""

    session: Session
    title: Title
    seats: Seats
    lacks: list[Lack]

    days = property(lambda self: when.days_text(self.session))
    place = property(lambda self: when.place_text(self.session))
    languages = property(lambda self: when.languages_text(self.session))

    @property
    def trainers(self) -> list[str]:
        return [person.display_name for person in self.session.trainers.all()]


@dataclass(frozen=True)
class Chosen:
    """What the coordinator filtered by, from the address; unknown values choose nothing."""

    state: str = AHEAD
    lack: str = ""
    programme: str = ""
    region: str = ""
    month: str = ""

    @classmethod
    def of(cls, query) -> "Chosen":
        """From request.GET."""
        given = {one.name: query.get(one.name, "") for one in fields(cls)}
        if given["state"] not in (*SessionState.values, "any"):
            given["state"] = AHEAD
        if given["lack"] not in (*Lack.values, "any"):
            given["lack"] = ""
        if when.month_from(given["month"]) is None:
            given["month"] = ""
        return cls(**given)

    @property
    def month_date(self) -> datetime.date | None:
        """The first of the month chosen."""
        return when.month_from(self.month)

    def fits_month(self, session: Session) -> bool:
        """Whether a day of the session lies in it, where it happens."""
        if not self.month:
            return True
        end = when.later(self.month_date, 1)
        return session.first_day < end and session.last_day >= self.month_date

    def query(self, **changes) -> str:
        """'?…' with some of it changed."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})


@dataclass
class Table:
    """What the page shows: `lines` in order, `counts` of what is lacking among all that fit."""

    lines: list[Line]
    chosen: Chosen
    page: Page | None = None
    counts: dict[str, int] = field(default_factory=dict)
    filters: list[dict] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many sessions need a decision."""
        return self.counts.get("any", 0)


def table(user, query, *, now: datetime.datetime | None = None) -> Table:
    """The sessions that this person coordinates and that fit; what needs a decision first."""
    now, chosen = now or timezone.now(), Chosen.of(query)
    mine = Session.objects.coordinated_by(user).select_related("programme", "country__region")
    rows = [row for row in _fitting(mine, chosen, now) if chosen.fits_month(row)]
    lines = _lines(rows, user, now)
    counts = {lack.value: sum(lack in line.lacks for line in lines) for lack in Lack}
    counts["any"] = sum(bool(line.lacks) for line in lines)
    if chosen.lack:
        lines = [line for line in lines if _has(line, chosen.lack)]
    lines.sort(key=_order)
    found = Table(lines, chosen, counts=counts)
    found.filters = _filters(mine, lines, chosen)
    return found


def page_of(found: Table, number) -> Table:
    """One page of it, with what only the shown lines need."""
    found.page = Paginator(found.lines, A_PAGE).get_page(number)
    found.lines = list(found.page)
    prefetch_related_objects([line.session for line in found.lines], "trainers", "days")
    return found


def lacks_of(
    session: Session, seats: Seats, now: datetime.datetime, *, has_trainer: bool, lapsed: bool
) -> list[Lack]:
    """What a session needs; nothing once it is over or cancelled."""
    if session.state not in ("planned", "open", "confirmed") or session.starts_at <= now:
        return []
    is_lab, today = session.place_kind == PlaceKind.LAB, now.astimezone(session.zone).date()
    decide = session.decide_on or session.first_day
    is_planned = session.state == SessionState.PLANNED
    is_soon = session.first_day - SOON <= today
    return [
        lack
        for lack, needed in (
            (
                Lack.DECIDE,
                session.state == SessionState.OPEN
                and session.decide_on is not None
                and session.decide_on <= today,
            ),
            (Lack.TRAINER, is_soon and not has_trainer and not is_lab),
            (
                Lack.MINIMUM,
                not is_planned and seats.taken < session.minimum and decide - EARLY <= today,
            ),
            (Lack.OFFER, lapsed and not seats.is_full and not is_planned),
            (
                Lack.ROOM,
                is_soon
                and (
                    (session.place_kind == PlaceKind.PERSON and not session.venue)
                    or (session.place_kind == PlaceKind.ONLINE and not session.link)
                ),
            ),
        )
        if needed
    ]


def lines_of(sessions: Iterable[Session], user, now=None) -> list[Line]:
    """Some sessions as lines, in their order; trainers and days loaded."""
    sessions = list(sessions)
    prefetch_related_objects(sessions, "trainers", "days")
    return _lines(_with_trainer(sessions), user, now or timezone.now())


def _with_trainer(sessions: list[Session]) -> list[Session]:
    for session in sessions:
        session.has_trainer = any(person.is_active for person in session.trainers.all())
    return sessions


def _fitting(mine: QuerySet, chosen: Chosen, now: datetime.datetime) -> QuerySet:
    # Who is gone teaches no more.
    through = Session.trainers.through.objects.filter(session=OuterRef("pk"), user__is_active=True)
    rows = mine.annotate(has_trainer=Exists(through))
    if chosen.state == AHEAD:
        rows = rows.filter(state__in=["planned", "open", "confirmed"], ends_at__gt=now)
    elif chosen.state != "any":
        rows = rows.filter(state=chosen.state)
    if chosen.programme:
        rows = rows.filter(programme__key=chosen.programme)
    if chosen.region:
        rows = rows.filter(rows_of(chosen.region, "country__"))
    if chosen.month:
        first, last = (
            datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
            for day in (chosen.month_date, when.later(chosen.month_date, 1))
        )
        rows = rows.filter(starts_at__lt=last + BEHIND, ends_at__gte=first - BEFORE)
    return rows.order_by("starts_at", "pk")


def _lines(rows: list[Session], user, now: datetime.datetime) -> list[Line]:
    seats = count_seats(rows, now)
    titles = titles_for({row.programme for row in rows}, reading_order(user))
    lapsed = set(
        SeatOffer.objects.filter(
            state="lapsed",
            settled_at__gt=now - LAPSED_SINCE,
            enrolment__session__in=[row.pk for row in rows],
        ).values_list("enrolment__session", flat=True)
        if rows
        else ()
    )
    return [
        Line(
            row,
            titles[row.programme_id],
            seats[row.pk],
            lacks_of(row, seats[row.pk], now, has_trainer=row.has_trainer, lapsed=row.pk in lapsed),
        )
        for row in rows
    ]


def _has(line: Line, lack: str) -> bool:
    return bool(line.lacks) if lack == "any" else lack in line.lacks


def _order(line: Line):
    """What needs a decision first, by the day that it is due; then by the first day."""
    session = line.session
    rank = min((list(Lack).index(lack) for lack in line.lacks), default=len(Lack))
    due = session.decide_on if Lack.DECIDE in line.lacks else session.first_day
    return (not line.lacks, rank > 0, due or session.first_day, session.pk)


def _filters(mine: QuerySet, lines: list[Line], chosen: Chosen) -> list[dict]:
    """What can be chosen. Two queries."""
    regions = {
        (region, name) if region else (area_word(area), area_name)
        for region, name, area, area_name in mine.filter(country__isnull=False)
        .order_by()
        .values_list(
            *("country__region__slug", "country__region__name"),
            *("country__review_area__slug", "country__review_area__name"),
        )
    }
    programmes = mine.order_by("programme__name").values_list("programme__key", "programme__name")
    states = [(AHEAD, _("All that are ahead")), *SessionState.choices, ("any", _("All"))]
    lacks = [("", _("Whatever they lack")), ("any", _("What needs a decision")), *Lack.choices]
    months = sorted({when.month_of(line.session.first_day) for line in lines})
    return [
        _filter("state", _("State"), states, chosen),
        _filter("lack", _("Lacking"), lacks, chosen),
        _filter("programme", _("Programme"), [("", _("All")), *programmes.distinct()], chosen),
        _filter("region", _("Region"), [("", _("All")), *sorted(regions, key=_by_name)], chosen),
        _filter(
            "month",
            _("Month"),
            [("", _("All")), *((f"{one:%Y-%m}", date_text(one, "month")) for one in months)],
            chosen,
        ),
    ]


def _by_name(pair) -> str:
    return str(pair[1]).casefold()


def _filter(name: str, label: str, values, chosen: Chosen) -> dict:
    return {"name": name, "label": label, "values": list(values), "chosen": getattr(chosen, name)}
