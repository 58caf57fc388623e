"""Sheets that were looked through and not loaded: kept for hours, then forgotten.

They hold people's names and addresses, whoever sent them comes back or not.
"""

import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from gkc_site.models import SheetDraft


def fresh() -> QuerySet:
    """Those that can still be loaded."""
    return SheetDraft.objects.filter(made_at__gt=_oldest())


def forget_stale() -> int:
    """Forget those that nobody loaded in time. How many; safe to run twice."""
    stale = SheetDraft.objects.filter(made_at__lte=_oldest())
    return stale.delete()[0]


def _oldest() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(hours=settings.SHEET_KEPT_H)
