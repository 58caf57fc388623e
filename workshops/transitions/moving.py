"""A session is changed: its days, place, team, deadlines and fee; its seats and who they are kept
for."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from search.api import mark_changed
from touchpoints.api import tell
from workshops import when
from workshops.exceptions import SeatsRefused, TransitionRefused
from workshops.models import (
    LIVE,
    AttendanceMark,
    Enrolment,
    SeatOffer,
    SeatQuota,
    Session,
    SessionDay,
    SessionState,
)
from workshops.models.session import ENROLLABLE
from workshops.permissions import can_manage_session
from workshops.seats import Scope, count_seats
from workshops.transitions.core import SEATS_ADDED, changing, end_entry, promote, record
from workshops.transitions.sessions import (
    Days,
    check_days,
    check_seats,
    refuse_fewer,
    resize_session,
    set_free_trainers,
)

CHANGEABLE = (SessionState.PLANNED, *ENROLLABLE)
# What those enrolled are told of; each change of it raises `sequence`.
WHERE = ("place_kind", "country_id", "city", "venue", "link")
EDITABLE = (
    *WHERE,
    *("languages", "time_zone", "enrol_until", "cancel_until", "minimum", "decide_on"),
    *("fee_amount", "fee_currency", "fee_share"),
)
MOVED = gettext_noop("The session was moved.")
TERMS_CHANGED = gettext_noop("Fee, languages or the last moment to cancel changed.")
PROLONGED = gettext_noop("Enrolment was prolonged while a seat was free.")

# Region scope → (seats, until when they are kept).
Kept = Mapping[tuple[str, int], tuple[int, datetime.datetime]]


def edit_session(
    session: Session, *, by, days: Days | None = None, trainers: Iterable | None = None, **fields
) -> Session:
    """Change what is said of a session, and tell those enrolled of another time or place, fee,
    language or last moment to cancel.

    `fields` are those of EDITABLE. With new days the deadlines that are not
    given move along, at the same hour where the session happens. Kept seats end
    with enrolment at the latest, open offers with the beginning. Raises PermissionDenied;
    TransitionRefused for what cannot be, TrainerBusy for a trainer who teaches
    elsewhere then.
    """
    if unknown := set(fields) - set(EDITABLE):
        raise TypeError(f"no field of a session's form: {sorted(unknown)}")
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        _refuse_over(locked)
        now, was, terms = timezone.now(), _where_and_when(locked), _terms(locked)
        old_team = set(locked.trainers.values_list("pk", flat=True))
        old_zone, old_end = locked.zone, locked.enrol_until
        for name, value in fields.items():
            setattr(locked, name, value)
        is_moved = days is not None and _set_days(locked, check_days(days), fields, old_zone, now)
        _check(locked)
        if locked.enrol_until <= now < old_end:
            _refuse_unanswered(locked)
        locked.save()
        _keep_within_enrolment(locked)
        if is_moved or trainers is not None:
            set_free_trainers(locked, locked.trainers.all() if trainers is None else trainers)
        _tell(locked, was, terms, old_team, by=by, at=now)
        mark_changed(locked)
        promote(locked, why=PROLONGED, at=now)
        return locked


def move_session(
    session: Session,
    first_day: datetime.date,
    *,
    by,
    start: datetime.time | None = None,
    time_zone: str | None = None,
) -> Session:
    """All its days so that it begins on `first_day`, at the same hours of the wall clock.

    With `start` the first day begins then, and the others are that much
    earlier or later too. Raises as `edit_session` does.
    """
    fields = {"time_zone": time_zone} if time_zone else {}
    return edit_session(
        session, by=by, days=days_from(session, first_day, start, time_zone), **fields
    )


def days_from(
    session: Session,
    first_day: datetime.date,
    start: datetime.time | None = None,
    time_zone: str | None = None,
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """The session's days begun on another one: wall clocks stay, also where they change between.

    Raises TransitionRefused for an hour that the clocks jump over.
    """
    zone = when.zone_of(time_zone or session.time_zone)
    by = (first_day - session.first_day).days
    later = datetime.timedelta()
    if start is not None:
        old = session.starts_at.astimezone(session.zone).time()
        midnight = datetime.date.min
        later = datetime.datetime.combine(midnight, start) - datetime.datetime.combine(
            midnight, old
        )
    found = []
    for day in session.days.all():
        walls = [
            one.astimezone(session.zone).replace(tzinfo=None) + datetime.timedelta(days=by) + later
            for one in (day.starts_at, day.ends_at)
        ]
        try:
            found.append(tuple(when.moment_at(wall.date(), wall.time(), zone) for wall in walls))
        except when.NoSuchHour as gap:
            raise TransitionRefused(
                _("On that day the clocks there jump over this hour: %(moment)s.")
                % {"moment": str(gap)}
            ) from gap
    return found


def arrange_seats(session: Session, *, by, seats: int, kept: Kept) -> Session:
    """Say how many seats there are and how many are kept for which region scope, at once.

    Scopes that `kept` leaves out are kept nothing for any more. Whoever waits
    and can have a seat then is offered one. Raises PermissionDenied, or
    SeatsRefused for fewer than are held or kept, or a moment after enrolment
    closes.
    """
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        _refuse_over(locked)
        check_seats(seats)
        now = timezone.now()
        counted = count_seats([locked], now)[locked.pk]
        refuse_fewer(seats, counted)
        wanted = {scope: row for scope, row in kept.items() if row[0]}
        if any(until > locked.enrol_until for _seats, until in wanted.values()):
            raise SeatsRefused(_("Seats are kept until enrolment closes at the latest."))
        counted.total = seats
        counted.kept = {scope: row[0] for scope, row in wanted.items() if row[1] > now}
        if counted.unfilled > counted.open:
            raise SeatsRefused(_("So many seats are not free to be kept."))
        locked.seats = seats
        locked.save(update_fields=["seats"])
        keep_exactly(locked, wanted)
        mark_changed(locked)
        promote(locked, why=SEATS_ADDED, at=now, seats=counted)
        return locked


def add_seats(session: Session, more: int, *, by) -> Session:
    """So many seats more than there are when it is done. Raises as `resize_session` does."""
    with changing(session) as locked:
        _refuse_over(locked)
        return resize_session(locked, locked.seats + more, by=by)


def keep_exactly(session: Session, wanted: Kept) -> None:
    """Write the quotas; one that opened stays open unless it is said anew with another end."""
    present = {quota.scope: quota for quota in session.quotas.all()}
    for scope, quota in present.items():
        if scope not in wanted:
            quota.delete()
    for scope, (seats, until) in wanted.items():
        quota = present.get(scope) or SeatQuota(session=session, **_scope_fields(scope))
        if quota.held_until != until:
            quota.opened_at = None
        quota.seats, quota.held_until = seats, until
        quota.save()


def _scope_fields(scope: Scope) -> dict[str, int]:
    kind, pk = scope
    return {"region_id": pk} if kind == "region" else {"review_area_id": pk}


# --- parts ------------------------------------------------------------------------------
def _refuse_over(session: Session) -> None:
    if session.state not in CHANGEABLE:
        raise TransitionRefused(_("This session has been cancelled, or is over."))


def _where_and_when(session: Session) -> dict:
    """What those enrolled know of it: as it stands in a message's data."""
    return {
        "days": [
            [start.isoformat(), end.isoformat()]
            for start, end in session.days.order_by("starts_at").values_list("starts_at", "ends_at")
        ],
        "zone": session.time_zone,
        "place": [getattr(session, name) or "" for name in WHERE],
    }


def _terms(session: Session) -> dict:
    """What else those enrolled rely on, likewise: until when they may leave, what it costs, and in
    what it is taught."""
    priced, until = session.priced, session.cancel_until
    fee = None
    if priced.fee_amount:
        fee = [str(priced.fee_amount.normalize()), priced.fee_currency, priced.fee_share]
    return {
        "cancel_until": until.isoformat() if until else None,
        "fee": fee,
        "languages": sorted(session.languages),
    }


def _set_days(session: Session, days, fields: dict, old_zone, now: datetime.datetime) -> bool:
    """Write other days, and let the deadlines move along. Returns whether they are others."""
    old = list(session.days.order_by("starts_at").values_list("starts_at", "ends_at"))
    if list(days) == old:
        return False
    if session.starts_at <= now or AttendanceMark.objects.filter(day__session=session).exists():
        raise TransitionRefused(_("This session has begun."))
    if days[0][0] <= now:
        raise TransitionRefused(_("A session begins in the future."))
    by = (days[0][0].astimezone(session.zone).date() - old[0][0].astimezone(old_zone).date()).days
    for name in ("enrol_until", "cancel_until"):
        if name not in fields and getattr(session, name) is not None:
            late = when.moved(getattr(session, name), by, old_zone, session.zone)
            setattr(session, name, min(late, days[0][0]))
    if "decide_on" not in fields and session.decide_on is not None:
        session.decide_on += datetime.timedelta(days=by)
    session.starts_at, session.ends_at = days[0][0], days[-1][1]
    session.days.all().delete()
    SessionDay.objects.bulk_create(
        [SessionDay(session=session, starts_at=start, ends_at=end) for start, end in days]
    )
    return True


def _check(session: Session) -> None:
    """Raises TransitionRefused for what cannot be said of one session."""
    session.enrol_until = min(session.enrol_until, session.starts_at)
    if session.cancel_until is not None:
        session.cancel_until = min(session.cancel_until, session.starts_at)
    if not session.languages:
        raise TransitionRefused(_("Choose at least one language that it is taught in."))
    if session.decide_on is not None and session.decide_on > session.first_day:
        raise TransitionRefused(_("Whether it takes place is decided before it begins."))
    if session.minimum > session.seats:
        raise TransitionRefused(_("The minimum is more than there are seats."))
    if session.fee_amount is not None and not session.fee_currency:
        raise TransitionRefused(_("A fee has a currency."))


def _refuse_unanswered(session: Session) -> None:
    """Raises TransitionRefused where closing enrolment at once would take away an answer."""
    rows = Enrolment.objects.filter(session=session)
    if rows.filter(state__in=("requested", "nominated")).exists():
        raise TransitionRefused(
            _("People still have to answer. Let enrolment close after now, so that they can.")
        )


def _keep_within_enrolment(session: Session) -> None:
    """Kept seats never reach beyond the end of enrolment, nor offers beyond the beginning."""
    late = SeatOffer.objects.filter(
        enrolment__session=session, state="open", expires_at__gt=session.starts_at
    )
    late.update(expires_at=session.starts_at)
    quotas = session.quotas.filter(held_until__gt=session.enrol_until)
    quotas.update(held_until=session.enrol_until)


def _tell(
    session: Session, was: dict, terms: dict, old_team: set[int], *, by, at: datetime.datetime
) -> None:
    """Raise `sequence` where time or place is another; tell everybody of that and of other terms;
    tell who teaches."""
    team = set(session.trainers.values_list("pk", flat=True))
    is_moved = _where_and_when(session) != was
    other = [name for name, value in _terms(session).items() if value != terms[name]]
    if is_moved:
        session.sequence += 1
        session.save(update_fields=["sequence"])
    if is_moved or other:
        verb, reason = ("move_session", MOVED) if is_moved else ("change_terms", TERMS_CHANGED)
        people = []
        for enrolment in Enrolment.objects.filter(session=session, state__in=LIVE):
            people.append(enrolment.user_id)
            record(enrolment, enrolment.state, verb=verb, by=by, reason=reason, at=at)
        if session.state != SessionState.PLANNED:
            stays = people + sorted(team & old_team)
            told = {"was": was if is_moved else {}, "terms": other}
            tell("workshops.session_moved", session, people=stays, **told)
    if session.state == SessionState.PLANNED:
        return
    if named := sorted(team - old_team):
        tell("workshops.trainer_named", session, people=named)
    if released := sorted(old_team - team):
        end_entry(session)
        tell("workshops.trainer_released", session, people=released)
