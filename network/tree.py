"""One writer of the page tree at a time, on both databases (docs/adr/0004).

Wagtail's publish() writes tree fields it read earlier: eight processes got
UNIQUE errors and wrong `numchild` on SQLite and PostgreSQL. Inside
`tree_change()` a page must be read again before it is written.
"""

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from network.advisory import TREE, advisory_lock

_held = threading.local()


@contextlib.contextmanager
def writing_in_turn() -> Iterator[None]:
    """SQLite: whoever is about to write waits here for the others, first come first served.

    Around a transaction that many people want at once: they queue at an flock
    instead of running into the busy timeout, which knows no order. An
    enclosing transaction already holds SQLite's only write lock, so then the
    flock is left out (it would be taken in the wrong order). PostgreSQL needs
    none of it: rows and advisory locks have queues of their own.
    """
    if connection.vendor == "postgresql" or connection.in_atomic_block:
        yield
        return
    if getattr(_held, "depth", 0):
        yield
        return
    path = Path(settings.GKC_HOME) / "tree.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _held.depth = 1
        try:
            yield
        finally:
            _held.depth = 0
            fcntl.flock(lock, fcntl.LOCK_UN)


@contextlib.contextmanager
def tree_change() -> Iterator[None]:
    """A transaction that alone may change pages; re-entrant in a thread.

    SQLite: in turn (`writing_in_turn`), then BEGIN IMMEDIATE. PostgreSQL: an
    advisory lock that ends with the transaction.
    """
    with writing_in_turn(), transaction.atomic():
        advisory_lock(TREE)
        yield
