"""What people change in the ledger, about addresses, and about their own mail."""

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from touchpoints import returns
from touchpoints.exceptions import RequeueRefused, ReturnRefused
from touchpoints.models import Delivery, DeliveryState, FeedToken, MailChoice, Suppression
from touchpoints.permissions import (
    can_record_return,
    can_requeue_delivery,
    can_restore_address,
)
from touchpoints.registry import kind
from touchpoints.stopping import hash_of

REQUEUABLE = (DeliveryState.FAILED, DeliveryState.BOUNCED)
FEEDS_AT_MOST = 20  # a person's addresses in force


def requeue(delivery: Delivery, *, by) -> None:
    """Try a failed or bounced delivery again, with all its attempts and the same Message-ID.

    Raises PermissionDenied, or RequeueRefused when it is in another state by now.
    """
    if not can_requeue_delivery(by):
        raise PermissionDenied
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=REQUEUABLE).update(
        state=DeliveryState.QUEUED,
        reason="",
        attempts=0,
        due_at=timezone.now(),
        claimed_until=None,
        returned_at=None,
    )
    if not changed:
        raise RequeueRefused(_("Only a failed or bounced delivery can be sent again."))


def record_return(delivery: Delivery, *, by, hard: bool, words: str) -> Suppression | None:
    """Write down by hand that a delivery's mail came back, as a mail program shows it.

    Raises PermissionDenied, or ReturnRefused where it never went out.
    """
    if not can_record_return(by):
        raise PermissionDenied
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if row.state not in (DeliveryState.SENT, DeliveryState.BOUNCED):
            raise ReturnRefused(_("Only a mail that was sent can come back."))
        rows = returns.deliveries_of(row.message_id)
        return returns.note_bounce(rows, row.address, hard=hard, words=words, by=by)


def restore_address(address: str, *, by) -> None:
    """Use an address again. The row stays as history; a second call changes nothing.

    Raises PermissionDenied.
    """
    if not can_restore_address(by, address):
        raise PermissionDenied
    Suppression.objects.in_force().filter(address=address.lower()).update(
        lifted_at=timezone.now(), lifted_by=by
    )


def choose_mail(user, choices: dict[str, bool]) -> None:
    """Keep a person's choices: kind → wanted, '' for all that is optional.

    Raises KeyError for a kind that no room registered.
    """
    for name in choices:
        if name:
            kind(name)
    with transaction.atomic():
        for name, is_wanted in choices.items():
            MailChoice.objects.update_or_create(
                user=user, kind=name, defaults={"is_wanted": is_wanted}
            )


def make_feed_address(user, label: str = "") -> tuple[FeedToken, str]:
    """A new secret for feeds, and the secret itself: it is shown once and kept nowhere.

    Raises PermissionDenied where the person has FEEDS_AT_MOST already.
    """
    if user.feed_tokens.filter(revoked_at__isnull=True).count() >= FEEDS_AT_MOST:
        raise PermissionDenied
    secret = secrets.token_urlsafe(24)
    return FeedToken.objects.create(user=user, hash=hash_of(secret), label=label[:80]), secret


def revoke_feed_address(token: FeedToken, *, by) -> None:
    """End it for good. Raises PermissionDenied for anybody but its owner."""
    if token.user_id != by.pk:
        raise PermissionDenied
    FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
