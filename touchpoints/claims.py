"""Who works on which rows: claimed by compare-and-set, held by a lease.

Two senders never hold a row at once, and a killed sender's rows are free
again when its lease runs out. The function that claims is one transaction;
each later change names the claim in its WHERE, so that a sender whose lease
was lost changes nothing.
"""

import datetime
import os
import socket
import uuid

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from network.models import Distributor
from touchpoints.models import Delivery, DeliveryState, Mailing

BATCH = 100  # rows a claim: what waits for the lease when a sender is killed
# Answers that a mail waits for, each at most EMAIL_TIMEOUT: MAIL, RCPT, DATA, the text.
ANSWERS_A_MAIL = 4


def new_token() -> str:
    """Names one claim; host and process for whoever reads the ledger."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex}"[:64]


def lease_end() -> datetime.datetime:
    """Until when a claim made now holds."""
    return timezone.now() + datetime.timedelta(seconds=settings.DELIVERY_LEASE_S)


@transaction.atomic
def claim(token: str, limit: int = BATCH) -> list[Delivery]:
    """Take up to `limit` due rows (more where a digest has more), or none.

    Half of them the newest, half the oldest: a single message does not wait
    behind an issue's thousands, and nothing waits for ever. A person's digest
    is taken whole. Rows come with mailing and user, and with their distributor
    where they have no user.
    """
    now = timezone.now()
    due = Delivery.objects.claimable(now)
    # Rows that another sender is claiming this moment are passed over, not waited for.
    free = due.select_for_update(skip_locked=True).values_list("pk", "user_id", "digest_key")
    newest = list(free.order_by("-due_at")[: max(1, limit // 2)])
    oldest = free.exclude(pk__in=[pk for pk, _user, _digest in newest]).order_by("due_at")
    picked = newest + list(oldest[: limit - len(newest)])
    ids = [pk for pk, _user, digest in picked if digest is None]
    digest_of = {user for _pk, user, digest in picked if digest is not None}
    if digest_of:
        ids += _whole_digests(due, digest_of)
    if not ids:
        return []
    due.filter(pk__in=ids).update(claimed_by=token, claimed_until=lease_end())
    mine = Delivery.objects.filter(claimed_by=token, state=DeliveryState.QUEUED)
    rows = list(mine.select_related("user").order_by("due_at", "pk"))
    # One mailing for many rows, and a firm for the few that have no person.
    mailings = Mailing.objects.in_bulk({row.mailing_id for row in rows})
    firms = Distributor.objects.in_bulk(
        {row.distributor_id for row in rows if row.user_id is None} - {None}
    )
    for row in rows:
        row.mailing = mailings[row.mailing_id]
        if row.user_id is None and row.distributor_id is not None:
            row.distributor = firms[row.distributor_id]
    return rows


def _whole_digests(due, user_ids: set[int]) -> list[int]:
    """All due digest rows of these people; those never held before share one key."""
    people = get_user_model().objects.filter(pk__in=user_ids).order_by("pk")
    # The person's row stands for the digest: one sender at a time gathers it.
    free = set(people.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    rows = list(due.filter(user_id__in=free, digest_key__isnull=False).order_by("due_at", "pk"))
    fresh: dict[int, list[Delivery]] = {}
    for row in rows:
        if not row.claimed_by:
            fresh.setdefault(row.user_id, []).append(row)
    keys = {row.digest_key for part in fresh.values() for row in part}
    # A mail with this key may be out already: what came late needs another Message-ID.
    taken = set(
        Delivery.objects.filter(digest_key__in=keys)
        .exclude(claimed_by="")
        .values_list("digest_key", flat=True)
    )
    for part in fresh.values():
        key = part[-1].digest_key
        key = uuid.uuid4() if key in taken else key
        if any(row.digest_key != key for row in part):
            Delivery.objects.filter(pk__in=[row.pk for row in part]).update(digest_key=key)
    return [row.pk for row in rows]


def renew(token: str, rows: int) -> datetime.datetime | None:
    """Hold the claim's `rows` unsettled rows for another lease.

    Returns its end; None when the lease ran out and somebody took any of them.
    """
    until = lease_end()
    return until if _held(token).update(claimed_until=until) == rows else None


def settle(token: str, ids: list[int], **fields) -> bool:
    """Record what became of rows of this claim. False when they are no longer held."""
    held = Delivery.objects.filter(pk__in=ids, claimed_by=token, state=DeliveryState.QUEUED)
    return held.update(claimed_until=None, **fields) == len(ids)


# Written out: the query builder took longer than the mail server (benchmarks/release.py).
_RECORD_SENT = f"""
    UPDATE {Delivery._meta.db_table}
    SET state = 'sent', sent_at = %s, attempts = attempts + 1, address = %s, language = %s,
        last_error = '', claimed_until = NULL
    WHERE id = %s AND claimed_by = %s AND state = 'queued'
"""  # noqa: S608  (the table's own name)


def record_sent(
    token: str, ids: list[int], address: str, language: str, provider_id: str = ""
) -> bool:
    """That these rows' mail was handed over. False when they are no longer held.

    One statement, and a commit of its own where no transaction is open.
    """
    now = timezone.now()
    if len(ids) > 1 or provider_id:
        return settle(
            token,
            ids,
            state=DeliveryState.SENT,
            sent_at=now,
            attempts=F("attempts") + 1,
            address=address,
            language=language,
            last_error="",
            provider_id=provider_id,
        )
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_RECORD_SENT, [at, address, language, ids[0], token])
        return cursor.rowcount == 1


def release(token: str) -> None:
    """Give back what the claim still holds."""
    _held(token).update(claimed_until=None)


def _held(token: str):
    return Delivery.objects.filter(
        claimed_by=token, state=DeliveryState.QUEUED, claimed_until__isnull=False
    )
