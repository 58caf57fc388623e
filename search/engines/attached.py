"""Text of attached files in the embedded index: passages in a table of their own.

In its document's row a long file would make the row long, and so title and
body count for less; here it changes neither. The text is cut into passages:
what matches is also what is shown. `<prefix>fts_<language>_att` holds their
terms, `<prefix>passages` their text, under the document's id times
`_PASSAGES_MOST` plus their place; `<prefix>attached` what was written.
"""

import hashlib
from collections.abc import Iterable, Sequence

from search.engines import fts
from search.engines.analysed import Analyser, words_of
from search.engines.expansion import Row
from search.engines.store import DatabaseStore, FileStore

# Long enough for the words of a question to stand together, short enough to be shown from.
PASSAGE_CHARACTERS = 1_500
_PASSAGES_MOST = 1_000
# A document whose files hold every word stands at this share of the best score, or higher.
_SHARE_OF_BEST = 0.5
# The best so many documents whose files hold some of the words: the others may stand in the body.
_MOST_PARTLY = 1_000
_CHUNK = 900  # parameters of a statement


class AttachedTexts:
    """The passages of one language."""

    #: An id that no document has: stands among ids where there are files at all.
    MARK = -1

    def __init__(self, place: DatabaseStore | FileStore, prefix: str, table: str):
        self._place = place
        self._prefix = prefix
        self._main = table
        self._table = f"{table}_att"

    @staticmethod
    def schema(prefix: str, tables: Iterable[str]) -> list[str]:
        """Statements that make what this module writes."""
        return [
            f"CREATE TABLE IF NOT EXISTS {prefix}attached"
            " (id INTEGER PRIMARY KEY, digest TEXT NOT NULL)",
            f"CREATE TABLE IF NOT EXISTS {prefix}passages"
            " (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
            *(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {table}_att"
                " USING fts5(body, tokenize = 'ascii')"
                for table in tables
            ),
        ]

    # --- writing ----------------------------------------------------------
    def write(self, pk: int, text: str, analyser: Analyser) -> set[str]:
        """Hold this text for a document; '' takes it out. Returns words that left.

        Nothing is written where the text is what stands there.
        """
        digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest() if text else ""
        rows = self._place.rows(f"SELECT digest FROM {self._prefix}attached WHERE id = ?", [pk])
        if (rows[0][0] if rows else "") == digest:
            return set()
        gone = self.leave(pk, analyser.language)
        if not text:
            return gone
        first = pk * _PASSAGES_MOST
        kept = list(enumerate(passages(text), first))[:_PASSAGES_MOST]
        bodies = analyser.passages([passage for _place, passage in kept])
        indexed_rows = [(place, body) for (place, _text), body in zip(kept, bodies, strict=True)]
        self._place.many(f"INSERT INTO {self._table} (rowid, body) VALUES (?, ?)", indexed_rows)
        self._place.many(f"INSERT INTO {self._prefix}passages (id, text) VALUES (?, ?)", kept)
        self._place.rows(
            f"INSERT INTO {self._prefix}attached (id, digest) VALUES (?, ?)", [pk, digest]
        )
        return gone

    def leave(self, pk: int, language: str) -> set[str]:
        """Take a document's files out. Returns the words that they had."""
        if not self._place.rows(f"SELECT 1 FROM {self._prefix}attached WHERE id = ?", [pk]):
            return set()
        span = [pk * _PASSAGES_MOST, (pk + 1) * _PASSAGES_MOST]
        old = self._place.rows(
            f"SELECT text FROM {self._prefix}passages WHERE id >= ? AND id < ?", span
        )
        for table, key in ((self._table, "rowid"), (f"{self._prefix}passages", "id")):
            self._place.rows(f"DELETE FROM {table} WHERE {key} >= ? AND {key} < ?", span)
        self._place.rows(f"DELETE FROM {self._prefix}attached WHERE id = ?", [pk])
        return words_of("\n".join(text for (text,) in old), language)

    # --- finding ----------------------------------------------------------
    def is_empty(self) -> bool:
        """Whether no document of this language has a file with text."""
        return not self._place.rows(f"SELECT rowid FROM {self._table} LIMIT 1")

    def mark_where_any(self) -> str:
        """Adds MARK to a query for ids, unless `is_empty`: spares a query each question."""
        return f" UNION ALL SELECT {self.MARK} FROM (SELECT rowid FROM {self._table} LIMIT 1)"

    def joined_in(
        self,
        rows: Sequence[Row],
        parts: Sequence[str],
        unwanted: Sequence[str],
        complete: set[int] | None,
        limit: int,
    ) -> tuple[list[Row], set[int]]:
        """Rows found by title and body, and those that the files complete, best first.

        `parts` must all stand, in files, title or body; nothing `unwanted` in
        any of them. `complete` holds the ids of rows that need no file (None:
        all). Returns the rows, and the ids of those that need one.
        """
        unwanted_ids: set[int] = set()
        if unwanted:
            unwanted_ids = self._documents(" OR ".join(unwanted))
            rows = [row for row in rows if row[0] not in unwanted_ids]
        by_id = {row[0]: row for row in rows}
        enough = by_id.keys() if complete is None else complete
        found = [pk for pk in self._holding(parts) if pk not in enough and pk not in unwanted_ids]
        if unwanted and found:
            in_text = self._in_text(" OR ".join(unwanted), found)
            found = [pk for pk in found if pk not in in_text]
        if not found:
            return list(rows), set()
        by_id |= self._rows([pk for pk in found if pk not in by_id])
        found = [pk for pk in found if pk in by_id]
        least = min((row[2] for row in rows), default=-1.0) * _SHARE_OF_BEST
        place = {pk: order for order, pk in enumerate(found)}
        ranks = {pk: min(row[2], least) if pk in place else row[2] for pk, row in by_id.items()}
        order = sorted(by_id, key=lambda pk: (ranks[pk], place.get(pk, -1), -pk))
        joined = [(pk, by_id[pk][1], ranks[pk], by_id[pk][3], by_id[pk][4]) for pk in order[:limit]]
        return joined, set(found)

    def passage(self, pk: int, parts: Sequence[str]) -> str:
        """The passage of a document's files where most of the parts stand; '' where none does."""
        rows = self._place.rows(
            f"SELECT p.text FROM {self._table} f JOIN {self._prefix}passages p ON p.id = f.rowid"
            f" WHERE {self._table} MATCH ? AND f.rowid >= ? AND f.rowid < ?"
            " ORDER BY f.rank LIMIT 1",
            [" OR ".join(parts), pk * _PASSAGES_MOST, (pk + 1) * _PASSAGES_MOST],
        )
        return rows[0][0] if rows else ""

    def _holding(self, parts: Sequence[str]) -> list[int]:
        """Ids of documents in whose files, titles and bodies every part stands, best first.

        At least one stands in a file.
        """
        found = self._best(" OR ".join(parts))
        if len(parts) == 1:
            return found
        for part in parts:
            held = self._documents(part)
            lacking = [pk for pk in found if pk not in held]
            if lacking:
                held |= self._in_text(part, lacking)
            found = [pk for pk in found if pk in held]
            if not found:
                break
        return found

    def _best(self, expression: str) -> list[int]:
        """Ids of documents by the best passage of their files."""
        rows = self._place.rows(
            f"SELECT rowid / {_PASSAGES_MOST} AS doc, min(rank) AS best FROM {self._table}"
            f" WHERE {self._table} MATCH ? GROUP BY doc ORDER BY best, doc DESC LIMIT ?",
            [expression, _MOST_PARTLY],
        )
        return [pk for pk, _rank in rows]

    def _documents(self, expression: str) -> set[int]:
        """Ids of documents with a passage that matches."""
        rows = self._place.rows(
            f"SELECT DISTINCT rowid / {_PASSAGES_MOST} FROM {self._table}"
            f" WHERE {self._table} MATCH ?",
            [expression],
        )
        return {pk for (pk,) in rows}

    def _in_text(self, expression: str, ids: Sequence[int]) -> set[int]:
        """Those of the documents whose title or body matches."""
        found: set[int] = set()
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(some))
            rows = self._place.rows(
                f"SELECT rowid FROM {self._main} WHERE {self._main} MATCH ? AND rowid IN ({marks})",
                [f"{fts.COLUMNS} : ({expression})", *some],
            )
            found |= {pk for (pk,) in rows}
        return found

    def _rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """Rows of documents that neither title nor body found."""
        found: dict[int, Row] = {}
        for start in range(0, len(ids), _CHUNK):
            some = ids[start : start + _CHUNK]
            marks = ", ".join("?" * len(some))
            for pk, key, facets, date in self._place.rows(
                f"SELECT id, key, facets, date FROM {self._prefix}docs"
                f" WHERE deleted = 0 AND id IN ({marks})",
                list(some),
            ):
                found[pk] = (pk, key, 0.0, facets, date)
        return found


def passages(text: str) -> Iterable[str]:
    """The text in pieces of some PASSAGE_CHARACTERS, cut between lines, else between words."""
    at = 0
    while at < len(text):
        end = at + PASSAGE_CHARACTERS
        if end < len(text):
            for sign in "\n ":
                cut = text.rfind(sign, at + PASSAGE_CHARACTERS // 2, end)
                if cut > 0:
                    end = cut
                    break
        piece = text[at:end].strip()
        if piece:
            yield piece
        at = end
