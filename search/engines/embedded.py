"""The embedded engine: finds in the tables of search.engines.tables."""

import datetime
import json
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from django.conf import settings

from search.engines import candidates, expansion, fts
from search.engines.base import Access, Answer, Candidate, Question, Stored
from search.engines.spelling import Seen, Speller
from search.engines.store import FileStore
from search.engines.tables import PREFIX, Tables, fts_table, making_schema
from search.query import Query, parse, respelt

# bm25 weights of title, body, exact title (measured).
_WEIGHTS = "8.0, 1.0, 25.0"
# Words in more than this share of a language's rows are left out of the OR ...
_COMMON_SHARE = 0.15
# ... where there are enough rows for a share to mean anything.
_COMMON_ROWS = 50
# Other spellings of a query that are looked up.
_SPELLINGS = 16
# A word of more documents than these is taken to be known to everybody.
_FEW = 200
# Of so many documents the best that the asker may see is looked for.
_BEST = 20
_LANGUAGES_WITH_ONE_WORD_IN_MANY_SPELLINGS = ("fa",)


class EmbeddedEngine(Tables):
    """See search.engines.base.Engine. `place` is the site's own index unless given."""

    name = "embedded"

    def __init__(self, place: FileStore | None = None):
        super().__init__(place)
        self.speller = Speller()
        # Language → (stamp, documents).
        self._totals: dict[str, tuple[str, int]] = {}

    # --- finding ----------------------------------------------------------
    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        return [candidates.answer(self, question) for question in questions]

    @making_schema
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
            if _is_one_word(query):
                # Whatever matches has it.
                complete, has_files = None, not files.is_empty()
            else:
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
            f"SELECT key, id FROM {PREFIX}docs WHERE key IN ({marks}) AND +language = ?",
            [*keys, query.language],
        )
        files = self._attached(query.language)
        return {key: files.passage(pk, parts) for key, pk in rows}

    def _common(self, query: Query) -> frozenset[str]:
        """Terms of the query that stand in too many rows to tell documents apart."""
        if len(query.terms) < 2:
            return frozenset()
        table = fts_table(query.language)
        wanted = sorted(query.wanted)
        marks = ", ".join("?" * len(wanted))
        counts = dict(
            self.place.rows(f"SELECT term, doc FROM {table}_terms WHERE term IN ({marks})", wanted)
        )
        total = self._documents(query.language)
        if total < _COMMON_ROWS:
            return frozenset()
        return frozenset(term for term, rows in counts.items() if rows > _COMMON_SHARE * total)

    def _documents(self, language: str) -> int:
        """How many documents the language has; counted anew when they changed."""
        stamp = self.meta(f"documents:{language}")
        kept = self._totals.get(language)
        if kept is None or kept[0] != stamp:
            ((total,),) = self.place.rows(
                f"SELECT count(*) FROM {PREFIX}docs WHERE language = ? AND deleted = 0", [language]
            )
            self._totals[language] = kept = (stamp, total)
        return kept[1]

    def _spellings(self, query: Query) -> tuple[dict, dict]:
        """Joined and spaced forms that stand in the index (Persian)."""
        if query.language not in _LANGUAGES_WITH_ONE_WORD_IN_MANY_SPELLINGS:
            return {}, {}
        words = [term.word for term in query.terms]
        asked = {a + b for a, b in zip(words, words[1:], strict=False)}
        for word in words:
            asked.update(part for pair in fts.cuts(word) for part in pair)
        return fts.spellings(query, self.words.known(query.language, asked))

    @making_schema
    def stored(self, language: str, keys: Iterable[str]) -> dict[str, Stored]:
        keys = list(keys)
        marks = ", ".join("?" * len(keys))
        rows = self.place.rows(
            f"SELECT key, title, body, url FROM {PREFIX}docs"
            # '+': by key, not by walking all rows of the language.
            f" WHERE key IN ({marks}) AND +language = ? AND +deleted = 0",
            [*keys, language],
        )
        return {key: Stored(title, body, url) for key, title, body, url in rows}

    # --- spelling -----------------------------------------------------------
    @making_schema
    def corrections(self, query: Query, limit: int, access: Access) -> list[str]:
        """Other spellings that some document holds, that with the best document first."""
        seen = self.seen_by(access, query.language)
        texts = self.speller.corrections(query, _SPELLINGS, self.words, seen)
        scored = [(self._best_with_all_words(respelt(query, text), access), text) for text in texts]
        if len(query.terms) > 1:
            # Of a single word the rarest spelling would win, not the likeliest.
            scored.sort(key=lambda pair: pair[0])
        return [text for rank, text in scored if rank < 0][:limit]

    @making_schema
    def commoner(self, query: Query, least: int, access: Access) -> list[str]:
        seen = self.seen_by(access, query.language)
        return self.speller.commoner(query, least, self.words, seen)

    def seen_by(self, access: Access, language: str) -> Seen:
        """Which words stand in documents that this person may see; those of many always."""
        if access.audiences is None:
            return lambda word, documents: True

        @cache
        def seen(word: str, documents: int) -> bool:
            if documents > _FEW:
                return True
            found = self.find(parse(word, language), _FEW, every_word=True)
            return bool(access.visible([candidate.key for candidate in found]))

        return seen

    def _best_with_all_words(self, query: Query, access: Access) -> float:
        """The rank (lower is better) of the best document with every word; 0 where none has."""
        joined, split = self._spellings(query)
        best = fts.match_best(query, joined, split, frozenset())
        expression = f"({best}) AND ({fts.match_all(query, joined, split)})"
        limit = 1 if access.audiences is None else _BEST
        rows = self._ranked(fts_table(query.language), expression, limit)
        allowed = access.visible([key for _pk, key, *_rest in rows])
        ranks = [rank for _pk, key, rank, *_rest in rows if key in allowed]
        # It may stand further down; and words may also stand apart, in the files of a
        # document: then any is as good.
        if not ranks and (len(rows) == limit or not self._attached(query.language).is_empty()):
            return -0.0001
        return ranks[0] if ranks else 0.0


def _is_one_word(query: Query) -> bool:
    """Nothing stands beside the word: no other form, no other way to spell it."""
    return (
        len(query.terms) == 1
        and not query.synonyms
        and query.language not in (_LANGUAGES_WITH_ONE_WORD_IN_MANY_SPELLINGS)
    )


@lru_cache(maxsize=4_096)
def _values(facets: str) -> dict[str, tuple[str, ...]]:
    """Thousands of candidates share few combinations; nobody changes the dict."""
    return {facet: tuple(values) for facet, values in json.loads(facets).items()}


@lru_cache(maxsize=4_096)
def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
