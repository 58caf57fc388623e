"""Where the embedded index lies: in the site's own SQLite database, or in a file of this host."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError

_local = threading.local()


class MissingTable(Exception):
    """The index was never made here, or another analyzer made it."""


class IndexUnavailable(Exception):
    """The host's index file cannot be written or read now: locked, full or gone."""


@contextlib.contextmanager
def _naming_errors() -> Iterator[None]:
    """Errors of the site's database stay what they are; a file's become this module's."""
    try:
        yield
    except (OperationalError, sqlite3.Error) as error:
        if "no such table" in str(error):
            raise MissingTable(str(error)) from error
        if isinstance(error, sqlite3.Error):
            raise IndexUnavailable(str(error)) from error
        raise


class DatabaseStore:
    """Tables beside the site's own, changed in the same transaction. SQL takes '?'."""

    is_transactional = True

    def rows(self, sql: str, params: Iterable = ()) -> list[tuple]:
        with _naming_errors(), connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), list(params))
            return cursor.fetchall() if cursor.description else []

    def many(self, sql: str, params: list[tuple]) -> int:
        """Rows changed by a statement put once for each of `params`."""
        with _naming_errors(), connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), params)
            return cursor.rowcount

    def insert(self, sql: str, params: Iterable) -> int:
        with _naming_errors(), connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), list(params))
            return cursor.lastrowid

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """The caller's transaction; an error undoes all of it, so no savepoint is spent."""
        with transaction.atomic(savepoint=False):
            yield


def _connections() -> dict[str, sqlite3.Connection]:
    """This thread's connections by path."""
    return _local.__dict__.setdefault("connections", {})


class FileStore:
    """An SQLite file of this host, one connection a thread."""

    is_transactional = False

    def __init__(self, path: str | Path):
        self.path = str(path)

    def close(self) -> None:
        """Close this thread's connection."""
        kept = _connections().pop(self.path, None)
        if kept is not None:
            kept.close()

    def settle(self) -> int:
        """Bring the journal into the file; the file's size in bytes."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(self.path).stat().st_size

    def _connection(self) -> sqlite3.Connection:
        path = self.path
        kept = _connections().get(path)
        if kept is None or not Path(path).exists():
            self.close()
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # isolation_level None: transactions are begun here, never by the driver.
            kept = sqlite3.connect(path, timeout=20, isolation_level=None)
            kept.execute("PRAGMA journal_mode=WAL")
            kept.execute("PRAGMA synchronous=NORMAL")
            kept.execute("PRAGMA temp_store=MEMORY")
            _connections()[path] = kept
        return kept

    def rows(self, sql: str, params: Iterable = ()) -> list[tuple]:
        with _naming_errors():
            return self._connection().execute(sql, list(params)).fetchall()

    def many(self, sql: str, params: list[tuple]) -> int:
        """Rows changed by a statement put once for each of `params`."""
        with _naming_errors():
            return self._connection().executemany(sql, params).rowcount

    def insert(self, sql: str, params: Iterable) -> int:
        with _naming_errors():
            return self._connection().execute(sql, list(params)).lastrowid

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction of the file; nested calls join the outer one."""
        with _naming_errors():
            file = self._connection()
            is_outer = not file.in_transaction
            if is_outer:
                file.execute("BEGIN IMMEDIATE")
        if not is_outer:
            yield
            return
        try:
            yield
        except BaseException:
            file.execute("ROLLBACK")
            raise
        with _naming_errors():
            file.execute("COMMIT")


def store() -> DatabaseStore | FileStore:
    """The place that fits the site's database."""
    return (
        DatabaseStore() if connection.vendor == "sqlite" else FileStore(settings.SEARCH_INDEX_PATH)
    )
