"""What people change in the ledger."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from touchpoints.exceptions import RequeueRefused
from touchpoints.models import Delivery, DeliveryState
from touchpoints.permissions import can_requeue_delivery

REQUEUABLE = (DeliveryState.FAILED, DeliveryState.BOUNCED)


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
    )
    if not changed:
        raise RequeueRefused(_("Only a failed or bounced delivery can be sent again."))
