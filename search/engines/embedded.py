"""The embedded engine: SQLite FTS5, one table a language, analysed here in Python.

Documents lie in `<prefix>docs` (with tombstones), their analysed terms in
`<prefix>fts_<language>` (columns title, body, exact title), unstemmed words
for spelling in `<prefix>words`; the text of files is `attached`'s. The prefix
carries the schema's and the analyzer's version: another version finds no
table, makes its own and asks for a rebuild.
"""

import datetime
import json
import uuid
from collections.abc import Iterable, Sequence
from functools import lru_cache, wraps

from django.conf import settings

from search import analysis
from search.analysis import normal
from search.contract import Document
from search.engines import candidates, expansion, fts
from search.engines.analysed import AnalysedDocument
from search.engines.attached import AttachedTexts
from search.engines.base import Answer, Candidate, Question, Stored
from search.engines.spelling import Speller
from search.engines.store import DatabaseStore, FileStore, MissingTable, store
from search.query import Query

_SCHEMA = 2
_FAMILY = "gkcindex_"
PREFIX = f"{_FAMILY}s{_SCHEMA}a{analysis.VERSION}_"
# bm25 weights of title, body, exact title (measured).
_WEIGHTS = "8.0, 1.0, 25.0"
# Words in more than this share of a language's rows are left out of the OR ...
_COMMON_SHARE = 0.15
# ... where there are enough rows for a share to mean anything.
_COMMON_ROWS = 50
_LANGUAGES_WITH_ONE_WORD_IN_MANY_SPELLINGS = ("fa",)
# FTS5's own tables, which go with their main table.
_SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")
# SQLite takes 32,766 parameters a statement; stay far below.
_CHUNK = 900


def _making_schema(method):
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


class EmbeddedEngine:
    """See search.engines.base.Engine. `place` is the site's own index unless given."""

    name = "embedded"

    def __init__(self, place: FileStore | None = None):
        self.speller = Speller()
        self._place = place

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
            for statement in [*_SCHEMA_SQL, *AttachedTexts.schema(PREFIX, every_table)]:
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
            self.set_meta("needs_rebuild", "1")
        return True

    def meta(self, name: str) -> str:
        """A note kept with the index; '' where there is none."""
        rows = self.place.rows(f"SELECT value FROM {PREFIX}meta WHERE name = ?", [name])
        return rows[0][0] if rows else ""

    @_making_schema
    def set_rebuilt(self) -> None:
        """Note that every document has been written since the index was made."""
        self.set_meta("needs_rebuild", "")

    def set_meta(self, name: str, value: str) -> None:
        """Keep a note with the index."""
        self.place.rows(
            f"INSERT INTO {PREFIX}meta (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )

    @_making_schema
    def needs_rebuild(self) -> bool:
        """Whether the index was made empty while the site may have had documents."""
        return self.meta("needs_rebuild") == "1"

    # --- writing ----------------------------------------------------------
    @_making_schema
    def write(self, document: Document, version: int) -> None:
        self._probe()
        place = self.place
        title, body, names = (normal(t) for t in (document.title, document.body, document.names))
        with place.writing():
            old = self._row(document.key, document.language)
            if old and old[1] > version:
                return
            old_words = self._leave_index(old, document.language)
            analysed = AnalysedDocument(title, body, names, document.language)
            row = [
                version,
                0,
                title,
                body,
                names,
                document.url,
                json.dumps(document.values, ensure_ascii=False),
                document.date.isoformat() if document.date else None,
            ]
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
                [rowid, *analysed.columns()],
            )
            self._count_words(document.language, old_words, analysed.words())
            self._attach(rowid, document.language, normal(document.attachments))

    def _attached(self, language: str) -> AttachedTexts:
        return AttachedTexts(self.place, PREFIX, fts_table(language))

    def _attach(self, rowid: int, language: str, text: str) -> None:
        """Hold the text of a document's files; '' takes it out."""
        self._count_words(language, *self._attached(language).write(rowid, text, language))

    @_making_schema
    def remove(self, key: str, language: str, version: int) -> None:
        self._probe()
        place = self.place
        with place.writing():
            old = self._row(key, language)
            if old and old[1] > version:
                return
            self._count_words(language, self._leave_index(old, language), {})
            if old:
                self._attach(old[0], language, "")
            place.rows(
                f"INSERT INTO {PREFIX}docs (key, language, version, deleted) VALUES (?, ?, ?, 1)"
                " ON CONFLICT (key, language) DO UPDATE SET version = excluded.version,"
                " deleted = 1, title = '', body = '', names = '', url = '', facets = '{}'",
                [key, language, version],
            )

    @_making_schema
    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        self._probe()
        place = self.place
        with place.writing():
            for key, language in keys:
                old = self._row(key, language)
                self._count_words(language, self._leave_index(old, language), {})
                if old:
                    self._attach(old[0], language, "")
                place.rows(
                    f"DELETE FROM {PREFIX}docs WHERE key = ? AND language = ?", [key, language]
                )

    @_making_schema
    def versions(self, language: str | None = None) -> dict[tuple[str, str], int]:
        where = " AND language = ?" if language else ""
        rows = self.place.rows(
            f"SELECT key, language, version FROM {PREFIX}docs WHERE deleted = 0{where}",
            [language] if language else [],
        )
        return {(key, code): version for key, code, version in rows}

    def _probe(self) -> None:
        """Raises MissingTable where the schema is not there."""
        self.meta("needs_rebuild")

    def _row(self, key: str, language: str) -> tuple | None:
        """(id, version, deleted, title, body, names) of a stored document."""
        rows = self.place.rows(
            f"SELECT id, version, deleted, title, body, names FROM {PREFIX}docs"
            " WHERE key = ? AND language = ?",
            [key, language],
        )
        return rows[0] if rows else None

    def _leave_index(self, row: tuple | None, language: str) -> dict[str, str]:
        """Take a stored document's terms out; returns the words it had."""
        if row is None or row[2]:
            return {}
        self.place.rows(f"DELETE FROM {fts_table(language)} WHERE rowid = ?", [row[0]])
        return AnalysedDocument(*row[3:6], language).words()

    def _count_words(self, language: str, old: dict[str, str], new: dict[str, str]) -> None:
        """Keep how many documents hold each unstemmed word: one had `old` and has `new`."""
        gone = [(language, word) for word in old.keys() - new.keys()]
        come = [(language, word, new[word]) for word in new.keys() - old.keys()]
        if not gone and not come:
            return
        place = self.place
        place.many(
            f"UPDATE {PREFIX}words SET documents = documents - 1 WHERE language = ? AND word = ?",
            gone,
        )
        place.many(
            f"DELETE FROM {PREFIX}words WHERE language = ? AND word = ? AND documents <= 0", gone
        )
        place.many(
            f"INSERT INTO {PREFIX}words (language, word, shown, documents) VALUES (?, ?, ?, 1)"
            " ON CONFLICT (language, word) DO UPDATE SET documents = documents + 1",
            come,
        )
        # Random, not counted up: a rolled-back value must never come again for other words.
        self.set_meta(f"words:{language}", uuid.uuid4().hex)

    # --- finding ----------------------------------------------------------
    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        return [candidates.answer(self, question) for question in questions]

    @_making_schema
    def find(self, query: Query, limit: int, *, every_word: bool = False) -> list[Candidate]:
        if query.is_empty or query.language not in dict(settings.LANGUAGES):
            return []
        joined, split = self._spellings(query)
        table = fts_table(query.language)
        all_words = fts.match_all(query, joined, split)
        as_typed = fts.match_all(query, joined, split, expanded=False)
        files = self._attached(query.language)
        if every_word:
            rows, complete = self._ranked(table, as_typed, limit), None
            has_files = not files.is_empty()
        else:
            best = fts.match_best(query, joined, split, self._common(query))
            rows = self._ranked(table, best, limit)
            complete = self._ids(table, all_words, limit, files.mark_where_any())
            has_files = files.MARK in complete
        if query.synonyms:
            other = all_words if every_word else fts.match_synonyms(query, joined, split)
            if others := self._ranked(table, other, limit):
                exact = self._ids(table, as_typed, limit)
                rows = expansion.merged(rows, others, exact)[:limit]
        through_files: set[int] = set()
        if has_files:
            parts = self._parts(query, joined, split)
            rows, through_files = files.joined_in(rows, parts, fts.excluded(query), complete, limit)
        return [
            Candidate(
                key,
                -rank,
                _values(facets),
                _date(date),
                complete is None or rowid in complete or rowid in through_files,
                rowid in through_files,
            )
            for rowid, key, rank, facets, date in rows
        ]

    def _ranked(self, table: str, expression: str, limit: int) -> list[expansion.Row]:
        """The best rows that match, best first."""
        return self.place.rows(
            "SELECT d.id, d.key, f.rank, d.facets, d.date FROM"
            f" (SELECT rowid, rank FROM {table} WHERE {table} MATCH ?"
            f" AND rank MATCH 'bm25({_WEIGHTS})' ORDER BY rank LIMIT ?) f"
            f" JOIN {PREFIX}docs d ON d.id = f.rowid ORDER BY f.rank, d.id DESC",
            [expression, limit],
        )

    def _ids(self, table: str, expression: str, limit: int, more: str = "") -> set[int]:
        """Ids of rows that match, and what the query `more` gives."""
        rows = self.place.rows(
            f"SELECT rowid FROM (SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?){more}",
            [expression, limit],
        )
        return {rowid for (rowid,) in rows}

    def _parts(self, query: Query, joined: dict, split: dict) -> list[str]:
        """What must all stand, phrases in quotes too."""
        words = fts.every_part(query, joined, split, query.synonyms)
        return [*words, *(fts.phrase(t.text for t in found) for found in query.phrases)]

    def passages(self, query: Query, keys: Iterable[str]) -> dict[str, str]:
        """Where most of the words stand in the files of these documents."""
        parts = self._parts(query, *self._spellings(query))
        keys = list(keys)
        marks = ", ".join("?" * len(keys))
        rows = self.place.rows(
            f"SELECT key, id FROM {PREFIX}docs WHERE language = ? AND key IN ({marks})",
            [query.language, *keys],
        )
        files = self._attached(query.language)
        return {key: files.passage(pk, parts) for key, pk in rows}

    def _common(self, query: Query) -> frozenset[str]:
        """Terms of the query that stand in too many rows to tell documents apart."""
        if len(query.terms) < 2:
            return frozenset()
        place, table = self.place, fts_table(query.language)
        wanted = sorted(query.wanted)
        marks = ", ".join("?" * len(wanted))
        rows = place.rows(
            f"SELECT term, doc FROM {table}_terms WHERE term IN ({marks})"
            f" UNION ALL SELECT '', count(*) FROM {PREFIX}docs WHERE language = ? AND deleted = 0",
            [*wanted, query.language],
        )
        counts = dict(rows)
        total = counts.pop("", 0)
        if total < _COMMON_ROWS:
            return frozenset()
        return frozenset(term for term, rows in counts.items() if rows > _COMMON_SHARE * total)

    def _spellings(self, query: Query) -> tuple[dict, dict]:
        """Joined and spaced forms that stand in the index (Persian)."""
        if query.language not in _LANGUAGES_WITH_ONE_WORD_IN_MANY_SPELLINGS:
            return {}, {}
        words = [term.word for term in query.terms]
        asked = {a + b for a, b in zip(words, words[1:], strict=False)}
        for word in words:
            asked.update(part for pair in fts.cuts(word) for part in pair)
        return fts.spellings(query, self._known(asked, query.language))

    def _known(self, words: Iterable[str], language: str) -> set[str]:
        """Those of the words that stand in the language's index."""
        wanted = sorted(words)[:_CHUNK]
        marks = ", ".join("?" * len(wanted))
        rows = self.place.rows(
            f"SELECT word FROM {PREFIX}words WHERE language = ? AND word IN ({marks})",
            [language, *wanted],
        )
        return {word for (word,) in rows}

    @_making_schema
    def stored(self, language: str, keys: Iterable[str]) -> dict[str, Stored]:
        keys = list(keys)
        marks = ", ".join("?" * len(keys))
        rows = self.place.rows(
            f"SELECT key, title, body, url FROM {PREFIX}docs"
            f" WHERE language = ? AND deleted = 0 AND key IN ({marks})",
            [language, *keys],
        )
        return {key: Stored(title, body, url) for key, title, body, url in rows}

    # --- spelling -----------------------------------------------------------
    @_making_schema
    def corrections(self, query: Query, limit: int) -> list[str]:
        return self.speller.corrections(
            query, limit, self.meta(f"words:{query.language}"), self._vocabulary
        )

    def _vocabulary(self, language: str) -> list[tuple[str, str, int]]:
        """(word, as shown, documents) of a language."""
        return self.place.rows(
            f"SELECT word, shown, documents FROM {PREFIX}words WHERE language = ?", [language]
        )


@lru_cache(maxsize=4_096)
def _values(facets: str) -> dict[str, tuple[str, ...]]:
    """Thousands of candidates share few combinations; nobody changes the dict."""
    return {facet: tuple(values) for facet, values in json.loads(facets).items()}


@lru_cache(maxsize=4_096)
def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


_SCHEMA_SQL = [
    f"""CREATE TABLE IF NOT EXISTS {PREFIX}docs (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, language TEXT NOT NULL,
        version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
        title TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '',
        names TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
        facets TEXT NOT NULL DEFAULT '{{}}', date TEXT, UNIQUE (key, language))""",
    f"CREATE INDEX IF NOT EXISTS {PREFIX}docs_language ON {PREFIX}docs (language, deleted)",
    f"""CREATE TABLE IF NOT EXISTS {PREFIX}words (
        language TEXT NOT NULL, word TEXT NOT NULL, shown TEXT NOT NULL,
        documents INTEGER NOT NULL, PRIMARY KEY (language, word)) WITHOUT ROWID""",
    f"CREATE TABLE IF NOT EXISTS {PREFIX}meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
]
