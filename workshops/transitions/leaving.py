"""Going out: one leaves, an offer is answered or lapses, a person parts from the network."""

import contextlib
import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.localize import moment_text
from network.permissions import forget_standing, standing
from touchpoints.api import tell
from workshops.exceptions import OfferOver, PlaceMoved, TransitionRefused
from workshops.models import HOLDING, LIVE, Enrolment, EnrolmentState, OfferState
from workshops.permissions import can_answer_offer, can_cancel_enrolment
from workshops.seats import place_of
from workshops.transitions.core import (
    GONE,
    SEAT_FREE,
    again,
    changing,
    end_entry,
    fresh,
    promote,
    record,
    settle_offer,
    system,
)

UNANSWERED = gettext_noop("The offer was not answered in time.")
DECLINED = gettext_noop("The seat was declined.")
LEFT = gettext_noop("No longer a member of any distributor.")
MOVED = gettext_noop("Now a member of another distributor.")


def cancel_enrolment(enrolment: Enrolment, *, by, reason: str = "") -> Enrolment:
    """Give up a seat, a place in line, a request or a nomination; the next in line is offered
    the seat in the same transaction.

    Twice changes nothing. Raises PermissionDenied, or TransitionRefused for
    one's own seat after the last moment to cancel, and after the beginning.
    """
    with changing(enrolment.session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_cancel_enrolment(by, found):
            raise PermissionDenied
        if found.state == EnrolmentState.CANCELLED:
            return found
        if not found.is_live:
            raise TransitionRefused(_("There is no seat here to give up."))
        if now >= locked.starts_at:
            raise TransitionRefused(_("This session has begun."))
        is_late = locked.cancel_until is not None and now > locked.cancel_until
        if is_late and found.user_id == by.pk and found.state == EnrolmentState.ENROLLED:
            raise TransitionRefused(
                _(
                    "The last moment to cancel was %(moment)s. "
                    "Ask your distributor’s manager or the coordinator."
                )
                % {"moment": moment_text(locked.cancel_until)}
            )
        held = found.state in HOLDING
        record(found, EnrolmentState.CANCELLED, verb="cancel", by=by, reason=reason, at=now)
        if held:
            end_entry(locked)
        # Who gave up a seat themself is told as well: the mail takes it out of their calendar.
        if held or found.user_id != by.pk:
            tell("workshops.enrolment_cancelled", found, reason=reason)
        promote(locked, why=SEAT_FREE, at=now)
        return found


def accept_offer(enrolment: Enrolment, *, by) -> Enrolment:
    """Take the seat that is held. Twice changes nothing.

    Raises PermissionDenied, or OfferOver where the offer ended: the seat has
    then been passed on already, by this call if no sweep came first.
    """
    over = None
    with changing(enrolment.session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_answer_offer(by, found):
            raise PermissionDenied
        if found.state == EnrolmentState.ENROLLED:
            return found
        offer = found.open_offer
        if found.state != EnrolmentState.OFFERED or offer is None:
            over = found.offers.last()
        elif now >= offer.expires_at:
            over = offer
            lapse(found, at=now, by=system())
            promote(locked, why=SEAT_FREE, at=now)
        else:
            settle_offer(found, OfferState.ACCEPTED, now)
            record(found, EnrolmentState.ENROLLED, verb="accept", by=by, at=now)
            tell("workshops.enrolled", found, verb="accept")
            return found
    # Outside the transaction: what was passed on stays passed on.
    if over is None:
        raise OfferOver(_("No seat is held for you here."))
    raise OfferOver(
        _("This offer ended on %(moment)s, and the seat has been passed on.")
        % {"moment": moment_text(over.settled_at or over.expires_at)}
    )


def decline(enrolment: Enrolment, *, by) -> Enrolment:
    """Say no to an offer or a nomination; the seat goes to the next in line.

    Raises PermissionDenied, or TransitionRefused where nothing waits for an answer.
    """
    with changing(enrolment.session) as locked:
        now, found = timezone.now(), again(locked, enrolment)
        if not can_answer_offer(by, found):
            raise PermissionDenied
        if found.state not in (EnrolmentState.OFFERED, EnrolmentState.NOMINATED):
            raise TransitionRefused(_("Nothing waits for your answer here."))
        if found.state == EnrolmentState.OFFERED:
            settle_offer(found, OfferState.DECLINED, now)
            end_entry(locked)
            tell("workshops.enrolment_cancelled", found, reason=DECLINED)
        record(found, EnrolmentState.CANCELLED, verb="decline", by=by, reason=DECLINED, at=now)
        promote(locked, why=SEAT_FREE, at=now)
        return found


def lapse(enrolment: Enrolment, *, at: datetime.datetime, by) -> None:
    """End an offer whose time is over. Inside `changing`; `promote` follows."""
    settle_offer(enrolment, OfferState.LAPSED, at)
    record(
        enrolment,
        EnrolmentState.LAPSED,
        verb="lapse",
        by=by,
        reason=UNANSWERED,
        at=at,
    )
    end_entry(enrolment.session)
    tell("workshops.offer_lapsed", enrolment)


# --- a person parts ----------------------------------------------------------------------
def part_from(user, *, by) -> int:
    """What becomes of a person's places when they left a distributor or the network.

    Who is nobody's member any more gives up everything that has not begun, and
    the next in line moves up. Who moved keeps seat and place; the new
    distributor and its region are taken down. Safe to repeat. Returns how many
    enrolments changed.
    """
    while True:
        with contextlib.suppress(PlaceMoved):  # a merger came between: where it brought them
            return _part_from_all(user, by=by)


def _part_from_all(user, *, by) -> int:
    """All the sessions at once, and in one order everywhere. Raises PlaceMoved."""
    rows = Enrolment.objects.live().filter(
        user=user, distributor__isnull=False, session__starts_at__gt=timezone.now()
    )
    rows = list(rows.select_related("session").order_by("session_id", "pk"))
    with contextlib.ExitStack() as stack:
        held = {}
        for row in rows:  # the outermost is the transaction that PlaceMoved undoes
            if row.session_id not in held:
                held[row.session_id] = stack.enter_context(changing(row.session))
        places = [again(held[row.session_id], row) for row in rows]
        return sum(_part(found, by=by) for found in places)


def _part(found: Enrolment, *, by) -> bool:
    """Inside `changing`."""
    now, locked, person = timezone.now(), found.session, fresh(found.user)
    forget_standing(person)
    if found.state not in LIVE:
        return False
    members_of = {m.distributor_id for m in standing(person).memberships}
    if person.is_active and found.distributor_id in members_of:
        return False
    if not person.is_active or not members_of:
        reason = LEFT if person.is_active else GONE
        if found.state in HOLDING:
            end_entry(locked)
        record(found, EnrolmentState.CANCELLED, verb="part", by=by, reason=reason, at=now)
        tell("workshops.enrolment_cancelled", found, reason=reason)
        promote(locked, why=SEAT_FREE, at=now)
        return True
    distributor, found.region_id, found.review_area_id = place_of(person, locked.programme)
    found.distributor = distributor
    found.save(update_fields=["distributor", "region", "review_area"])
    record(found, found.state, verb="move", by=by, reason=MOVED, at=now)
    if found.state == EnrolmentState.REQUESTED:
        tell("workshops.approval_asked", found)
    promote(locked, why=SEAT_FREE, at=now)  # another scope may have set a kept seat free
    return True
