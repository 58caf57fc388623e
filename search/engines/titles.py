"""Titles of the embedded index: by their beginnings of words, or the newest first.

Each host has this index, whichever engine answers questions. The caller drops
what the reader may not see.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from search.analysis import Term, normal, terms
from search.engines import fts
from search.engines.base import Access
from search.engines.embedded import PREFIX, EmbeddedEngine, _date, _values, fts_table
from search.engines.store import IndexUnavailable, MissingTable

# A beginning of more words than these is not looked up.
_MAX_WORDS = 12
# So many words that begin alike are asked about, whether the asker may know them.
_BEGUN = 40


@dataclass(frozen=True, slots=True)
class Title:
    """A document's title, as it is drawn in a list."""

    key: str
    language: str
    title: str
    url: str
    values: dict[str, tuple[str, ...]]
    date: object


def beginning_with(engine: EmbeddedEngine, text: str, language: str, limit: int) -> list[Title]:
    """Titles that have all words of `text`, the last of them as a beginning. Shortest first."""
    expression = _expression(terms(normal(text), language))
    if not expression:
        return []
    table = fts_table(language)
    return _titles(
        engine,
        language,
        f"SELECT d.key, d.title, d.url, d.facets, d.date FROM {table} f"
        f" JOIN {PREFIX}docs d ON d.id = f.rowid WHERE {table} MATCH ?"
        " ORDER BY length(d.title), d.id LIMIT ?",
        [expression, limit],
    )


def words_beginning_with(
    engine: EmbeddedEngine, beginning: str, language: str, limit: int, access: Access
) -> list[str]:
    """Words of documents that this person may see, as they spell them, the commonest first.

    `beginning` is folded.
    """
    seen = engine.seen_by(access, language)
    try:
        begun = engine.words.beginning_with(language, beginning)[:_BEGUN]
        able = (shown for word, shown, documents in begun if seen(word, documents))
        return list(islice(able, limit))
    except (MissingTable, IndexUnavailable):
        return []


def newest(
    engine: EmbeddedEngine, language: str, limit: int, *, until: datetime.date
) -> list[Title]:
    """Titles of the newest documents that have a date, up to and including a day: a date to come,
    of a workshop, does not say when it was written."""
    return _titles(
        engine,
        language,
        f"SELECT key, title, url, facets, date FROM {PREFIX}docs WHERE language = ?"
        " AND deleted = 0 AND date <= ? ORDER BY date DESC, id DESC LIMIT ?",
        [language, until.isoformat(), limit],
    )


def _titles(engine: EmbeddedEngine, language: str, sql: str, params: list) -> list[Title]:
    try:
        rows = engine.place.rows(sql, params)
    except (MissingTable, IndexUnavailable):
        return []  # a list to choose from, no answer to a question
    return [
        Title(key, language, title, url, _values(facets), _date(date))
        for key, title, url, facets, date in rows
    ]


def _expression(found: Iterable[Term]) -> str:
    """FTS5's expression over the title's column: whole words, then a beginning."""
    words = [term.word for term in found][:_MAX_WORDS]
    if not words:
        return ""
    *whole, last = [fts.quoted(word) for word in words]
    return "exact : (" + " AND ".join([*whole, f"{last} *"]) + ")"
