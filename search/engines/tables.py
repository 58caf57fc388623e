"""The tables of the embedded engine: one FTS5 table a language, analysed here in Python.

Documents lie in `<prefix>docs` (with tombstones), their analysed terms in
`<prefix>fts_<language>` (columns title, body, exact title); unstemmed words
for spelling are `words`', the text of files is `attached`'s. The prefix
carries the schema's and the analyzer's version: another version finds no
table, makes its own and asks for a rebuild.
"""

import itertools
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import wraps

from django.conf import settings

from search import analysis
from search.analysis import normal
from search.contract import Document
from search.engines import analysed
from search.engines.analysed import Texts
from search.engines.attached import AttachedTexts
from search.engines.base import Change, Outcome
from search.engines.store import DatabaseStore, FileStore, MissingTable, store
from search.engines.words import Words
from search.models import SearchDocument

_SCHEMA = 4
_FAMILY = "gkcindex_"
PREFIX = f"{_FAMILY}s{_SCHEMA}a{analysis.VERSION}_"
# How full the index is, as a note kept with it: made empty though documents were known;
# made before any was; filled by following the versions; whole.
_STATE = "needs_rebuild"
_EMPTY, _NEW, _FOLLOWING, _WHOLE = "1", "new", "following", ""
# FTS5's own tables, which go with their main table.
_SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")
_JSON = json.JSONEncoder(ensure_ascii=False)
# SQLite takes 32,766 parameters a statement; stay far below.
CHUNK = 900


def making_schema(method):
    """Make the index where it is missing, then go on.

    Writers call `_probe` before their transaction: an error inside would
    condemn the caller's.
    """

    @wraps(method)
    def made(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except MissingTable:
            self.ensure_schema()
            return method(self, *args, **kwargs)

    return made


def fts_table(language: str) -> str:
    """The language's FTS5 table."""
    return f"{PREFIX}fts_{language.replace('-', '_')}"


class Tables:
    """Where documents are written. `place` is the site's own index unless given."""

    def __init__(self, place: FileStore | None = None):
        self._place = place
        self.words = Words(lambda: self.place, PREFIX, fts_table)
        self._was_whole = False

    @property
    def place(self) -> DatabaseStore | FileStore:
        """Where the index lies."""
        return self._place or store()

    @property
    def is_transactional(self) -> bool:
        return self.place.is_transactional

    # --- schema -----------------------------------------------------------
    def ensure_schema(self) -> bool:
        place = self.place
        with place.writing():
            tables = {
                name
                for (name,) in place.rows(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?",
                    [f"{_FAMILY}%"],
                )
            }
            wanted = [f"{PREFIX}docs", *(fts_table(code) for code, _n in settings.LANGUAGES)]
            missing = [name for name in wanted if name not in tables]
            if not missing:
                return False
            for name in sorted(tables):
                # Half an index of this version goes too: its parts must agree.
                if not name.endswith(_SHADOWS):
                    place.rows(f"DROP TABLE IF EXISTS {name}")
            every_table = [fts_table(code) for code, _name in settings.LANGUAGES]
            for statement in [
                *_SCHEMA_SQL,
                *Words.schema(PREFIX),
                *AttachedTexts.schema(PREFIX, every_table),
            ]:
                place.rows(statement)
            for code, _name in settings.LANGUAGES:
                table = fts_table(code)
                place.rows(
                    f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}"
                    " USING fts5(title, body, exact, tokenize = 'ascii')"
                )
                place.rows(
                    f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_terms"
                    f" USING fts5vocab({table}, row)"
                )
            self._was_whole = False
            self.set_meta(_STATE, _EMPTY if self._lacks_documents() else _NEW)
        return True

    def _lacks_documents(self) -> bool:
        """Whether the site has documents that an index of its own, just made, does not hold."""
        return self._place is None and SearchDocument.objects.exists()

    @making_schema
    def prepare(self) -> None:
        """Make the index now where it is missing, before documents are noted."""
        self._probe()

    def meta(self, name: str) -> str:
        """A note kept with the index; '' where there is none."""
        rows = self.place.rows(f"SELECT value FROM {PREFIX}meta WHERE name = ?", [name])
        return rows[0][0] if rows else ""

    @making_schema
    def set_rebuilt(self) -> None:
        """Note that every document has been written since the index was made."""
        self.set_meta(_STATE, _WHOLE)

    @making_schema
    def set_following(self) -> None:
        """Note that the index is filled by following the versions, all of them."""
        self.set_meta(_STATE, _FOLLOWING if self.meta(_STATE) == _EMPTY else _WHOLE)

    def set_meta(self, name: str, value: str) -> None:
        """Keep a note with the index."""
        self.place.rows(
            f"INSERT INTO {PREFIX}meta (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )

    @making_schema
    def needs_rebuild(self) -> bool:
        """Whether the index was made empty while the site may have had documents."""
        return self.meta(_STATE) in (_EMPTY, _NEW)

    def is_whole(self) -> bool:
        """Whether no document is known that was not written since the index was made.

        Asked until it is: what is whole stays so, unless it is made anew.
        """
        self._was_whole = self._was_whole or self._is_whole()
        return self._was_whole

    @making_schema
    def _is_whole(self) -> bool:
        return self.meta(_STATE) in (_WHOLE, _NEW)

    # --- writing ----------------------------------------------------------
    @making_schema
    def write(self, document: Document, version: int) -> None:
        self._probe()
        place = self.place
        texts = _texts_of(document)
        with place.writing():
            old = self._row(document.key, document.language)
            if old and old[1] > version:
                return
            old_words = self._leave_index(old, document.language)
            analyser = self.words.analyser(document.language)
            row = _row_of(document, texts, version)
            if old:
                rowid = old[0]
                place.rows(
                    f"UPDATE {PREFIX}docs SET version = ?, deleted = ?, title = ?, body = ?,"
                    " names = ?, url = ?, facets = ?, date = ? WHERE id = ?",
                    [*row, rowid],
                )
            else:
                rowid = place.insert(
                    f"INSERT INTO {PREFIX}docs (version, deleted, title, body, names, url, facets,"
                    " date, key, language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [*row, document.key, document.language],
                )
            place.rows(
                f"INSERT INTO {fts_table(document.language)} (rowid, title, body, exact)"
                " VALUES (?, ?, ?, ?)",
                [rowid, *analyser.columns([texts])[0]],
            )
            old_words |= self._attached(document.language).write(
                rowid, normal(document.attachments), analyser
            )
            self.words.hold(analyser)
            if old_words:
                old_words -= analysed.words(texts, document.language)
            self._note_change(document.language, old_words)

    def _attached(self, language: str) -> AttachedTexts:
        return AttachedTexts(self.place, PREFIX, fts_table(language))

    @making_schema
    def write_many(self, changes: Sequence[Change]) -> Outcome:
        self._probe()
        with self.place.writing():
            for chunk in _chunks(changes):
                # Were a pair to stand twice, the newest would be written, whatever the order.
                chunk.sort(key=lambda change: change.version)
                chunk = list({(change.key, change.language): change for change in chunk}.values())
                known = self._known_keys({change.key for change in chunk})
                fresh = []
                for change in chunk:
                    pair = (change.key, change.language)
                    if change.document is None:
                        self.remove(*pair, change.version)
                    elif pair in known:
                        self.write(change.document, change.version)
                    else:
                        fresh.append((change.document, change.version))
                self._write_fresh(fresh)
        return Outcome(done=list(changes))

    def _known_keys(self, keys: set[str]) -> set[tuple[str, str]]:
        """(key, language) pairs that have a row, tombstones included."""
        marks = ", ".join("?" * len(keys))
        return set(
            self.place.rows(
                f"SELECT key, language FROM {PREFIX}docs WHERE key IN ({marks})", sorted(keys)
            )
        )

    def _write_fresh(self, documents: list[tuple[Document, int]]) -> None:
        """Add documents that have no row yet, a statement for each table."""
        place = self.place
        ((last,),) = place.rows(f"SELECT coalesce(max(id), 0) FROM {PREFIX}docs")
        rows: list[tuple] = []
        ids: dict[str, list[int]] = defaultdict(list)
        texts: dict[str, list[Texts]] = defaultdict(list)
        attached: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for rowid, (document, version) in enumerate(documents, last + 1):
            language, own = document.language, _texts_of(document)
            rows.append((rowid, document.key, language, *_row_of(document, own, version)))
            ids[language].append(rowid)
            texts[language].append(own)
            if document.attachments:
                attached[language].append((rowid, document.attachments))
        place.many(
            f"INSERT INTO {PREFIX}docs (id, key, language, version, deleted, title, body, names,"
            " url, facets, date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        for language, some in texts.items():
            analyser = self.words.analyser(language)
            columns = analyser.columns(some)
            place.many(
                f"INSERT INTO {fts_table(language)} (rowid, title, body, exact)"
                " VALUES (?, ?, ?, ?)",
                [(rowid, *each) for rowid, each in zip(ids[language], columns, strict=True)],
            )
            for rowid, text in attached[language]:
                self._attached(language).write(rowid, normal(text), analyser)
            self.words.hold(analyser)
            self._note_change(language)

    @making_schema
    def remove(self, key: str, language: str, version: int) -> None:
        self._probe()
        place = self.place
        with place.writing():
            old = self._row(key, language)
            if old and old[1] > version:
                return
            gone = self._leave_index(old, language)
            if old:
                gone |= self._attached(language).leave(old[0], language)
            self._note_change(language, gone)
            place.rows(
                f"INSERT INTO {PREFIX}docs (key, language, version, deleted) VALUES (?, ?, ?, 1)"
                " ON CONFLICT (key, language) DO UPDATE SET version = excluded.version,"
                " deleted = 1, title = '', body = '', names = '', url = '', facets = '{}'",
                [key, language, version],
            )

    @making_schema
    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        self._probe()
        place = self.place
        with place.writing():
            for key, language in keys:
                old = self._row(key, language)
                gone = self._leave_index(old, language)
                if old:
                    gone |= self._attached(language).leave(old[0], language)
                self._note_change(language, gone)
                place.rows(
                    f"DELETE FROM {PREFIX}docs WHERE key = ? AND language = ?", [key, language]
                )

    @making_schema
    def versions(self, language: str | None = None) -> dict[tuple[str, str], int]:
        where = " AND language = ?" if language else ""
        rows = self.place.rows(
            f"SELECT key, language, version FROM {PREFIX}docs WHERE deleted = 0{where}",
            [language] if language else [],
        )
        return {(key, code): version for key, code, version in rows}

    def _probe(self) -> None:
        """Raises MissingTable where the schema is not there."""
        self.meta(_STATE)

    def _row(self, key: str, language: str) -> tuple | None:
        """(id, version, deleted, title, body, names) of a stored document."""
        rows = self.place.rows(
            f"SELECT id, version, deleted, title, body, names FROM {PREFIX}docs"
            " WHERE key = ? AND language = ?",
            [key, language],
        )
        return rows[0] if rows else None

    def _leave_index(self, row: tuple | None, language: str) -> set[str]:
        """Take a stored document's terms out; returns the words it had."""
        if row is None or row[2]:
            return set()
        self.place.rows(f"DELETE FROM {fts_table(language)} WHERE rowid = ?", [row[0]])
        return analysed.words(Texts(*row[3:6]), language)

    def _note_change(self, language: str, gone: Iterable[str] = ()) -> None:
        """Documents came or went, and with them the words `gone`."""
        if gone:
            self.words.drop_unused(language, gone)
        # Random, not counted up: a rolled-back value must never come again for other documents.
        self.set_meta(f"documents:{language}", uuid.uuid4().hex)


def _texts_of(document: Document) -> Texts:
    return Texts(normal(document.title), normal(document.body), normal(document.names))


def _row_of(document: Document, texts: Texts, version: int) -> tuple:
    """version, deleted, title, body, names, url, facets, date as they are stored."""
    return (
        version,
        0,
        *texts,
        document.url,
        _JSON.encode(document.values),
        document.date.isoformat() if document.date else None,
    )


def _chunks(changes: Iterable[Change]) -> Iterator[list[Change]]:
    waiting = iter(changes)
    while chunk := list(itertools.islice(waiting, CHUNK)):
        yield chunk


_SCHEMA_SQL = [
    # What every candidate is asked for stands before the long texts: SQLite need not pass them.
    f"""CREATE TABLE IF NOT EXISTS {PREFIX}docs (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, language TEXT NOT NULL,
        version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
        facets TEXT NOT NULL DEFAULT '{{}}', date TEXT, url TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '', names TEXT NOT NULL DEFAULT '',
        body TEXT NOT NULL DEFAULT '', UNIQUE (key, language))""",
    f"CREATE INDEX IF NOT EXISTS {PREFIX}docs_language ON {PREFIX}docs (language, deleted)",
    f"CREATE TABLE IF NOT EXISTS {PREFIX}meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
]
