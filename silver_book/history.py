"""What a text of the book said on an earlier day, from the revisions that were live."""

import calendar
import datetime
import json
from dataclasses import dataclass

from django.utils import timezone
from wagtail.models import PageLogEntry

from silver_book.models import BookSectionPage

# What puts a revision live: an editor or a second reader, or an import.
PUBLISHING = ("wagtail.publish", "wagtail.publish.schedule", "silver_book.import")
SIX_MONTHS = 6


@dataclass(frozen=True)
class Earlier:
    """The text as it stood: since when, and its words. `is_first`: there was none before."""

    content: dict
    since: datetime.datetime
    is_first: bool


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of an earlier month, or that month's last."""
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def text_on(page: BookSectionPage, day: datetime.date) -> Earlier | None:
    """What readers saw at the end of a day; the first text there was where the day is before it.

    None where the site has no record of what it said. Two queries.
    """
    zone = timezone.get_default_timezone()
    end = datetime.datetime.combine(day, datetime.time.max, tzinfo=zone)
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=PUBLISHING)
    entries = entries.exclude(revision=None).select_related("revision")
    entry = entries.filter(timestamp__lte=end).order_by("-timestamp", "-pk").first()
    is_first = entry is None
    if is_first:
        entry = entries.order_by("timestamp", "pk").first()
    if entry is None:
        return None
    kept = entry.revision.content
    body = kept.get("body") or "[]"
    content = {
        "title": kept.get("title", ""),
        "summary": kept.get("summary", ""),
        "blocks": json.loads(body) if isinstance(body, str) else body,
    }
    return Earlier(content, entry.timestamp, is_first)
