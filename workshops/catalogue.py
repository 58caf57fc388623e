"""What the catalogue's template is given: programmes, dates and a month; kept where nobody chose.

Functions take objects and model classes and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

import datetime
import hashlib
import uuid
import zoneinfo
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from network.languages import autonym, codes, reading_order
from network.localize import date_text, weekday_names
from network.models import ProcessStep
from network.permissions import is_member
from network.places import places
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
from workshops.templatetags.workshop_figures import enrolment_chip, seats_svg
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


class _All(tuple):
    """What a course requires, read as from a relation."""

    def all(self) -> "_All":
        return self


@dataclass(frozen=True)
class Course:
    """Of a programme what is asked for each reader: who sees it, and to whom it is open."""

    pk: int
    is_archived: bool
    distributor: object
    min_years: int | None
    entry: str
    requires: _All

    distributor_id = property(lambda self: self.distributor and self.distributor.pk)

    @classmethod
    def of(cls, programme) -> "Course":
        """No query where distributor and requirements were loaded with it."""
        required = (SimpleNamespace(pk=one.pk, name=one.name) for one in programme.requires.all())
        own = (programme.pk, programme.is_archived, programme.distributor)
        return cls(*own, programme.min_years, programme.entry, _All(required))


@dataclass(frozen=True)
class KeptLine:
    """A date as it was rendered for nobody: what is before one's own mark, before the meter, and
    after it."""

    session: int
    seats: Seats
    around: tuple[str, str, str]

    @property
    def html(self) -> str:
        before, between, after = self.around
        return SafeString("".join((before, between, seats_svg(self.seats), after)))

    def with_place(self, state: str) -> str:
        """For whoever has a place in it."""
        before, between, after = self.around
        chip = format_html("<p>{}</p>", enrolment_chip(state))
        return "".join((before, chip, between, seats_svg(self.seats, state), after))


@dataclass(frozen=True)
class Kept:
    """The catalogue as nobody in particular reads it, where nothing was chosen.

    Parts of the page, and what a member's own is made of: the dates listed, and
    each course with its words and the words of its next date.
    """

    dates: str
    programmes: str  # a visitor's
    facets: str
    lines: tuple[KeptLine, ...]
    courses: tuple[tuple[Course, str, str], ...]
    names: dict[int, str]
    marks: dict[tuple[bool, bool], str]  # by whether open, and open by nomination only


def catalogue(request, programme_model) -> dict:
    """Programmes and sessions that fit what is chosen, and a month.

    What everybody reads where nothing is chosen is kept for CATALOGUE_KEPT_S, or
    until a date, a place or a programme changes (`forget_catalogue`); whoever sees
    the same distributors' versions shares it. A member adds what is theirs: a
    query for standing, courses and places each. Else the queries: programmes,
    what they require, titles, upcoming sessions, their seats and quotas.
    """
    choices, user = Choices.of(request.GET), request.user
    order = reading_order(user)
    if choices.any or choices.month:
        return _catalogue(request, programme_model, choices, order)
    seen = tuple(one.pk for one in _versions(programme_model) if can_view_programme(user, one))
    kept = _kept(request, programme_model, order, seen)
    context = {"kept": kept, "dates": kept.dates, "member": is_member(user), "here": request.path}
    if not is_member(user):
        return context
    mine = mine_in(user, [line.session for line in kept.lines])
    for line in kept.lines:
        if own := mine.get(line.session):
            marked = context["dates"].replace(line.html, line.with_place(own))
            context["dates"] = SafeString(marked)
    context["programmes"] = [_own(user, kept, *course) for course in kept.courses]
    return context


def _own(user, kept: Kept, course: Course, words: str, soon: str) -> SimpleNamespace:
    """A programme in a member's list: what is kept of it, and whether it is open to them."""
    found = eligibility(user, course, titles=kept.names)
    mark = kept.marks[found.open, found.nominated_only]
    return SimpleNamespace(mark=mark, words=words, lacks=found.sentence, soon=soon)


def kept_for_all(name: tuple, make):
    """What all readers of a page of this room share, kept like the catalogue (`Kept`)."""
    place = repr((cache.get(CATALOGUE_VERSION, 0), name))
    key = "workshops-shared-" + hashlib.sha256(place.encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        kept = make()
        cache.set(key, kept, CATALOGUE_KEPT_S)
    return kept


def _versions(programme_model) -> tuple[Course, ...]:
    """Distributors' own versions in the catalogue. Kept like the catalogue; else two queries."""
    key = f"workshops-versions-{cache.get(CATALOGUE_VERSION, 0)}"
    kept = cache.get(key)
    if kept is None:
        found = programme_model.objects.in_catalogue().filter(distributor__isnull=False)
        found = found.select_related("distributor__country__review_area")
        kept = tuple(Course.of(one) for one in found.prefetch_related("requires"))
        cache.set(key, kept, CATALOGUE_KEPT_S)
    return kept


def _kept(request, programme_model, order: list[str], versions: tuple[int, ...]) -> Kept:
    """See `Kept`; made anew for a visitor's eyes, with these distributors' versions."""
    place = [
        *(cache.get(CATALOGUE_VERSION, 0), get_language(), *order, request.path, versions),
        *(timezone.localdate().isoformat(), request.GET.get("page", "")[:4]),
    ]
    key = "workshops-catalogue-" + hashlib.sha256(repr(place).encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        kept = _made(request, programme_model, order, versions)
        cache.set(key, kept, CATALOGUE_KEPT_S)
    return kept


def _made(request, programme_model, order: list[str], versions: tuple[int, ...]) -> Kept:
    nobody = SimpleNamespace(user=AnonymousUser(), GET=request.GET, path=request.path)
    loaded = _programmes(
        programme_model, lambda one: one.distributor_id is None or one.pk in versions, order
    )
    context = _catalogue(nobody, programme_model, Choices(), order, loaded)
    context |= {"user": nobody.user}
    context["lines"] = [_rendered(line) for line in context["lines"]]
    return Kept(
        dates=_part("catalogue_dates", context),
        programmes=_part("catalogue_programmes", context),
        facets=_part("catalogue_facets", context),
        lines=tuple(context["lines"]),
        courses=tuple(
            (
                Course.of(row.programme),
                _part("catalogue_programme", {"row": row}),
                _part("catalogue_next", {"row": row}),
            )
            for row in context["programmes"]
        ),
        names={pk: title.title for pk, title in loaded[1].items()},
        marks={mark: _mark(*mark) for mark in ((True, False), (False, True), (False, False))},
    )


def _mark(is_open: bool, nominated_only: bool) -> str:
    found = SimpleNamespace(open=is_open, nominated_only=nominated_only)
    return _part("programme_mark", {"eligibility": found})


# Where a line is cut; no text holds these.
_CHIP, _METER = "\x1c", "\x1d"


def _rendered(line: SessionLine) -> KeptLine:
    slots = {"chip": _CHIP, "meter": _METER}
    before, rest = _part("session_line", {"line": line, "slots": slots}).split(_CHIP)
    return KeptLine(line.session.pk, line.seats, (before, *rest.split(_METER)))


def _part(name: str, context: dict) -> str:
    return render_to_string(f"workshops/parts/{name}.html", context)


def forget_catalogue() -> None:
    """A date, a place in one, or a programme changed."""
    cache.set(CATALOGUE_VERSION, uuid.uuid4().hex, None)


def _programmes(programme_model, is_seen, order: list[str]) -> tuple[list, dict[int, Title]]:
    """The programmes that are seen, and what they are called. Three queries."""
    current = programme_model.objects.in_catalogue().prefetch_related("requires")
    current = current.select_related("distributor__country__review_area")
    everything = [one for one in current if is_seen(one)]
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
    # One by one, as the queryset says: it would ask for mandates where there is no version.
    everything, titles = loaded or _programmes(
        programme_model, partial(can_view_programme, user), order
    )
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
        SessionLine(row, titles[row.programme], seats[row.pk], mine.get(row.pk, "")) for row in page
    ]
    with_date = {row.programme for row in listed}
    labs = _labs_in(choices.language, programmes.values())
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
                if pk in with_date or choices.fits_without_date(one, labs)
            ],
            titles,
            first,
        ),
        "member": is_member(user),
        "here": request.path,
    }


def _labs_in(language: str, programmes) -> set[int]:
    """Online labs that one can read in a language: they have no dates. One query, and none where
    no language was chosen, or there is no lab."""
    labs = [one for one in programmes if one.place_kind == PlaceKind.LAB] if language else []
    if not labs:
        return set()
    pages = type(labs[0]).pages.rel.related_model.objects
    found = pages.filter(programme__in=labs, live=True, locale__language_code=language)
    return set(found.values_list("programme", flat=True))


def _filters(choices: Choices) -> list[dict]:
    """What can be chosen, each with its values. Three queries a minute at most, for regions."""
    key = f"workshops-regions-{get_language()}"
    regions = cache.get(key)
    if regions is None:
        regions = [(place.word, place.name) for place in places()]
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
