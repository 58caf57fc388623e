"""What time does to seats: offers lapse, kept seats open, lists close, people are gone.

Computed from state; each session in a transaction of its own. Safe to be
killed, to run twice, and to run in several workers at once.
"""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from network.models import Membership
from search.api import mark_changed
from touchpoints.api import tell
from workshops.models import (
    Enrolment,
    EnrolmentState,
    OfferState,
    SeatOffer,
    SeatQuota,
    Session,
    SessionState,
)
from workshops.models.session import ENROLLABLE
from workshops.transitions.core import (
    QUOTA_OPENED,
    SEAT_FREE,
    changing,
    promote,
    record,
    system,
)
from workshops.transitions.deciding import ask_decisions
from workshops.transitions.leaving import lapse, part_from

CLOSED = gettext_noop("Enrolment closed before an answer came.")
BEGUN = gettext_noop("The session began before a seat became free.")


def lapse_offers(now: datetime.datetime | None = None) -> int:
    """End offers whose time is over; each seat goes to the next in line. Returns how many ended."""
    now = now or timezone.now()
    due = SeatOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now)
    ended = 0
    for session in _sessions(due.values("enrolment__session")):
        with changing(session) as locked:
            rows = Enrolment.objects.filter(
                session=locked,
                state=EnrolmentState.OFFERED,
                offers__state=OfferState.OPEN,
                offers__expires_at__lte=now,
            )
            for enrolment in rows.select_related("user").order_by("pk"):
                enrolment.session = locked  # one number for all that lapse at once
                lapse(enrolment, at=now, by=system())
                ended += 1
            promote(locked, why=SEAT_FREE, at=now)
    return ended


def open_quotas(now: datetime.datetime | None = None) -> int:
    """Give free what regions left of the seats kept for them. Returns how many quotas opened."""
    now = now or timezone.now()
    due = SeatQuota.objects.filter(held_until__lte=now, opened_at__isnull=True)
    opened = 0
    for session in _sessions(due.values("session")):
        with changing(session) as locked:
            opened += due.filter(session=locked).update(opened_at=now)
            promote(locked, why=QUOTA_OPENED, at=now)
    return opened


def close_lists(now: datetime.datetime | None = None) -> int:
    """Tell who can no longer get in: requests and nominations once enrolment closed, the line once
    the session began. Returns how many places ended."""
    now = now or timezone.now()
    unanswered = Q(state__in=["requested", "nominated"], session__enrol_until__lte=now)
    too_late = Q(state="waiting", session__starts_at__lte=now)
    due = Enrolment.objects.filter(unanswered | too_late)
    ended = 0
    for session in _sessions(due.values("session")):
        with changing(session) as locked:
            for enrolment in due.filter(session=locked):
                reason = BEGUN if enrolment.state == EnrolmentState.WAITING else CLOSED
                record(
                    enrolment,
                    EnrolmentState.LAPSED,
                    verb="close",
                    by=system(),
                    reason=reason,
                    at=now,
                )
                tell("workshops.list_closed", enrolment, reason=reason)
                ended += 1
    return ended


def part_from_gone(now: datetime.datetime | None = None) -> int:
    """What no signal told: accounts closed in the admin, memberships whose last day passed.

    Returns how many enrolments changed.
    """
    now = now or timezone.now()
    current = Membership.objects.current().filter(
        user=OuterRef("user"), distributor=OuterRef("distributor")
    )
    rows = (
        Enrolment.objects.live()
        .filter(distributor__isnull=False, session__starts_at__gt=now)
        .filter(Q(user__is_active=False) | ~Exists(current))
        .select_related("user")
    )
    people = {row.user_id: row.user for row in rows}
    return sum(part_from(person, by=system()) for person in people.values())


def erase_needs(now: datetime.datetime | None = None) -> int:
    """Forget diet, access and language needs once they are of no use. Returns how many."""
    now = now or timezone.now()
    over = Q(session__ends_at__lte=now) | Q(state__in=["cancelled", "refused", "lapsed"])
    due = Enrolment.objects.exclude(needs={}).filter(over)
    with transaction.atomic():
        # Rows that somebody changes now, behind a session's lock, are the next sweep's.
        rows = Enrolment.objects.filter(pk__in=due.values("pk")).order_by("pk")
        free = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
        return Enrolment.objects.filter(pk__in=list(free)).update(needs={})


def finish_sessions(now: datetime.datetime | None = None) -> int:
    """Set sessions whose last day is over to done: no list and no hit leads to them any more.

    Returns how many. Offers and the line have ended by then.
    """
    now = now or timezone.now()
    due = Session.objects.filter(state__in=ENROLLABLE, ends_at__lte=now)
    finished = 0
    for session in list(due.order_by("pk")):
        with changing(session) as locked:
            if locked.state in ENROLLABLE:
                locked.state = SessionState.DONE
                locked.save(update_fields=["state"])
                mark_changed(locked)
                finished += 1
    return finished


def _sessions(keys) -> list[Session]:
    return list(Session.objects.filter(pk__in=keys).order_by("pk"))


def sweep_seats(now: datetime.datetime | None = None) -> int:
    """All of it. Returns how much changed."""
    return (
        lapse_offers(now)
        + open_quotas(now)
        + part_from_gone(now)
        + close_lists(now)
        + erase_needs(now)
        + finish_sessions(now)
        + ask_decisions(now)
    )
