"""What the templates of the catalogue, a programme and a session are given.

Functions take objects and model classes and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

import datetime
import itertools
import zoneinfo
from dataclasses import dataclass
from types import SimpleNamespace

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import DateField, Value, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from network.languages import autonym, codes, reading_order, unique
from network.localize import date_text, weekday_names
from network.models import ProcessStep, Region
from network.permissions import is_member, managed_distributors, standing
from review.api import marks_on, questions_on
from workshops import handouts, when
from workshops.choices import Choices
from workshops.eligibility import Eligibility, courses_done, eligibility
from workshops.permissions import can_manage_session, can_see_room, can_view_programme
from workshops.seats import Seats, count_seats
from workshops.titles import Title, titles_for
from workshops.vocabulary import Audience, Level, PlaceKind

SESSIONS_A_PAGE = 20
MONTHS_AHEAD = 18
OTHERS = 3  # other dates beside a session
# Kinds of things that marks and questions stand at.
PROGRAMME_FLAGGED_AS, SESSION_FLAGGED_AS = "programme", "session"
HAS_CONTENT = "workshops-has-content"
AHEAD = "workshops-ahead"
_KEPT_S = 60


@dataclass(frozen=True)
class SessionLine:
    """A session in a list."""

    session: object
    title: Title
    seats: Seats
    mine: object = None  # the reader's enrolment, if any

    days = property(lambda self: when.days_text(self.session))
    place = property(lambda self: when.place_text(self.session))
    languages = property(lambda self: when.languages_text(self.session))


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme in the catalogue: whether it is open to the reader, and its next date."""

    programme: object
    title: Title
    eligibility: Eligibility
    next: object = None  # a row of `_upcoming`


def has_content(page_model) -> bool:
    """Whether any programme has a page. A query a minute at most."""
    kept = cache.get(HAS_CONTENT)
    if kept is None:
        kept = page_model.objects.filter(live=True).exists()
        cache.set(HAS_CONTENT, kept, _KEPT_S)
    return kept


# --- the catalogue -------------------------------------------------------------------
def catalogue(request, programme_model) -> dict:
    """Programmes and sessions that fit what is chosen, and a month. Queries: programmes, what
    they require, titles, upcoming sessions, their seats and quotas; for a
    member their standing, courses and places."""
    choices, user = Choices.of(request.GET), request.user
    order = reading_order(user)
    current = programme_model.objects.in_catalogue().prefetch_related("requires")
    # One by one, as the queryset says: it would ask for mandates where there is no version.
    everything = [
        one
        for one in current.select_related("distributor__country__review_area")
        if can_view_programme(user, one)
    ]
    titles = titles_for(everything, order)
    programmes = {one.pk: one for one in everything if choices.fits_programme(one)}
    session_model = programme_model.sessions.rel.related_model
    rows = [
        row
        for row in _upcoming(session_model)
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
    mine = _mine(user, [row.pk for row in page])
    lines = [
        SessionLine(row, titles[row.programme], seats[row.pk], mine.get(row.pk)) for row in page
    ]
    with_date = {row.programme for row in listed}
    names = {pk: title.title for pk, title in titles.items()}
    first = {}
    for row in listed:
        first.setdefault(row.programme, row)
    return {
        "choices": choices,
        "filters": _filters(choices),
        "lines": lines,
        "list_page": page,
        "calendar": _calendar(choices, month, _days(session_model, in_month), seats),
        "programmes": [
            ProgrammeLine(one, titles[pk], eligibility(user, one, titles=names), first.get(pk))
            for pk, one in sorted(programmes.items(), key=lambda item: titles[item[0]].title)
            if pk in with_date or not choices.about_sessions
        ],
        "here": request.path,
    }


_OWN = (
    *("pk", "number", "programme", "starts_at", "ends_at", "time_zone", "languages"),
    *("place_kind", "city", "country_id", "seats"),
)


def _upcoming(session_model) -> list[SimpleNamespace]:
    """Light rows of all sessions ahead, in order. One query; to make objects of a thousand
    sessions took longer than to read them."""
    zones: dict[str, zoneinfo.ZoneInfo] = {}
    found = []
    rows = session_model.objects.upcoming().order_by("starts_at", "pk")
    for row in rows.values_list(*_OWN, "country__region__slug", "country__review_area__slug"):
        *own, region, area = row
        made = SimpleNamespace(**dict(zip(_OWN, own, strict=True)))
        made.region = region or area or ""
        zone = zones.setdefault(made.time_zone, zoneinfo.ZoneInfo(made.time_zone))
        made.first_day = made.starts_at.astimezone(zone).date()
        made.last_day = made.ends_at.astimezone(zone).date()
        found.append(made)
    return found


def _mine(user, keys: list[int]) -> dict:
    """Session → the member's place in it. One query; none for a visitor."""
    if not is_member(user) or not keys:
        return {}
    own = user.enrolments.counting().filter(session__in=keys)
    return {enrolment.session_id: enrolment for enrolment in own}


def _lines(sessions, titles, user) -> list[SessionLine]:
    """Sessions as lines, in their order. Queries: seats and quotas; a member's places."""
    sessions = list(sessions)
    seats, mine = count_seats(sessions), _mine(user, [one.pk for one in sessions])
    return [
        SessionLine(one, titles[one.programme_id], seats[one.pk], mine.get(one.pk))
        for one in sessions
    ]


def _filters(choices: Choices) -> list[dict]:
    """What can be chosen, each with its values. A query a minute at most, for regions."""
    key = f"workshops-regions-{get_language()}"
    regions = cache.get(key)
    if regions is None:
        regions = [(region.slug, region.name) for region in Region.objects.all()]
        cache.set(key, regions, _KEPT_S)
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


# --- one programme ---------------------------------------------------------------------
def programme(request, page) -> dict:
    """A programme's page. Queries: the programme, what it requires, titles, sessions, seats and
    quotas; for a member their standing, courses and places."""
    found, user = page.programme, request.user
    prefetch_related_objects([found], "requires")
    required = list(found.requires.all())
    version = _version_of(found, user)
    kin = [one for one in (version, found.parent) if one is not None]
    elsewhere = open_now(user, found)
    kin += [one for one, _row in elsewhere]
    titles = titles_for([found, *required, *kin], reading_order(user))
    names = {pk: title.title for pk, title in titles.items()}
    sessions = found.sessions.upcoming().order_by("starts_at", "pk")
    state = eligibility(user, found, titles=names)
    return {
        "programme": found,
        "required": [titles[one.pk] for one in required],
        "version": titles[version.pk] if version else None,
        "parent": titles[found.parent_id] if found.parent_id else None,
        "eligibility": state,
        "wishes": wishes(user, found, state, elsewhere, titles),
        "lines": _lines(sessions[:SESSIONS_A_PAGE], titles, user),
        "member": is_member(user),
        **_beside(request, PROGRAMME_FLAGGED_AS, found.key, page.language),
    }


def _beside(request, kind: str, key: str, language: str) -> dict:
    """Marks and questions at a programme or a date. No query where there are none."""
    own = f"?in={language}"
    return {
        "whole_marks": marks_on(kind, key, unique([language, "en"]), request.user),
        "flag_url": reverse("flag_raise", args=[kind, key]) + own,
        "flags_url": reverse("flags_about", args=[kind, key]) + own,
        "asked": questions_on(kind, key, language, request.user),
    }


def _version_of(found, user):
    """The reader's distributor's version of a programme, once it is shown. One query for a member
    of a distributor."""
    firms = standing(user).distributor_ids if is_member(user) else ()
    if not firms or found.parent_id:
        return None
    return found.versions.in_catalogue().filter(distributor__in=firms).order_by("pk").first()


def wishes(user, programme, state: Eligibility, others: list, titles) -> dict | None:
    """What a member to whom the programme is closed wished for, and what is open to them now.

    None where it is open, and for visitors. One query for the wish and the request.
    """
    if state.open or not is_member(user) or not standing(user).memberships:
        return None
    asked = user.exception_requests.filter(programme=programme).exclude(state="withdrawn")
    wish = (
        user.eligibility_watches.open()
        .filter(programme=programme)
        .annotate(
            state=Value("watched"), reason=Value(""), until=Value(None, output_field=DateField())
        )
    )
    names = ("pk", "state", "asked_at", "reason", "until")
    rows = asked.order_by().values_list(*names)
    rows = rows.union(wish.order_by().values_list(*names), all=True)
    found = [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]
    requests = [row for row in found if row.state != "watched"]
    return {
        "watching": len(found) > len(requests),
        "asked": max(requests, key=lambda row: row.pk, default=None),
        "open_now": [
            ProgrammeLine(one, titles[one.pk], eligibility(user, one), row) for one, row in others
        ],
        "today": timezone.localdate(),
    }


def open_now(user, found, *, nominated: bool = False) -> list[tuple]:
    """Where `found` is closed to a member: the next programmes that they may enrol for and have
    not done, each with its next date. Three queries a minute at most."""
    if not is_member(user) or not standing(user).memberships:
        return []
    if eligibility(user, found, nominated=nominated).open:
        return []
    done = courses_done(user)
    chosen = (
        (one, row)
        for one, row in _ahead(type(found))
        if one.pk != found.pk and one.pk not in done and eligibility(user, one).open
    )
    return list(itertools.islice(chosen, OTHERS))


def _ahead(programme_model) -> list[tuple]:
    """Programmes of the catalogue that have dates ahead, each with its next one, in order."""
    kept = cache.get(AHEAD)
    if kept is None:
        dates: dict[int, object] = {}
        for row in _upcoming(programme_model.sessions.rel.related_model):
            dates.setdefault(row.programme, row)
        found = programme_model.objects.in_catalogue().filter(pk__in=list(dates))
        found = found.select_related("distributor").prefetch_related("requires")
        kept = sorted(((one, dates[one.pk]) for one in found), key=lambda pair: pair[1].starts_at)
        cache.set(AHEAD, kept, _KEPT_S)
    return kept


# --- one session -------------------------------------------------------------------------
def session(request, found, *, form=None) -> dict:
    """A session's page. Queries: seats and quotas, titles, other dates; for a member their
    standing, courses, place, position and offer."""
    user, programme = request.user, found.programme
    seats = count_seats([found])[found.pk]
    mine = position = offer = None
    nominated = False
    if is_member(user):
        own = user.enrolments.filter(session=found).order_by("-pk")
        mine = own.first()
        nominated = mine is not None and mine.state == "nominated"
        if mine is not None and mine.state == "waiting":
            line = type(mine).objects.in_line().filter(session=found)
            position = line.filter(pk__lte=mine.pk).count()
        if mine is not None and mine.state == "offered":
            offer = mine.open_offer
    is_out = mine is None or not mine.is_live
    elsewhere = open_now(user, programme) if is_out else []
    known = [programme, *programme.requires.all(), *(one for one, _row in elsewhere)]
    titles = titles_for(known, reading_order(user))
    names = {pk: title.title for pk, title in titles.items()}
    others = programme.sessions.upcoming().exclude(pk=found.pk).order_by("starts_at", "pk")
    state = eligibility(user, programme, nominated=nominated, titles=names)
    return {
        "session": found,
        "programme": programme,
        "title": titles[programme.pk],
        "required": [titles[one.pk] for one in programme.requires.all()],
        "seats": seats,
        "mine": mine,
        "position": position,
        "offer": offer,
        "eligibility": state,
        "wishes": wishes(user, programme, state, elsewhere, titles) if is_out else None,
        "days": when.days_text(found),
        "begins": when.begins_text(found),
        "hours": when.hours_text(found),
        "yours": when.yours_text(found, user),
        "place": when.place_text(found),
        "taught_in": when.languages_text(found),
        "all_days": [
            {"day": day.starts_at.astimezone(found.zone).date()} for day in found.days.all()
        ],
        "trainers": list(found.trainers.all()) if is_member(user) else [],
        "sees_room": bool(found.link) and can_see_room(user, found, mine),
        "manages_firm": bool(is_member(user) and managed_distributors(user)),
        "coordinates": is_member(user) and can_manage_session(user, found),
        "materials": handouts.for_participant(request, found, mine),
        "others": _lines(others[:OTHERS], titles, user),
        "form": form,
        "member": is_member(user),
        "now": timezone.now(),
        **_beside(request, SESSION_FLAGGED_AS, found.number, get_language() or "en"),
    }
