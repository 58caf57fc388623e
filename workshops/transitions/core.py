"""What every change of a session's seats shares: lock, read again, record, promote.

Locks are taken in one order everywhere (docs/adr/0011): people, then sessions,
then what hangs on them, and `teaching_alone` last.
"""

import contextlib
import datetime
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.advisory import TEACHING, advisory_lock
from network.models import User
from network.tree import writing_in_turn
from touchpoints.api import tell
from workshops.eligibility import eligibility
from workshops.exceptions import KeptOut, PlaceMoved, TransitionRefused
from workshops.models import (
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    OfferState,
    SeatOffer,
    Session,
)
from workshops.models.session import ENROLLABLE
from workshops.seats import Seats, count_seats, place_of
from workshops.vocabulary import Hindrance

MAX_REASON = 2000  # characters; it stands in a mail
# Reasons of the log are stored in English and translated where they are shown.
SEAT_FREE = gettext_noop("A seat became free.")
SEATS_ADDED = gettext_noop("Seats were added.")
QUOTA_OPENED = gettext_noop("Seats kept for a region were given free.")
KEPT = gettext_noop("Passed over: the free seats are kept for another region.")
NOT_OPEN = gettext_noop("Passed over: the programme is not open to this person now.")
GONE = gettext_noop("The account is closed, or the person left the network.")


@contextlib.contextmanager
def changing(session: Session, people: Iterable = ()) -> Iterator[Session]:
    """The session as it stands now, alone to us, in one transaction.

    Every change of seats goes through here: two people never share the last one.
    `people` are those who shall come in: while they do nobody closes their
    account or ends their membership, or who did is seen.
    """
    with writing_in_turn(), transaction.atomic():
        if keys := [person.pk for person in people]:
            rows = User.objects.select_for_update(no_key=True).filter(pk__in=keys)
            list(rows.order_by("pk").values_list("pk"))
        yield (
            Session.objects.select_for_update(of=("self",))
            .select_related("programme")
            .get(pk=session.pk)
        )


def again(session: Session, enrolment: Enrolment) -> Enrolment:
    """The enrolment as it stands under the session's lock.

    Raises PlaceMoved where a merger took it to another session before the lock was ours.
    """
    found = Enrolment.objects.select_related("user", "distributor").get(pk=enrolment.pk)
    if found.session_id != session.pk:
        raise moved_to(Session.objects.get(pk=found.session_id))
    found.session = session
    return found


def moved_to(session: Session) -> PlaceMoved:
    """Why a place is not changed where somebody saw it."""
    return PlaceMoved(
        _(
            "This place has moved to session %(number)s, which yours was merged with. "
            "Look at its days first."
        )
        % {"number": session.number}
    )


def teaching_alone() -> None:
    """Nobody else names trainers until the transaction ends: two sessions planned at once see each
    other. Who holds this waits for nothing else."""
    advisory_lock(TEACHING)


def fresh(user, session: Session | None = None) -> User:
    """The person as they stand now: active or not, with today's memberships; `teaches_it` says
    whether they teach the session. One query."""
    rows = User.objects.all()
    if session is not None:
        team = session.trainers.through.objects.filter(session=session, user=OuterRef("pk"))
        rows = rows.annotate(teaches_it=Exists(team))
    return rows.get(pk=user.pk)


def system() -> User:
    """The site acting by itself."""
    return User.objects.get(is_system=True)


def record(
    enrolment: Enrolment,
    new: EnrolmentState,
    *,
    verb: str,
    by,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> EnrolmentEvent:
    """Write the state and its event. Nothing else writes them. Open offers end with a live row."""
    old, at = enrolment.state or "", at or timezone.now()
    if new != old:
        enrolment.state, enrolment.since = new, at
        enrolment.save()
        if old == EnrolmentState.OFFERED:
            settle_offer(enrolment, OfferState.ENDED, at)
    return EnrolmentEvent.objects.create(
        enrolment=enrolment, at=at, verb=verb, old=old, new=new, by=by, reason=reason
    )


def settle_offer(enrolment: Enrolment, state: OfferState, at: datetime.datetime) -> None:
    """Close the offer that is open; one that was settled already stays."""
    enrolment.offers.filter(state=OfferState.OPEN).update(state=state, settled_at=at)


def language_for(user, session: Session) -> str:
    """The language the person is taught in: the first they read of those taught."""
    order = [*user.reading_languages, *session.languages, "en"]
    return next((code for code in order if code in session.languages), order[0])


def new_enrolment(session: Session, user, *, by, needs=None, group_key=None) -> Enrolment:
    """A row with the person's place taken down; no state and no event yet, not saved."""
    distributor, region, area = place_of(user, session.programme)
    return Enrolment(
        session=session,
        user=user,
        distributor=distributor,
        region_id=region,
        review_area_id=area,
        language=language_for(user, session),
        needs=asked_needs(session.programme, needs),
        group_key=group_key,
        created_by=by,
    )


def asked_needs(programme, needs) -> dict[str, str]:
    """Of what was said, what the programme asks for and is not empty."""
    asked = set(programme.asks)
    return {name: text for name, text in (needs or {}).items() if name in asked and text}


def refuse_closed(session: Session, now: datetime.datetime) -> None:
    """Raises KeptOut where nobody may come in now, with the sentence why."""
    why = None
    if session.state == "cancelled":
        why = Hindrance.CANCELLED
    elif session.state not in ENROLLABLE:
        why = Hindrance.NOT_OPEN
    elif now >= session.enrol_until:
        why = Hindrance.CLOSED
    if why is not None:
        raise KeptOut(str(why.label), why)


def need_reason(reason: str) -> str:
    """Raises TransitionRefused where no reason was given, or a book; returns it trimmed."""
    reason = (reason or "").strip()
    if not reason:
        raise TransitionRefused(_("Say why: the person reads your reason."))
    if len(reason) > MAX_REASON:
        raise TransitionRefused(_("This reason is too long. Shorten it, then send."))
    return reason


def end_entry(session: Session) -> None:
    """Raise `sequence` for somebody whose entry ends while the session goes on. Inside `changing`.

    RFC 5546: a calendar keeps of two files with one UID that of the higher number.
    """
    session.sequence += 1
    session.save(update_fields=["sequence"])


# --- giving seats -------------------------------------------------------------------
def give_place(
    session: Session,
    enrolment: Enrolment,
    seats: Seats,
    *,
    verb: str,
    by,
    at: datetime.datetime,
    reason: str = "",
) -> None:
    """A seat where one is free for the person, else a place in line. `promote` ran before."""
    data = {"verb": verb}
    if seats.free_for(enrolment.scope) > 0:
        ahead = Enrolment.objects.in_line().filter(session=session)
        if enrolment.pk:
            ahead = ahead.filter(pk__lt=enrolment.pk)
        if seats.waiting:
            pass_over(ahead, seats, by=by, at=at)
        record(enrolment, EnrolmentState.ENROLLED, verb=verb, by=by, reason=reason, at=at)
        seats.take(enrolment.scope)
        tell("workshops.enrolled", enrolment, **data)
    else:
        record(enrolment, EnrolmentState.WAITING, verb=verb, by=by, reason=reason, at=at)
        seats.waiting += 1
        tell("workshops.waiting", enrolment, **data)


def pass_over(ahead, seats: Seats, *, by, at: datetime.datetime) -> None:
    """Log why those in line ahead did not get the seat that somebody behind them gets."""
    for enrolment in ahead:
        reason = NOT_OPEN if seats.free_for(enrolment.scope) > 0 else KEPT
        record(enrolment, enrolment.state, verb="skip", by=by, reason=reason, at=at)


def promote(
    session: Session, *, why: str, at: datetime.datetime, seats: Seats | None = None
) -> Seats:
    """Offer what is free to the next in line who may have it; log who is passed over, and why.

    Inside `changing`. Who stands in line when enrolment closes moves up until
    the session begins: an offer never reaches beyond that. Returns the seats as
    they stand then.
    """
    seats = seats or count_seats([session], at)[session.pk]
    if session.state not in ENROLLABLE or at >= session.starts_at:
        return seats
    if seats.is_full or not seats.waiting:
        return seats
    by, passed = system(), []
    line = Enrolment.objects.in_line().filter(session=session).select_related("user", "distributor")
    for enrolment in line:
        if seats.is_full:
            break
        if not enrolment.user.is_active:
            _end_gone(enrolment, seats, by=by, at=at)
        elif seats.free_for(enrolment.scope) <= 0:
            passed.append((enrolment, KEPT))
        elif not eligibility(enrolment.user, session.programme, nominated=True).open:
            passed.append((enrolment, NOT_OPEN))
        else:
            for other, reason in passed:
                record(other, other.state, verb="skip", by=by, reason=reason, at=at)
            _offer(session, enrolment, seats, why=why, by=by, at=at)
    return seats


def _end_gone(enrolment: Enrolment, seats: Seats, *, by, at: datetime.datetime) -> None:
    record(enrolment, EnrolmentState.LAPSED, verb="gone", by=by, reason=GONE, at=at)
    seats.waiting -= 1


def _offer(
    session: Session, enrolment: Enrolment, seats: Seats, *, why: str, by, at: datetime.datetime
) -> SeatOffer:
    life = datetime.timedelta(hours=settings.SEAT_OFFER_H)
    enrolment.session = session
    record(enrolment, EnrolmentState.OFFERED, verb="offer", by=by, reason=why, at=at)
    offer = SeatOffer.objects.create(
        enrolment=enrolment, made_at=at, expires_at=min(at + life, session.starts_at)
    )
    seats.take(enrolment.scope)
    seats.waiting -= 1
    tell("workshops.offered", enrolment, offer=offer.pk)
    return offer
