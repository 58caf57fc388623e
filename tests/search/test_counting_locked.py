"""A search never waits for its count: not behind SQLite's one writer, not behind a row's."""

import gc
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from search.counting import count
from search.models import SearchDay

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_MS = 400  # of the control; the site's own is 20 s


@contextmanager
def somebody_writes():
    """Another connection holds SQLite's write lock, or PostgreSQL's row of today."""
    writes, ends = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                SearchDay.objects.update(sent=F("sent"))
                writes.set()
                ends.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert writes.wait(30)
        yield
    finally:
        ends.set()
        writer.join()
        # A refused BEGIN stands in its error's frames, and keeps the connection's files open.
        gc.collect()


def patience() -> int:
    """How long this connection waits for a lock (ms)."""
    name = "busy_timeout" if connection.vendor == "sqlite" else "lock_timeout"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if connection.vendor == "sqlite" else f"SHOW {name}")
        return cursor.fetchone()[0]


def wait_at_most(ms: int) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {ms}")
        else:
            cursor.execute(f"SET lock_timeout = {ms}")


def test_a_search_answers_at_once_beside_a_writer_and_is_counted_later(client):
    client.get("/en/search/?q=qqqqzzzz")  # today's row, and all that a first search reads
    before = patience()
    with somebody_writes():
        begin = time.monotonic()
        answers = [client.get("/en/search/?q=qqqqzzzz").status_code for _turn in range(3)]
        spent = time.monotonic() - begin
        assert SearchDay.objects.get().sent == 1
    assert answers == [200, 200, 200]
    assert spent < 5
    assert patience() == before
    count("ja", found=True)
    rows = SearchDay.objects.order_by("language")
    kept = list(rows.values_list("day", "language", "sent", "without_result"))
    today = timezone.localdate()
    assert kept == [(today, "en", 4, 4), (today, "ja", 1, 0)]


def test_control_whoever_waits_is_kept_waiting():
    count("en", found=False)
    wait_at_most(PATIENCE_MS)
    with somebody_writes():
        begin = time.monotonic()
        with pytest.raises(DatabaseError), transaction.atomic():
            SearchDay.objects.update(sent=F("sent") + 1)
        assert time.monotonic() - begin >= PATIENCE_MS / 1000 * 0.9
