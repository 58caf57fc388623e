"""QuerySets of the ledger."""

import datetime

from django.db.models import Q, QuerySet


class DeliveryQuerySet(QuerySet):
    """Deliveries."""

    def claimable(self, now: datetime.datetime) -> "DeliveryQuerySet":
        """Queued, due, and held by no sender whose lease still runs."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        return self.filter(free, state="queued", due_at__lte=now)
