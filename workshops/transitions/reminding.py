"""Reminders: before a session begins, before an offer ends, before an answer is due.

Computed from state: what is due and has no `Reminder` row yet is told, once for
each moment, also after missed beats; of what passed meanwhile nobody is told.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from touchpoints.api import tell_each
from workshops.models import Enrolment, OfferState, Reminder, SeatOffer
from workshops.models.session import ENROLLABLE

AT_ONCE = 500  # reminders in one transaction
Occasion = Reminder.Occasion


def remind(now: datetime.datetime | None = None) -> int:
    """Tell all reminders that are due. Returns how many. Safe to be killed and to run twice."""
    now = now or timezone.now()
    return (
        _tell(Occasion.BEGINS, "workshops.session_begins", beginning(now)[:AT_ONCE])
        + _tell(Occasion.OFFER, "workshops.offer_ends", ending_offers(now))
        + _tell(Occasion.ANSWER, "workshops.answer_due", nominations(now)[:AT_ONCE])
        + _tell(Occasion.ANSWER, "workshops.approval_due", requests(now)[:AT_ONCE])
    )


def beginning(now: datetime.datetime):
    """Seats in sessions that begin within SESSION_REMINDER_DAYS, of who had them before that.

    Who enrolled later has just read the same.
    """
    ahead = datetime.timedelta(days=settings.SESSION_REMINDER_DAYS)
    return _unreminded(
        Enrolment.objects.filter(
            state="enrolled",
            session__state__in=ENROLLABLE,
            session__starts_at__gt=now,
            session__starts_at__lte=now + ahead,
            since__lte=F("session__starts_at") - ahead,
        ),
        Occasion.BEGINS,
        F("session__starts_at"),
    )


def nominations(now: datetime.datetime):
    """Nominations to answer within ANSWER_REMINDER_DAYS, made before that."""
    return _to_answer("nominated", now)


def requests(now: datetime.datetime):
    """Requests that managers shall answer by then; likewise."""
    return _to_answer("requested", now)


def _to_answer(state: str, now: datetime.datetime):
    ahead = datetime.timedelta(days=settings.ANSWER_REMINDER_DAYS)
    return _unreminded(
        Enrolment.objects.filter(
            state=state,
            session__state__in=ENROLLABLE,
            session__enrol_until__gt=now,
            session__enrol_until__lte=now + ahead,
            since__lte=F("session__enrol_until") - ahead,
        ),
        Occasion.ANSWER,
        F("session__enrol_until"),
    )


def ending_offers(now: datetime.datetime) -> list[Enrolment]:
    """Open offers that end within OFFER_REMINDER_H, or of whose life less than half is left."""
    ahead = datetime.timedelta(hours=settings.OFFER_REMINDER_H)
    reminded = Reminder.objects.filter(
        enrolment=OuterRef("enrolment"), occasion=Occasion.OFFER, moment=OuterRef("expires_at")
    )
    offers = SeatOffer.objects.filter(
        ~Exists(reminded),
        state=OfferState.OPEN,
        expires_at__gt=now,
        expires_at__lte=now + ahead,
        enrolment__state="offered",
    ).select_related("enrolment__session__programme", "enrolment__user", "enrolment__distributor")
    found = []
    for offer in offers.order_by("expires_at", "pk")[:AT_ONCE]:
        if now >= offer.expires_at - (offer.expires_at - offer.made_at) / 2:
            offer.enrolment.moment = offer.expires_at
            found.append(offer.enrolment)
    return found


def _unreminded(rows, occasion: Occasion, moment: F):
    """Those of the rows that nobody was reminded of at this moment, the next first."""
    reminded = Reminder.objects.filter(
        enrolment=OuterRef("pk"), occasion=occasion, moment=OuterRef("moment")
    )
    return (
        rows.annotate(moment=moment)
        .filter(~Exists(reminded), user__is_active=True)
        .select_related("session__programme", "user", "distributor")
        .order_by("moment", "pk")
    )


def _tell(occasion: Occasion, kind: str, rows: Iterable[Enrolment]) -> int:
    """The rows and the mails in one transaction: the sweep that comes second finds them."""
    rows = list(rows)
    if not rows:
        return 0
    with transaction.atomic():
        wanted = [Reminder(enrolment=row, occasion=occasion, moment=row.moment) for row in rows]
        # A second sweep at the same moment waits here, then finds its rows there.
        mine = _mine(wanted)
        chosen = [row for row in rows if row.pk in mine]
        tell_each(kind, [(row, {"moment": row.moment.isoformat()}) for row in chosen])
    return len(chosen)


def _mine(wanted: list[Reminder]) -> set[int]:
    """Which of the reminders this call was the first to write: their enrolments."""
    list(
        Enrolment.objects.select_for_update(no_key=True)
        .filter(pk__in=[one.enrolment_id for one in wanted])
        .order_by("pk")
        .values_list("pk")
    )
    there = set(
        Reminder.objects.filter(enrolment__in=[one.enrolment_id for one in wanted]).values_list(
            "enrolment", "occasion", "moment"
        )
    )
    new = [o for o in wanted if (o.enrolment_id, str(o.occasion), o.moment) not in there]
    Reminder.objects.bulk_create(new)
    return {one.enrolment_id for one in new}
