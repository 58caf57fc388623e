"""Answers of an engine that offers its candidates one by one, and lets the database choose.

Hits, facet counts, totals and suggestions are all made from the same list:
candidates that the asker may see. Nothing is counted before.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from search import highlight
from search.contract import Hit, Suggestion
from search.engines.base import Access, Answer, Candidate, Question, Stored
from search.query import Query, respelt

#: The best so many documents a query are considered; further ones are not counted.
MAX_CANDIDATES = 5_000
# How many other spellings are tried before giving up.
_CORRECTIONS = 4
# One or two words that so few texts have may be mistyped, if others a letter away are found
# so many times as often.
_FEW_WORDS = 2
_FEW_HITS = 3
_TIMES_AS_MANY = 10


class Offers(Protocol):
    """What such an engine gives."""

    def find(self, query: Query, limit: int, *, every_word: bool = False) -> list[Candidate]:
        """The best `limit` documents of the query's language, best first."""

    def stored(self, language: str, keys: Iterable[str]) -> dict[str, Stored]:
        """Texts of hits by key."""

    def passages(self, query: Query, keys: Iterable[str]) -> dict[str, str]:
        """By key, where most of the words stand in the document's files."""

    def corrections(self, query: Query, limit: int, access: Access) -> list[str]:
        """Other spellings of the whole query, likeliest first; none where nothing is near.

        What the asker may not see is no reason for one, nor against one.
        """

    def commoner(self, query: Query, least: int, access: Access) -> list[str]:
        """The query with one word replaced by one that `least` documents have, a letter away."""


@dataclass(frozen=True)
class Found:
    """What the asker may see of a query's candidates, best first."""

    query: Query
    candidates: tuple[Candidate, ...]

    @cached_property
    def has_all_words(self) -> bool:
        return any(candidate.has_all_words for candidate in self.candidates)


def answer(engine: Offers, question: Question) -> Answer:
    """Answer a question. Cost: three queries of the index, one for each type of document found."""
    found = _find(engine, question.query, question)
    has_all_words = found.has_all_words
    suggestion = None
    if question.corrects and not has_all_words:
        found, suggestion = _with_correction(engine, found, question)
    matching = [c for c in found.candidates if _passes(c, question.filters)]
    if question.corrects and has_all_words and len(question.query.terms) <= _FEW_WORDS:
        suggestion = _commoner(engine, question, sum(c.has_all_words for c in matching))
    ordered = _ordered(matching, question.sort)
    return Answer(
        hits=_hits(engine, found.query, ordered[question.first : question.first + question.size]),
        total=len(matching),
        counts=_counts(found.candidates, question),
        suggestion=suggestion,
        has_all_words=has_all_words,
    )


def _find(engine: Offers, query: Query, question: Question) -> Found:
    """The asker's candidates."""
    candidates = engine.find(query, MAX_CANDIDATES, every_word=question.every_word)
    return Found(query, _visible(candidates, question.access))


def _visible(candidates: list[Candidate], access: Access) -> tuple[Candidate, ...]:
    """Those that the database lets this person find, asked once."""
    if not candidates:
        return ()
    allowed = access.visible([candidate.key for candidate in candidates])
    return tuple(candidate for candidate in candidates if candidate.key in allowed)


def _with_correction(
    engine: Offers, found: Found, question: Question
) -> tuple[Found, Suggestion | None]:
    """Nothing has all words: put the hits of the best other spelling in front.

    Whether that is so is judged by what the asker may see, and a spelling is
    suggested only with its true, visible count.
    """
    for text in engine.corrections(found.query, _CORRECTIONS, question.access):
        other = _find(engine, respelt(found.query, text), question)
        # Whatever is chosen: else a facet's count would be of another spelling's documents.
        if not other.has_all_words:
            continue
        matching = [c for c in other.candidates if _passes(c, question.filters)]
        keys = {candidate.key for candidate in other.candidates}
        merged = [c for c in found.candidates if c.key not in keys]
        wanted = replace(found.query, terms=found.query.terms + other.query.terms)
        suggestion = Suggestion(text, len(matching)) if matching else None
        return Found(wanted, (*other.candidates, *merged)), suggestion
    return found, None


def _commoner(engine: Offers, question: Question, few: int) -> Suggestion | None:
    """Few texts have the words, and many have others beside which these look mistyped.

    Where the stem of a mistyped word happens to be one, it finds something too:
    those hits stay in front.
    """
    if not 0 < few <= _FEW_HITS:
        return None
    for text in engine.commoner(question.query, _TIMES_AS_MANY * few, question.access):
        other = _find(engine, respelt(question.query, text), question)
        total = sum(_passes(c, question.filters) for c in other.candidates)
        if total >= _TIMES_AS_MANY * few and other.has_all_words:
            return Suggestion(text, total)
    return None


def _passes(candidate: Candidate, filters: dict, apart_from: str = "") -> bool:
    """Whether it has, for each filtered facet, one of the chosen values."""
    if not filters:
        return True
    return all(
        not chosen or facet == apart_from or set(chosen) & set(_values(candidate, facet))
        for facet, chosen in filters.items()
    )


def _values(candidate: Candidate, facet: str) -> tuple[str, ...]:
    if facet == "type":
        return (candidate.key.partition(":")[0],)
    return candidate.values.get(facet, ())


def _counts(candidates: tuple[Candidate, ...], question: Question) -> dict[str, dict[str, int]]:
    """Counts of each facet's values, each unaffected by its own choice."""
    made = {}
    alike = _alike(candidates)
    for facet in question.facets:
        counts: Counter[str] = Counter()
        for candidate, count in alike:
            if _passes(candidate, question.filters, apart_from=facet):
                for value in set(_values(candidate, facet)):
                    counts[value] += count
        made[facet] = dict(counts)
    return made


def _alike(candidates: tuple[Candidate, ...]) -> list[tuple[Candidate, int]]:
    """One of each sort of candidate that no facet tells apart, and how many there are.

    Engines give equal values as one dictionary: some hundred sorts among
    thousands of candidates. Where they do not, each is a sort of its own.
    """
    counts: Counter[tuple[str, int]] = Counter()
    first: dict[tuple[str, int], Candidate] = {}
    for candidate in candidates:
        sort = candidate.key.partition(":")[0], id(candidate.values)
        counts[sort] += 1
        if sort not in first:
            first[sort] = candidate
    return [(first[sort], count) for sort, count in counts.items()]


def _ordered(candidates: list[Candidate], sort: str) -> list[Candidate]:
    if sort != "date":
        return candidates
    dated = sorted((c for c in candidates if c.date), key=lambda c: c.date, reverse=True)
    return dated + [c for c in candidates if not c.date]


def _hits(engine: Offers, query: Query, candidates: list[Candidate]) -> tuple[Hit, ...]:
    """Draw the page: one query for the texts."""
    if not candidates:
        return ()
    texts = engine.stored(query.language, [c.key for c in candidates])
    in_files = [c.key for c in candidates if c.needs_files]
    passages = engine.passages(query, in_files) if in_files else {}
    return tuple(
        Hit(
            key=candidate.key,
            language=query.language,
            title=texts[candidate.key].title,
            title_html=highlight.mark(texts[candidate.key].title, query.language, query.marked),
            snippet_html=highlight.snippet(
                passages.get(candidate.key) or texts[candidate.key].body,
                query.language,
                query.marked,
            ),
            url=texts[candidate.key].url,
            values=candidate.values,
            date=candidate.date,
            score=candidate.score,
            is_in_file=bool(passages.get(candidate.key)),
        )
        for candidate in candidates
        if candidate.key in texts
    )
