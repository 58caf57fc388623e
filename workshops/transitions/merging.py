"""Two sessions of a programme become one: everybody keeps what they have, in one line."""

import contextlib
import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from network.localize import list_text, number_text
from search.api import mark_changed
from touchpoints.api import tell
from workshops.exceptions import SeatsRefused, TransitionRefused
from workshops.models import (
    HOLDING,
    LIVE,
    Enrolment,
    EnrolmentState,
    SeatOffer,
    SeatQuota,
    Session,
    SessionState,
)
from workshops.models.session import ENROLLABLE
from workshops.permissions import can_manage_session
from workshops.seats import count_seats
from workshops.transitions.core import SEAT_FREE, changing, language_for, promote, record
from workshops.transitions.moving import CHANGEABLE, keep_exactly

MERGED = gettext_noop("The session was merged with another one of the programme.")
TWICE = gettext_noop("The person has a place in the session that it was merged with.")
YOURS_TWICE = gettext_noop("It was merged with another session, in which you have a place.")
KEPT_SEATS = gettext_noop("Passed over: people of a merged session keep the seats they had.")
# After a merger there is time to say no, whatever the last moment to cancel was.
TIME_TO_LEAVE = datetime.timedelta(hours=48)
# The better of two places of one person, best first.
_BETTER = ("enrolled", "offered", "waiting", "requested", "nominated")


def merge_sessions(session: Session, into: Session, *, by) -> Session:
    """Everybody with a place in `session` has it in `into`; `session` is cancelled.

    Who has a seat keeps one, so both together must fit. The two lines become
    one in the order in which people asked, for its order is that of the rows.
    Seats kept for regions add up, as far as seats are free; nobody is asked for
    approval again. Raises PermissionDenied; SeatsRefused with the count where
    they do not fit; TransitionRefused for sessions that cannot be merged.
    """
    if session.pk == into.pk:
        raise TransitionRefused(_("Choose another session to merge it with."))
    with contextlib.ExitStack() as stack:
        # In one order everywhere: two merges the other way round do not wait for each other.
        held = {
            one.pk: stack.enter_context(changing(one))
            for one in sorted((session, into), key=lambda one: one.pk)
        }
        source, target = held[session.pk], held[into.pk]
        if not (can_manage_session(by, source) and can_manage_session(by, target)):
            raise PermissionDenied
        now = timezone.now()
        _refuse_unmergeable(source, target, now)
        _end_doubles(source, target, by=by, at=now)
        _refuse_overfull(source, target)
        kept = _both_kept(source, target, now)
        moved = _move_people(source, target, by=by, at=now)
        _keep(target, kept, now)
        _time_to_leave(target, now)
        _close(source, target)
        tell("workshops.session_merged", target, people=moved, was=source.pk)
        if team := sorted(source.trainers.values_list("pk", flat=True)):
            tell("workshops.trainer_released", source, people=team)
        mark_changed(target)
        promote(target, why=SEAT_FREE, at=now)
        return target


def can_merge(source: Session, target: Session, now: datetime.datetime) -> bool:
    """Whether the two may be merged, but for their seats."""
    return (
        source.programme_id == target.programme_id
        and source.state in CHANGEABLE
        and target.state in ENROLLABLE
        and min(source.starts_at, target.starts_at) > now
    )


def _refuse_unmergeable(source: Session, target: Session, now: datetime.datetime) -> None:
    if source.programme_id != target.programme_id:
        raise TransitionRefused(_("Only sessions of the same programme can be merged."))
    if not can_merge(source, target, now):
        raise TransitionRefused(_("Only sessions that are ahead and not cancelled can be merged."))
    teaching = _live(source).filter(user__in=target.trainers.all())
    if names := [row.user.display_name for row in teaching]:
        raise TransitionRefused(
            ngettext(
                "%(names)s has a place in this session, and teaches the other one.",
                "%(names)s have places in this session, and teach the other one.",
                len(names),
            )
            % {"names": list_text(names)}
        )
    answers = Enrolment.objects.filter(session=source).exclude(state=EnrolmentState.ENROLLED)
    if target.enrol_until <= now and answers.filter(state__in=LIVE).exists():
        raise TransitionRefused(
            _(
                "Enrolment for %(number)s has closed, and people of this session still wait. "
                "Let it close later first."
            )
            % {"number": target.number}
        )


def _end_doubles(source: Session, target: Session, *, by, at: datetime.datetime) -> None:
    """Who has a place in both keeps the better one: the other ends, in the log. Who came along
    is told so; whose place ends with the source is told that it does."""
    mine = {row.user_id: row for row in _live(source)}
    for theirs in _live(target).filter(user__in=list(mine)):
        pair = sorted((mine[theirs.user_id], theirs), key=lambda row: _BETTER.index(row.state))
        worse = pair[1]
        record(worse, EnrolmentState.CANCELLED, verb="merge", by=by, reason=TWICE, at=at)
        if worse.session_id == source.pk:
            tell("workshops.enrolment_cancelled", worse, reason=YOURS_TWICE)


def _refuse_overfull(source: Session, target: Session) -> None:
    taken = Enrolment.objects.filter(session__in=(source, target), state__in=HOLDING).count()
    if taken <= target.seats:
        return
    over = taken - target.seats
    raise SeatsRefused(
        ngettext(
            "%(taken)s people hold seats in both together, and %(number)s has %(seats)s: "
            "%(over)s seat is missing.",
            "%(taken)s people hold seats in both together, and %(number)s has %(seats)s: "
            "%(over)s seats are missing.",
            over,
        )
        % {
            "taken": number_text(taken),
            "number": target.number,
            "seats": number_text(target.seats),
            "over": number_text(over),
        }
    )


def _both_kept(source: Session, target: Session, now: datetime.datetime) -> dict:
    """Scope → (seats, until): the target's quotas, and what the source still keeps beside."""
    found = {quota.scope: (quota.seats, quota.held_until) for quota in target.quotas.all()}
    for quota in source.quotas.filter(held_until__gt=now):
        seats, until = found.get(quota.scope, (0, now))
        if until <= now:
            seats = 0  # the target's own has opened
        until = min(max(until, quota.held_until), target.enrol_until)
        if until > now:
            found[quota.scope] = (seats + quota.seats, until)
    return found


def _move_people(source: Session, target: Session, *, by, at: datetime.datetime) -> list[int]:
    """The rows themselves go over: their keys are their places in line. Returns who moved."""
    rows = list(_live(source))
    ahead = Enrolment.objects.in_line().filter(session=target)
    if holders := [row.pk for row in rows if row.state in HOLDING]:
        for waiting in ahead.filter(pk__lt=max(holders)):
            record(waiting, waiting.state, verb="skip", by=by, reason=KEPT_SEATS, at=at)
    for row in rows:
        row.session = target
        row.language = language_for(row.user, target)
        row.save(update_fields=["session", "language"])
        record(row, row.state, verb="merge", by=by, reason=MERGED, at=at)
    SeatOffer.objects.filter(
        enrolment__in=rows, state="open", expires_at__gt=target.starts_at
    ).update(expires_at=target.starts_at)
    return [row.user_id for row in rows]


def _keep(target: Session, kept: dict, now: datetime.datetime) -> None:
    """Write the quotas, none beyond the seats that are free: the target's own come first."""
    seats = count_seats([target], now)[target.pk]
    own = {quota.scope for quota in target.quotas.all()}
    left = seats.open
    for scope in sorted(kept, key=lambda one: (one not in own, one)):
        wanted, until = kept[scope]
        if until <= now:
            continue
        unfilled = max(0, wanted - seats.held[scope])
        wanted -= max(0, unfilled - left)
        left -= min(unfilled, left)
        kept[scope] = (wanted, until)
    keep_exactly(target, {scope: row for scope, row in kept.items() if row[0]})


def _time_to_leave(target: Session, now: datetime.datetime) -> None:
    if target.cancel_until is not None:
        soonest = min(now + TIME_TO_LEAVE, target.starts_at)
        target.cancel_until = max(target.cancel_until, soonest)
        target.save(update_fields=["cancel_until"])


def _close(source: Session, target: Session) -> None:
    SeatQuota.objects.filter(session=source).delete()
    source.merged_into, source.state = target, SessionState.CANCELLED
    source.sequence += 1
    source.save(update_fields=["merged_into", "state", "sequence"])
    mark_changed(source)


def _live(session: Session):
    rows = Enrolment.objects.filter(session=session, state__in=LIVE)
    return rows.select_related("user").order_by("pk")
