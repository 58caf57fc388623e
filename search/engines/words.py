"""Unstemmed words of the embedded index: what a mistyped word is compared with.

`<prefix>words` holds each as the documents spell it, while any document has a
word of its stem. How many do is asked of the terms when it is wanted: counting
every word of every document would cost more than indexing it.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import NamedTuple

from search.analysis import stem
from search.engines import fts
from search.engines.analysed import Analyser
from search.engines.store import DatabaseStore, FileStore

_CHUNK = 900  # parameters of a statement


class _Kept(NamedTuple):
    """An analyser all of whose words stand in the table while its stamp is this one."""

    stamp: str
    analyser: Analyser


class Words:
    """The words of every language. `table` names a language's terms."""

    def __init__(
        self, place: Callable[[], DatabaseStore | FileStore], prefix: str, table: Callable
    ):
        self._place = place
        self._name = f"{prefix}words"
        self._meta = f"{prefix}meta"
        self._table = table
        self._kept: dict[str, _Kept] = {}

    @staticmethod
    def schema(prefix: str) -> list[str]:
        """Statements that make what this module writes."""
        return [
            f"CREATE TABLE IF NOT EXISTS {prefix}words (language TEXT NOT NULL,"
            " word TEXT NOT NULL, shown TEXT NOT NULL, PRIMARY KEY (language, word)) WITHOUT ROWID"
        ]

    def stamp(self, language: str) -> str:
        """Changes with the words."""
        rows = self._place().rows(
            f"SELECT value FROM {self._meta} WHERE name = ?", [f"words:{language}"]
        )
        return rows[0][0] if rows else ""

    # --- writing ----------------------------------------------------------
    def analyser(self, language: str) -> Analyser:
        """What to index texts with; the caller's alone, until it is given to `hold`."""
        kept = self._kept.pop(language, None)
        # After a rollback, or another process's words, it is not known what stands there.
        return kept.analyser if kept and kept.stamp == self.stamp(language) else Analyser(language)

    def hold(self, analyser: Analyser) -> None:
        """Write the words that an analyser met for the first time."""
        language, fresh = analyser.language, analyser.take_fresh()
        added = fresh and self._place().many(
            f"INSERT OR IGNORE INTO {self._name} (language, word, shown) VALUES (?, ?, ?)",
            [(language, word, fresh[word]) for word in sorted(fresh)],
        )
        stamp = self._restamped(language) if added else self.stamp(language)
        self._kept[language] = _Kept(stamp, analyser)

    def _restamped(self, language: str) -> str:
        # Random, not counted up: a rolled-back value must never come again for other words.
        stamp = uuid.uuid4().hex
        self._place().rows(
            f"INSERT INTO {self._meta} (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [f"words:{language}", stamp],
        )
        return stamp

    def drop_unused(self, language: str, words: Iterable[str]) -> None:
        """Of words that left a document, drop those whose stem no other one has."""
        gone = [(language, word) for word in words if not self._is_used(language, word)]
        if gone:
            self._place().many(f"DELETE FROM {self._name} WHERE language = ? AND word = ?", gone)
            self._restamped(language)

    def _is_used(self, language: str, word: str) -> bool:
        """Whether a text or a file has the word's stem."""
        expression = fts.quoted(stem(word, language))
        main = self._table(language)
        return any(
            self._place().rows(
                f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT 1", [expression]
            )
            for table in (main, f"{main}_att")
        )

    # --- finding ----------------------------------------------------------
    def all(self, language: str) -> list[tuple[str, str]]:
        """(word, as shown) of a language."""
        return self._place().rows(
            f"SELECT word, shown FROM {self._name} WHERE language = ?", [language]
        )

    def known(self, language: str, words: Iterable[str]) -> set[str]:
        """Those of the words that stand in the language's index."""
        wanted = sorted(words)[:_CHUNK]
        marks = ", ".join("?" * len(wanted))
        rows = self._place().rows(
            f"SELECT word FROM {self._name} WHERE language = ? AND word IN ({marks})",
            [language, *wanted],
        )
        return {word for (word,) in rows}

    def documents(self, language: str, words: Iterable[str]) -> dict[str, int]:
        """Word → documents with a word of its stem, files apart."""
        stems = {word: stem(word, language) for word in words}
        wanted = sorted(set(stems.values()))
        counts: dict[str, int] = {}
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(some))
            rows = self._place().rows(
                f"SELECT term, doc FROM {self._table(language)}_terms WHERE term IN ({marks})", some
            )
            counts.update(rows)
        return {word: counts.get(text, 0) for word, text in stems.items()}

    def beginning_with(self, language: str, beginning: str) -> list[tuple[str, str, int]]:
        """(word, as shown, documents), the commonest first. `beginning` is folded."""
        rows = dict(
            self._place().rows(
                f"SELECT word, shown FROM {self._name} WHERE language = ? AND word > ? AND word < ?"
                " LIMIT ?",
                [language, beginning, beginning + "\U0010ffff", _CHUNK],
            )
        )
        counts = self.documents(language, rows)
        best = sorted(rows, key=lambda word: (-counts[word], word))
        return [(word, rows[word], counts[word]) for word in best]
