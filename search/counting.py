"""How many searches are sent, and how many find nothing: for the figures of all rooms.

No answer waits for its count. What the database does not take at once (another
writer holds SQLite's lock, or PostgreSQL's row) is kept in this process's
memory and written with a later search's; a process that ends before loses it.
"""

import contextlib
import datetime
import threading
from collections.abc import Iterator

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.registry import Figure, Period, RoomMeasure, ScopeKey, register_measure
from search.models import SearchDay

# PostgreSQL: how long a count waits for another's; 0 would be for ever (ms).
ROW_WAIT_MS = 20
# (day, language) → (sent, without a result) that were not written yet.
_kept: dict[tuple[datetime.date, str], tuple[int, int]] = {}
_guard = threading.Lock()


def count(language: str, *, found: bool) -> None:
    """One more search of today. One query, three for a day's first in a language."""
    _keep({(timezone.localdate(), language): (1, int(not found))})
    with _guard:
        taken = dict(_kept)
        _kept.clear()
    try:
        with _without_waiting():
            for (day, code), (sent, empty) in sorted(taken.items()):
                _add({"day": day, "language": code}, sent, empty)
    except DatabaseError:
        _keep(taken)


def _keep(counts: dict[tuple[datetime.date, str], tuple[int, int]]) -> None:
    with _guard:
        for key, (sent, empty) in counts.items():
            before = _kept.get(key, (0, 0))
            _kept[key] = (before[0] + sent, before[1] + empty)


def _add(row: dict, sent: int, empty: int) -> None:
    more = {"sent": F("sent") + sent, "without_result": F("without_result") + empty}
    if not SearchDay.objects.filter(**row).update(**more):
        SearchDay.objects.bulk_create([SearchDay(**row)], ignore_conflicts=True)
        SearchDay.objects.filter(**row).update(**more)


@contextlib.contextmanager
def _without_waiting() -> Iterator[None]:
    """A transaction that raises OperationalError where it would have to wait for another."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = {ROW_WAIT_MS}")
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    patience_ms = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        with transaction.atomic():
            yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience_ms}")


def without_result(period: Period, areas: list | None) -> dict[ScopeKey, Figure]:
    """The share of searches that found nothing in the language they were sent in. One query."""
    found = SearchDay.objects.filter(day__gte=period.since, day__lt=period.until).aggregate(
        sent=Sum("sent"), empty=Sum("without_result")
    )
    sent = found["sent"]
    return {None: Figure(found["empty"] / sent * 100 if sent else None, of=sent or 0)}


def register() -> None:
    """Called once, when the room starts."""
    register_measure(
        RoomMeasure(
            "search.without_result",
            _("Searches without a result"),
            "%",
            without_result,
            hint=_("Of those that were sent; not what is asked while one types."),
            by_region=False,
            order=40,
        )
    )
