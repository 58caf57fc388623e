"""A session is planned, opened, confirmed, resized, cancelled; seats are kept for regions."""

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.localize import list_text, number_text
from network.models import User
from search.api import mark_changed
from touchpoints.api import tell
from workshops.exceptions import SeatsRefused, TrainerBusy, TransitionRefused
from workshops.models import (
    LIVE,
    Enrolment,
    EnrolmentState,
    Programme,
    SeatQuota,
    Session,
    SessionDay,
    SessionState,
)
from workshops.permissions import can_manage_session, can_plan_session
from workshops.seats import Seats, count_seats
from workshops.transitions.core import (
    SEATS_ADDED,
    changing,
    need_reason,
    promote,
    record,
    teaching_alone,
)

MAX_SEATS = 1000

Days = Sequence[tuple[datetime.datetime, datetime.datetime]]  # (from, to), aware


def plan_session(
    programme: Programme,
    *,
    by,
    days: Days,
    seats: int,
    languages: Sequence[str],
    enrol_until: datetime.datetime | None = None,
    trainers: Iterable = (),
    once: uuid.UUID | None = None,
    **fields,
) -> Session:
    """Make a session that only its team sees yet.

    `fields` are those of `Session`; enrolment closes at the beginning unless
    said otherwise. `once` names this plan: a second call with it gives the
    session that the first one made. Raises PermissionDenied, TransitionRefused for days or
    seats that cannot be, TrainerBusy for a trainer who teaches elsewhere then.
    """
    if not can_plan_session(by, programme):
        raise PermissionDenied
    if once is not None and (found := _planned(by, once)) is not None:
        return found
    days = check_days(days)
    check_seats(seats)
    if programme.is_archived:
        raise TransitionRefused(_("This programme is no longer given."))
    fields.setdefault("place_kind", programme.place_kind)
    if "fee_amount" not in fields:
        fields |= fee_of(programme)
    fields["enrol_until"] = min(enrol_until or days[0][0], days[0][0])
    fields |= {"seats": seats, "languages": list(languages), "created_by": by, "once_key": once}
    with transaction.atomic():
        try:
            made = _make(programme, days, fields)
        except IntegrityError:
            if once is not None and (found := _planned(by, once)) is not None:
                return found  # the other click was faster
            raise
        set_free_trainers(made, trainers)
        made.materials.set(programme.materials.newest())
        mark_changed(made)
        return made


def _make(programme: Programme, days: Days, fields: dict) -> Session:
    """The rows of a session and its days, with the number that its key gives."""
    with transaction.atomic():
        made = Session.objects.create(
            number=f"new-{uuid.uuid4().hex[:8]}",  # until its key is known
            programme=programme,
            starts_at=days[0][0],
            ends_at=days[-1][1],
            **fields,
        )
        made.number = f"W-{made.pk:04}"
        made.save(update_fields=["number"])
        SessionDay.objects.bulk_create(
            [SessionDay(session=made, starts_at=start, ends_at=end) for start, end in days]
        )
        return made


def _planned(by, once: uuid.UUID) -> Session | None:
    return Session.objects.filter(created_by=by, once_key=once).first()


def fee_of(programme: Programme) -> dict:
    """A programme's fee as fields of a session (R30): the split stands only where a fee does."""
    if programme.fee_amount is None:
        return {}
    return {
        "fee_amount": programme.fee_amount,
        "fee_currency": programme.fee_currency,
        "fee_share": programme.fee_share,
    }


def set_trainers(session: Session, trainers: Iterable, *, by) -> None:
    """Name who teaches it. Raises PermissionDenied, or TrainerBusy."""
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        set_free_trainers(locked, trainers)


def open_session(session: Session, *, by) -> Session:
    """Let people come in. Raises PermissionDenied, or TransitionRefused unless it is planned and
    ahead."""
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        if locked.state != SessionState.PLANNED:
            raise TransitionRefused(_("Only a planned session can be opened."))
        if locked.programme.is_archived:
            raise TransitionRefused(_("This programme is no longer given."))
        if timezone.now() >= locked.enrol_until:
            raise TransitionRefused(_("Enrolment would close before it opens. Move its end first."))
        _set_state(locked, SessionState.OPEN)
        if trainers := [person.pk for person in locked.trainers.all()]:
            tell("workshops.trainer_named", locked, people=trainers)
        return locked


def confirm_session(session: Session, *, by) -> Session:
    """Go: it takes place, below its minimum too; those with a place and the trainers are told.

    Twice changes nothing. Raises PermissionDenied, or TransitionRefused unless it is open.
    """
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        if locked.state == SessionState.CONFIRMED:
            return locked
        if locked.state != SessionState.OPEN:
            raise TransitionRefused(_("Only an open session can be confirmed."))
        _set_state(locked, SessionState.CONFIRMED)
        places = Enrolment.objects.filter(session=locked, state__in=LIVE).order_by("pk")
        people = [*places.values_list("user", flat=True)]
        people += [person.pk for person in locked.trainers.all() if person.pk not in people]
        if people:
            tell("workshops.session_confirmed", locked, people=people)
        return locked


def resize_session(session: Session, seats: int, *, by) -> Session:
    """Give it another number of seats; more of them go to the line at once.

    Raises PermissionDenied, or SeatsRefused below what is held or kept.
    """
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        check_seats(seats)
        now = timezone.now()
        counted = count_seats([locked], now)[locked.pk]
        refuse_fewer(seats, counted)
        counted.total = seats
        if counted.unfilled > counted.open:
            raise SeatsRefused(_("More seats than that are kept for regions."))
        locked.seats = seats
        locked.save(update_fields=["seats"])
        promote(locked, why=SEATS_ADDED, at=now, seats=counted)
        return locked


def keep_seats(
    session: Session, scope: tuple[str, int], seats: int, *, until: datetime.datetime, by
) -> SeatQuota:
    """Keep seats for a region scope until a moment; 0 keeps none any more.

    Raises PermissionDenied, or SeatsRefused for more than are free, or a
    moment after enrolment closes.
    """
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        if until > locked.enrol_until:
            raise SeatsRefused(_("Seats are kept until enrolment closes at the latest."))
        now = timezone.now()
        counted = count_seats([locked], now)[locked.pk]
        unfilled = sum(
            max(0, kept - counted.held[other])
            for other, kept in counted.kept.items()
            if other != scope
        )
        if max(0, seats - counted.held[scope]) > counted.open - unfilled:
            raise SeatsRefused(_("So many seats are not free to be kept."))
        kind, pk = scope
        names = {"region_id": pk} if kind == "region" else {"review_area_id": pk}
        quota, _made = SeatQuota.objects.update_or_create(
            session=locked,
            **names,
            defaults={"seats": seats, "held_until": until, "opened_at": None},
        )
        promote(locked, why=SEATS_ADDED, at=now)
        return quota


def cancel_session(session: Session, *, by, reason: str) -> Session:
    """It does not take place: everybody who had or awaited a seat is told why.

    Raises PermissionDenied, or TransitionRefused without a reason, twice, or
    when it is over.
    """
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        if locked.state in (SessionState.CANCELLED, SessionState.DONE):
            raise TransitionRefused(_("This session has been cancelled, or is over."))
        return call_off(locked, by=by, reason=need_reason(reason))


def call_off(locked: Session, *, by, reason: str) -> Session:
    """Cancel a session that is held by `changing`, whoever asked for it."""
    now, people = timezone.now(), []
    for enrolment in Enrolment.objects.filter(session=locked, state__in=LIVE):
        people.append(enrolment.user_id)
        record(
            enrolment,
            EnrolmentState.CANCELLED,
            verb="cancel_session",
            by=by,
            reason=reason,
            at=now,
        )
    locked.sequence += 1
    _set_state(locked, SessionState.CANCELLED)
    people += locked.trainers.values_list("pk", flat=True)
    tell("workshops.session_cancelled", locked, reason=reason, people=people)
    return locked


# --- parts ------------------------------------------------------------------------------
def _set_state(session: Session, state: SessionState) -> Session:
    session.state = state
    session.save(update_fields=["state", "sequence"])
    mark_changed(session)
    return session


def check_days(days: Days) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """In order. Raises TransitionRefused for none, or days that end before they begin or
    overlap."""
    days = sorted(days)
    if not days:
        raise TransitionRefused(_("A session has at least one day."))
    if any(start >= end for start, end in days):
        raise TransitionRefused(_("A day ends after it begins."))
    if any(later[0] < earlier[1] for earlier, later in zip(days, days[1:], strict=False)):
        raise TransitionRefused(_("Two days of a session overlap."))
    return days


def check_seats(seats: int) -> None:
    if not 1 <= seats <= MAX_SEATS:
        raise SeatsRefused(
            _("A session has between 1 and %(most)s seats.") % {"most": number_text(MAX_SEATS)}
        )


def refuse_fewer(seats: int, counted: Seats) -> None:
    """Raises SeatsRefused for fewer seats than people hold."""
    if seats < counted.taken:
        raise SeatsRefused(
            ngettext(
                "%(taken)s person holds a seat: there cannot be fewer seats than that.",
                "%(taken)s people hold seats: there cannot be fewer seats than that.",
                counted.taken,
            )
            % {"taken": number_text(counted.taken)}
        )


def set_free_trainers(session: Session, trainers: Iterable) -> None:
    """Name who teaches it. Raises TrainerBusy for one who teaches elsewhere then, TransitionRefused
    for one who has a place in it."""
    people, busy = busy_trainers(session, trainers)
    if names := [person.display_name for person in people if person.pk in busy]:
        raise TrainerBusy(
            ngettext(
                "%(names)s teaches another session at that time.",
                "%(names)s teach other sessions at that time.",
                len(names),
            )
            % {"names": list_text(names)}
        )
    rows = Enrolment.objects.live().filter(session=session, user__in=people)
    rows = rows.exclude(user__in=session.trainers.all())  # those named anew
    if seated := [row.user.display_name for row in rows.select_related("user")]:
        raise TransitionRefused(
            ngettext(
                "%(names)s has a place in this session. It is given up first.",
                "%(names)s have places in this session. They are given up first.",
                len(seated),
            )
            % {"names": list_text(seated)}
        )
    session.trainers.set(people)


def busy_trainers(session: Session, trainers: Iterable) -> tuple[list[User], set[int]]:
    """(the trainers, keys of those who teach another session on its days).

    Not under the trainers' own rows: whoever closes an account holds that, and waits for sessions.
    """
    teaching_alone()
    wanted = [person.pk for person in trainers]
    people = list(User.objects.filter(pk__in=wanted).order_by("pk"))
    busy = set()
    for start, end in session.days.values_list("starts_at", "ends_at"):
        elsewhere = Session.objects.overlapping(start, end).exclude(pk=session.pk)
        busy |= set(
            Session.trainers.through.objects.filter(
                session__in=elsewhere.values("pk"), user__in=wanted
            ).values_list("user", flat=True)
        )
    return people, busy
