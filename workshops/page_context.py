"""What the templates of the catalogue, a programme and a session are given.

Functions take objects and model classes and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

import itertools
import zoneinfo
from dataclasses import dataclass
from types import SimpleNamespace

from django.core.cache import cache
from django.db.models import DateField, Value, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from network.languages import reading_order, unique
from network.permissions import is_member, managed_distributors, standing
from network.places import area_word
from network.working_days import local_day
from review.api import marks_on, questions_on
from workshops import handouts, when
from workshops.clashes import Clash, clashes_of
from workshops.eligibility import Eligibility, courses_done, eligibility
from workshops.permissions import can_manage_session, can_see_room, teaches
from workshops.responsible import managers_of
from workshops.seats import Seats, count_seats, scope_of
from workshops.titles import Title, titles_for

SESSIONS_A_PAGE = 20
OTHERS = 3  # other dates beside a session
# Kinds of things that marks and questions stand at.
PROGRAMME_FLAGGED_AS, SESSION_FLAGGED_AS = "programme", "session"
AHEAD = "workshops-ahead"
KEPT_S = 60


@dataclass(frozen=True)
class SessionLine:
    """A session in a list."""

    session: object
    title: Title
    seats: Seats
    mine: str = ""  # the state of the reader's place in it, if any

    days = property(lambda self: when.days_text(self.session))
    place = property(lambda self: when.place_text(self.session))
    languages = property(lambda self: when.languages_text(self.session))


def mine_in(user, keys: list[int]) -> dict:
    """Session → the state of the member's place in it. One query; none for a visitor."""
    if not is_member(user) or not keys:
        return {}
    own = user.enrolments.counting().filter(session__in=keys)
    return dict(own.values_list("session", "state"))


def _lines(sessions, titles, user) -> list[SessionLine]:
    """Sessions as lines, in their order. Queries: seats and quotas; a member's places."""
    sessions = list(sessions)
    seats, mine = count_seats(sessions), mine_in(user, [one.pk for one in sessions])
    return [
        SessionLine(one, titles[one.programme_id], seats[one.pk], mine.get(one.pk, ""))
        for one in sessions
    ]


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme in the catalogue: whether it is open to the reader, and its next date."""

    programme: object
    title: Title
    eligibility: Eligibility
    next: object = None  # a row of `upcoming`


_OWN = (
    *("pk", "number", "programme", "starts_at", "ends_at", "time_zone", "languages"),
    *("place_kind", "city", "country_id", "seats"),
)


def upcoming(session_model) -> list[SimpleNamespace]:
    """Light rows of all sessions ahead, in order. One query; to make objects of a thousand
    sessions took longer than to read them."""
    zones: dict[str, zoneinfo.ZoneInfo] = {}
    found = []
    rows = session_model.objects.upcoming().order_by("starts_at", "pk")
    for row in rows.values_list(*_OWN, "country__region__slug", "country__review_area__slug"):
        *own, region, area = row
        made = SimpleNamespace(**dict(zip(_OWN, own, strict=True)))
        made.region = region or (area_word(area) if area else "")
        zone = zones.setdefault(made.time_zone, zoneinfo.ZoneInfo(made.time_zone))
        made.first_day = made.starts_at.astimezone(zone).date()
        made.last_day = made.ends_at.astimezone(zone).date()
        found.append(made)
    return found


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
    if state.open or not is_member(user) or not standing(user).distributor_ids:
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
        "today": local_day(timezone.now(), user.time_zone),
    }


def open_now(user, found, *, nominated: bool = False) -> list[tuple]:
    """Where `found` is closed to a member: the next programmes that they may enrol for and have
    not done, each with its next date. Three queries a minute at most."""
    if not is_member(user) or not standing(user).distributor_ids:
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
        for row in upcoming(programme_model.sessions.rel.related_model):
            dates.setdefault(row.programme, row)
        found = programme_model.objects.in_catalogue().filter(pk__in=list(dates))
        found = found.select_related("distributor").prefetch_related("requires")
        kept = sorted(((one, dates[one.pk]) for one in found), key=lambda pair: pair[1].starts_at)
        cache.set(AHEAD, kept, KEPT_S)
    return kept


# --- one session -------------------------------------------------------------------------
def session(request, found, *, form=None) -> dict:
    """A session's page. Queries: seats and quotas, titles, other dates; for a member their
    standing, courses, place, position and offer."""
    user, programme = request.user, found.programme
    seats = count_seats([found])[found.pk]
    scope = scope_of(user, programme)
    own = _own_place(user, found)
    mine = own["mine"]
    is_out = mine is None or not mine.is_live
    elsewhere = open_now(user, programme) if is_out else []
    known = [programme, *programme.requires.all(), *(one for one, _row in elsewhere)]
    titles = titles_for(known, reading_order(user))
    names = {pk: title.title for pk, title in titles.items()}
    others = programme.sessions.upcoming().exclude(pk=found.pk).order_by("starts_at", "pk")
    nominated = mine is not None and mine.state == "nominated"
    state = eligibility(user, programme, nominated=nominated, titles=names)
    return {
        "session": found,
        "programme": programme,
        "title": titles[programme.pk],
        "required": [titles[one.pk] for one in programme.requires.all()],
        "seats": seats,
        "free": seats.free_for(scope),
        "kept": {"seats": seats.kept_from(scope), "until": seats.kept_until(scope)}
        if is_member(user) and seats.kept_from(scope)
        else None,
        **own,
        "eligibility": state,
        "clashes": _clashes(found, user),
        "teaches": teaches(user, found),
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


def _own_place(user, found) -> dict:
    """A member's newest place in a session, and what belongs to its state: the place in line, the
    offer, and whether a coordinator answers the request. Two queries at most."""
    place = dict.fromkeys(("mine", "position", "offer", "asks_coordinator"))
    if not is_member(user):
        return place
    mine = place["mine"] = user.enrolments.filter(session=found).order_by("-pk").first()
    if mine is None:
        return place
    if mine.state == "waiting":
        place["position"] = mine.place_in_line()
    elif mine.state == "offered":
        place["offer"] = mine.open_offer
    elif mine.state == "requested":
        place["asks_coordinator"] = not managers_of(mine.distributor, but=user)
    return place


def _clashes(found, user) -> list[Clash]:
    """The reader's seats elsewhere at its time, while it is ahead. A query for members, two where
    there are any."""
    if not is_member(user) or not found.is_upcoming:
        return []
    return clashes_of(found, [user.pk], reading_order(user)).get(user.pk, [])
