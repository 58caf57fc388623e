"""What other rooms call: say something once, to its audience and to nobody else.

Call inside the transaction of the change itself: the rows are then as true as
the change, and a sender works them off later (touchpoints.sending).
"""

import datetime
import json
import uuid
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from network.languages import codes
from touchpoints.batches import FIRM_ENDED
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import (
    Delivery,
    DeliveryState,
    FeedToken,
    MailChoice,
    Mailing,
    Suppression,
)
from touchpoints.queries import wants
from touchpoints.registry import Kind, kind
from touchpoints.rhythm import due_at
from touchpoints.stopping import hash_of

BULK = 500  # rows an INSERT, at most
# Reasons are stored in English and translated where they are shown.
SAME_ADDRESS = gettext_noop("One mail reaches this address for several distributors.")
# Two rows of one person that fall due together go out as one mail.
_DIGESTS = uuid.UUID("2f8e8fd0-3a0a-4c0e-9a55-7f2f6a3cf1a8")


def object_key(obj) -> str:
    """'app_label.model:pk'."""
    return f"{obj._meta.label_lower}:{obj.pk}"


def tell(kind_name: str, obj, **data) -> Mailing:
    """Tell `obj`'s occasion to everybody in the kind's audience, each once.

    `data` must be JSON: ids and words, no objects. Raises KeyError for a kind
    that no room registered, TypeError for data that is not JSON. Two queries
    beside the audience's own, three for a kind that one must ask for.
    """
    told = kind(kind_name)
    data = _as_json(data)
    with _with_the_change():
        mailing = Mailing.objects.create(kind=told.name, object_key=object_key(obj), data=data)
        # Who switched a kind off has a row all the same, suppressed with the reason at sending.
        choices = MailChoice.objects.by_person([told.name]) if told.opt_in else {}
        people = {
            user.pk: user
            for user in told.audience(obj, data)
            if _can_be_told(user) and (not told.opt_in or wants(told, choices.get(user.pk, {})))
        }
        Delivery.objects.bulk_create(
            [_delivery(mailing, told, user) for user in people.values()], batch_size=BULK
        )
    return mailing


def _with_the_change() -> transaction.Atomic:
    """The transaction of the change that is told, or one of its own. No savepoint: a change whose
    telling failed is taken back whole."""
    return transaction.atomic(savepoint=False)


def tell_each(kind_name: str, occasions: Iterable[tuple]) -> None:
    """`tell` for many objects of one kind: (object, data) pairs, each its own mailing.

    Two queries for 500 of them, beside the audience's own.
    """
    told = kind(kind_name)
    occasions = [(obj, _as_json(data)) for obj, data in occasions]
    with _with_the_change():
        mailings = Mailing.objects.bulk_create(
            [
                Mailing(kind=told.name, object_key=object_key(obj), data=data)
                for obj, data in occasions
            ],
            batch_size=BULK,
        )
        rows = []
        for mailing, (obj, data) in zip(mailings, occasions, strict=True):
            people = {user.pk: user for user in told.audience(obj, data) if _can_be_told(user)}
            rows += [_delivery(mailing, told, user) for user in people.values()]
        Delivery.objects.bulk_create(rows, batch_size=BULK)


@transaction.atomic
def tell_once(
    kind_name: str, obj, once_key: str, recipients: Iterable[tuple] = (), **data
) -> Mailing:
    """Tell something that must be told exactly once, to recipients named one by one.

    `recipients` are (user or None, distributor or None, address, language,
    reason); without an address the row says 'unreachable' with the reason, so
    that the ledger names everyone. All go at once, whatever a person's rhythm.
    Raises AlreadyTold when the key was used.
    """
    told = kind(kind_name)
    now = timezone.now()
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                kind=told.name, object_key=object_key(obj), data=_as_json(data), once_key=once_key
            )
    except IntegrityError as error:
        raise AlreadyTold(once_key) from error
    rows, reached = [], set()
    for user, distributor, address, language, reason in recipients:
        row = Delivery(
            mailing=mailing,
            user=user,
            distributor=distributor,
            address=address,
            language=language if language in codes() else "en",
            due_at=now,
        )
        if not address:
            row.state, row.reason = DeliveryState.UNREACHABLE, reason[:200]
        elif address.lower() in reached:
            # A contact of two distributors gets one mail and stands in both lists.
            row.user, row.state, row.reason = None, DeliveryState.SUPPRESSED, SAME_ADDRESS
        reached.add(address.lower())
        rows.append(row)
    Delivery.objects.bulk_create(rows, batch_size=BULK)
    return mailing


@transaction.atomic
def add_recipients(mailing: Mailing, recipients: Iterable[tuple]) -> int:
    """Queue a mailing for people it did not reach: new ones, and those whose mail came back or
    never left, once their address was changed or restored since.

    `recipients` as for `tell_once`, each with a user and an address. Returns how
    many rows were queued. Safe to call twice, and in two processes.
    """
    recipients = list(recipients)
    out = Suppression.objects.among(address for _u, _d, address, *_more in recipients)
    rows = mailing.deliveries.select_for_update().filter(user__in=[r[0] for r in recipients])
    known = {row.user_id: row for row in rows}
    now, queued = timezone.now(), 0
    for user, distributor, address, language, _reason in recipients:
        if address.lower() in out:
            continue
        fields = {"address": address, "distributor": distributor, "due_at": now}
        row = known.get(user.pk)
        if row is None:
            language = language if language in codes() else "en"
            made = Delivery(mailing=mailing, user=user, language=language, **fields)
            queued += len(Delivery.objects.bulk_create([made], ignore_conflicts=True))
            known[user.pk] = made
        elif row.pk and row.state in REPEATABLE and _was_corrected(row, address):
            fields |= {"state": DeliveryState.QUEUED, "reason": "", "attempts": 0}
            fields |= {"claimed_until": None, "returned_at": None, "sent_at": None}
            queued += mailing.deliveries.filter(pk=row.pk, state=row.state).update(**fields)
    return queued


REPEATABLE = (
    DeliveryState.BOUNCED,
    DeliveryState.FAILED,
    DeliveryState.SUPPRESSED,
    DeliveryState.UNREACHABLE,
)


def _was_corrected(row: Delivery, address: str) -> bool:
    """Whether the address is another than the row's, or was restored since the row ended; or the
    row stood for another distributor, which was closed."""
    if row.address.lower() != address.lower() or row.reason == FIRM_ENDED:
        return True
    ended = max(filter(None, [row.due_at, row.sent_at, row.returned_at]))
    return Suppression.objects.filter(address=address.lower(), lifted_at__gt=ended).exists()


def owner_of_feed(secret: str):
    """Whose feed address this is: None for one that never was, an inactive stand-in for one that
    was revoked. One query, and one more a day that writes when it was used."""
    found = FeedToken.objects.filter(hash=hash_of(secret)).select_related("user").first()
    if found is None:
        return None
    if found.revoked_at is not None:
        return AnonymousUser()
    now = timezone.now()
    if found.used_at is None or now - found.used_at > datetime.timedelta(days=1):
        FeedToken.objects.filter(pk=found.pk).update(used_at=now)
    return found.user


@transaction.atomic
def reschedule(user) -> None:
    """Give what still waits for this person the due time of their new rhythm or zone.

    Rows that a sender has already held keep theirs: a repeat of that mail
    must carry the same Message-ID.
    """
    waiting = Delivery.objects.filter(user=user, state=DeliveryState.QUEUED, claimed_by="")
    for delivery in waiting.select_related("mailing"):
        fresh = _delivery(delivery.mailing, kind(delivery.mailing.kind), user)
        delivery.due_at, delivery.digest_key = fresh.due_at, fresh.digest_key
        delivery.save(update_fields=["due_at", "digest_key"])


def _as_json(data: dict) -> dict:
    # What the audience sees now is what the words see at sending.
    return json.loads(json.dumps(data))


def _can_be_told(user) -> bool:
    return bool(user is not None and user.is_active and user.email and not user.is_system)


def _delivery(mailing: Mailing, told: Kind, user) -> Delivery:
    now = timezone.now()
    due = due_at(user, now) if told.optional and not told.at_once else now
    language = user.interface_language
    return Delivery(
        mailing=mailing,
        user=user,
        address=user.email,
        language=language if language in codes() else "en",
        due_at=due,
        digest_key=uuid.uuid5(_DIGESTS, f"{user.pk} {due.isoformat()}") if due > now else None,
    )
