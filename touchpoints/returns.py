"""What comes back: bounces and complaints, and the addresses that end because of them.

A hard bounce (there is no such mailbox) or a complaint takes the address out of
use at once; what may be only a bad day (mailbox full, a policy of the server)
does so at the third time in a row.
"""

import datetime
import re
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from touchpoints.models import Delivery, DeliveryState, Suppression

IN_A_ROW = 3
RETURNABLE = (DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.BOUNCED, DeliveryState.FAILED)

# Reasons in the ledger, stored in English, translated where they are shown.
CAME_BACK = gettext_noop("The mail came back: the address does not exist.")
CAME_BACK_SOFT = gettext_noop("The mail came back: the mailbox did not take it.")
REPORTED = gettext_noop("The receiver reported the mail as spam.")
OUT_OF_USE = gettext_noop("The address is out of use: mail to it came back or was not wanted.")

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_NO_SUCH_MAILBOX = {550, 551, 553}  # RFC 5321 4.2.3, where no enhanced code says more


def is_hard(code: int | None, words: str) -> bool:
    """Whether an answer of a mail server means that there is no such mailbox.

    The enhanced status code decides where there is one (RFC 3463: 5.1.x is about
    the address); 5.7.x is a policy and says nothing of the mailbox.
    """
    found = _STATUS.search(words or "")
    if found:
        return found[1] == "5" and found[2] == "1"
    return code in _NO_SUCH_MAILBOX


def deliveries_of(mark: str) -> list[Delivery]:
    """The rows that a mark names: a Message-ID, a key, or what the mail service called it.

    A digest's Message-ID names all of its rows. Empty where nothing fits.
    """
    mark = (mark or "").strip()
    if not mark:
        return []
    found = _KEY.search(mark)
    if found:
        key = uuid.UUID(found[0])
        rows = list(Delivery.objects.filter(Q(digest_key=key) | Q(key=key, digest_key=None)))
        if rows:
            return rows
    return list(Delivery.objects.filter(provider_id=mark))


@transaction.atomic
def note_bounce(
    rows: list[Delivery], address: str, *, hard: bool, words: str = "", at=None, by=None
) -> Suppression | None:
    """Write down that mail came back, at the rows and, where it means so, at the address.

    Rows that went to another address since are left alone. Returns the
    suppression that is in force for the address afterwards, if any. Safe to
    call twice with the same.
    """
    at = at or timezone.now()
    _mark(rows, address, DeliveryState.BOUNCED, CAME_BACK if hard else CAME_BACK_SOFT, words, at)
    if hard or _has_a_run_of_bounces(address):
        return suppress(address, Suppression.Why.BOUNCED, rows=rows, words=words, by=by)
    return Suppression.objects.in_force().filter(address=address.lower()).first()


@transaction.atomic
def note_complaint(
    rows: list[Delivery], address: str, *, words: str = "", at=None, by=None
) -> Suppression:
    """Write down that a receiver called our mail spam: they got it, and get no more."""
    at = at or timezone.now()
    _mark(rows, address, DeliveryState.COMPLAINED, REPORTED, words, at)
    return suppress(address, Suppression.Why.COMPLAINED, rows=rows, words=words, by=by)


def suppress(address: str, why: str, *, rows=(), words: str = "", by=None) -> Suppression:
    """Take an address out of use; the row that is in force already stays as it is."""
    fields = {"why": why, "words": words[:500], "delivery": next(iter(rows), None), "by": by}
    return Suppression.objects.get_or_create(
        address=address.lower(), lifted_at=None, defaults=fields
    )[0]


def _mark(rows, address: str, state: str, reason: str, words: str, at: datetime.datetime) -> None:
    ids = [row.pk for row in rows if not address or row.address.lower() == address.lower()]
    mine = Delivery.objects.filter(pk__in=ids, state__in=RETURNABLE)
    # Told twice (by the service and by a mail): the first time stands.
    mine.exclude(returned_at__isnull=False, state=state).update(
        state=state, reason=reason, last_error=words, returned_at=at, claimed_until=None
    )


def _has_a_run_of_bounces(address: str) -> bool:
    """Whether the last mails to the address all came back; a digest is one mail."""
    settled = Delivery.objects.filter(address__iexact=address).exclude(
        state__in=[DeliveryState.QUEUED, DeliveryState.SUPPRESSED, DeliveryState.UNREACHABLE]
    )
    mails: dict[uuid.UUID, str] = {}
    rows = settled.order_by("-due_at", "-pk").values_list("digest_key", "key", "state")
    for digest, key, state in rows[: IN_A_ROW * 10]:
        mails.setdefault(digest or key, state)
    last = list(mails.values())[:IN_A_ROW]
    return last == [DeliveryState.BOUNCED] * IN_A_ROW
