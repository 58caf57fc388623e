"""What the catalogue's template is given: programmes, dates and a month; kept where nobody chose.

Functions take objects and model classes and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

import datetime
import hashlib
import uuid
import zoneinfo
from dataclasses import dataclass
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from network.languages import autonym, codes, reading_order
from network.localize import date_text, weekday_names
from network.models import ProcessStep, Region
from network.permissions import is_member
from workshops import when
from workshops.choices import Choices
from workshops.eligibility import eligibility
from workshops.page_context import (
    KEPT_S,
    SESSIONS_A_PAGE,
    ProgrammeLine,
    SessionLine,
    mine_in,
    upcoming,
)
from workshops.permissions import can_view_programme
from workshops.seats import Seats, count_seats
from workshops.titles import Title, titles_for
from workshops.vocabulary import Audience, Level, PlaceKind

MONTHS_AHEAD = 18
HAS_CONTENT = "workshops-has-content"
CATALOGUE_VERSION, CATALOGUE_KEPT_S = "workshops-catalogue-version", 20


def has_content(page_model) -> bool:
    """Whether any programme has a page. A query a minute at most."""
    kept = cache.get(HAS_CONTENT)
    if kept is None:
        kept = page_model.objects.filter(live=True).exists()
        cache.set(HAS_CONTENT, kept, KEPT_S)
    return kept


@dataclass(frozen=True)
class Kept:
    """The catalogue as nobody in particular reads it, where nothing was chosen: parts of the page,
    the dates listed, and the next date of each programme."""

    dates: str
    programmes: str  # a visitor's
    facets: str
    listed: tuple[int, ...]
    next: dict[int, SimpleNamespace]


def catalogue(request, programme_model) -> dict:
    """Programmes and sessions that fit what is chosen, and a month.

    What everybody reads where nothing is chosen is kept for CATALOGUE_KEPT_S, or
    until a date, a place or a programme changes (`forget_catalogue`). Else the
    queries: programmes, what they require, titles, upcoming sessions, their
    seats and quotas; for a member their standing, courses and places.
    """
    choices, member = Choices.of(request.GET), is_member(request.user)
    order = reading_order(request.user)
    if choices.any or choices.month:
        return _catalogue(request, programme_model, choices, order)
    kept = _kept(request, programme_model, choices, order)
    if not member:
        return {"kept": kept, "member": False, "here": request.path}
    everything, titles = _programmes(programme_model, request.user, order)
    if any(one.distributor_id for one in everything) or mine_in(request.user, kept.listed):
        return _catalogue(request, programme_model, choices, order, (everything, titles))
    return {
        "kept": kept,
        "member": True,
        "programmes": _programme_lines(request.user, everything, titles, kept.next),
        "here": request.path,
    }


def _kept(request, programme_model, choices: Choices, order: list[str]) -> Kept:
    """See `Kept`; made anew for a visitor's eyes."""
    place = [
        *(cache.get(CATALOGUE_VERSION, 0), get_language(), *order, request.path),
        *(timezone.localdate().isoformat(), request.GET.get("page", "")[:4]),
    ]
    key = "workshops-catalogue-" + hashlib.sha256(repr(place).encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        nobody = SimpleNamespace(user=AnonymousUser(), GET=request.GET, path=request.path)
        context = _catalogue(nobody, programme_model, choices, order) | {"user": nobody.user}
        parts = {
            name: render_to_string(f"workshops/parts/catalogue_{name}.html", context)
            for name in ("dates", "programmes", "facets")
        }
        kept = Kept(
            listed=tuple(line.session.pk for line in context["lines"]),
            next={row.programme.pk: row.next for row in context["programmes"] if row.next},
            **parts,
        )
        cache.set(key, kept, CATALOGUE_KEPT_S)
    return kept


def forget_catalogue() -> None:
    """A date, a place in one, or a programme changed."""
    cache.set(CATALOGUE_VERSION, uuid.uuid4().hex, None)


def _programmes(programme_model, user, order: list[str]) -> tuple[list, dict[int, Title]]:
    """The programmes that this person sees, and what they are called. Three queries."""
    current = programme_model.objects.in_catalogue().prefetch_related("requires")
    # One by one, as the queryset says: it would ask for mandates where there is no version.
    everything = [
        one
        for one in current.select_related("distributor__country__review_area")
        if can_view_programme(user, one)
    ]
    return everything, titles_for(everything, order)


def _programme_lines(user, programmes, titles, first) -> list[ProgrammeLine]:
    """By title, each with whether it is open to the person and its next date."""
    names = {pk: title.title for pk, title in titles.items()}
    return [
        ProgrammeLine(one, titles[one.pk], eligibility(user, one, titles=names), first.get(one.pk))
        for one in sorted(programmes, key=lambda one: titles[one.pk].title)
    ]


def _catalogue(
    request, programme_model, choices: Choices, order: list[str], loaded: tuple | None = None
) -> dict:
    """All of it, from the database; `loaded` is what `_programmes` gave."""
    user = request.user
    everything, titles = loaded or _programmes(programme_model, user, order)
    programmes = {one.pk: one for one in everything if choices.fits_programme(one)}
    session_model = programme_model.sessions.rel.related_model
    rows = [
        row
        for row in upcoming(session_model)
        if row.programme in programmes and choices.fits_session(row)
    ]
    listed = [row for row in rows if choices.fits_days(row)]
    month = choices.month_date or (
        when.month_of(listed[0].first_day) if listed else when.month_of(timezone.localdate())
    )
    in_month = [
        row for row in rows if row.first_day < when.later(month, 1) and row.last_day >= month
    ]
    page = Paginator(listed, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    seats = count_seats({row.pk: row for row in [*in_month, *page]}.values(), model=session_model)
    mine = mine_in(user, [row.pk for row in page])
    lines = [
        SessionLine(row, titles[row.programme], seats[row.pk], mine.get(row.pk)) for row in page
    ]
    with_date = {row.programme for row in listed}
    first = {}
    for row in listed:
        first.setdefault(row.programme, row)
    return {
        "choices": choices,
        "filters": _filters(choices),
        "lines": lines,
        "list_page": page,
        "calendar": _calendar(choices, month, _days(session_model, in_month), seats),
        "programmes": _programme_lines(
            user,
            [
                one
                for pk, one in programmes.items()
                if pk in with_date or not choices.about_sessions
            ],
            titles,
            first,
        ),
        "member": is_member(user),
        "here": request.path,
    }


def _filters(choices: Choices) -> list[dict]:
    """What can be chosen, each with its values. A query a minute at most, for regions."""
    key = f"workshops-regions-{get_language()}"
    regions = cache.get(key)
    if regions is None:
        regions = [(region.slug, region.name) for region in Region.objects.all()]
        cache.set(key, regions, KEPT_S)
    month = when.month_of(timezone.localdate())
    months = [when.later(month, number) for number in range(MONTHS_AHEAD)]
    kinds = {
        "audience": Audience.choices,
        "level": Level.choices,
        "step": ProcessStep.choices,
        "language": [(code, autonym(code)) for code in codes()],
        "region": regions,
        "place": PlaceKind.choices,
        "month": [(f"{one:%Y-%m}", date_text(one, "month")) for one in months],
    }
    return [
        {"name": name, "values": values, "chosen": getattr(choices, name)}
        for name, values in kinds.items()
    ]


def _days(session_model, rows) -> list[tuple[datetime.date, int]]:
    """(day, session) for the days of these sessions, where they happen.

    One query, and none where no session lasts longer than a day.
    """
    found = [(row.first_day, row.pk) for row in rows if row.first_day == row.last_day]
    longer = {row.pk: zoneinfo.ZoneInfo(row.time_zone) for row in rows}
    longer = {pk: zone for pk, zone in longer.items() if pk not in {one for _day, one in found}}
    if longer:
        days = session_model.days.rel.related_model.objects.filter(session__in=list(longer))
        for pk, starts_at in days.values_list("session", "starts_at"):
            found.append((starts_at.astimezone(longer[pk]).date(), pk))
    return found


def _calendar(choices: Choices, month: datetime.date, days, seats: dict[int, Seats]) -> dict:
    """A month with its days marked: seats free, or all full."""
    states: dict[datetime.date, str] = {}
    for day, pk in days:
        if states.get(day) != "free":
            states[day] = "full" if seats[pk].is_full else "free"
    names = weekday_names("wide")
    short = dict(weekday_names("short"))
    return {
        "month": month,
        "weekdays": [{"name": name, "short": short[number]} for number, name in names],
        "weeks": [
            [
                {"day": day, "query": choices.query(day=f"{day.date:%Y-%m-%d}", month="")}
                for day in week
            ]
            for week in when.weeks(month, names[0][0], states, choices.day_date)
        ],
        "before": choices.query(month=f"{when.later(month, -1):%Y-%m}", day=""),
        "after": choices.query(month=f"{when.later(month, 1):%Y-%m}", day=""),
    }
