"""From a question to a page. The index narrows, the database decides.

Hits, facet counts, totals and suggestions are all made from the same list:
candidates that `visible(ids, user)` let through. Nothing is counted before.
"""

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import cached_property

from network.languages import reading_order
from search import engines, highlight
from search.contract import FACETS, FacetValue, Hit, SearchPage, SearchRequest, Suggestion
from search.documents import drain, embedded_consumer
from search.engines.base import Candidate
from search.engines.store import IndexUnavailable
from search.query import Query, parse
from search.registry import facet_labels, type_of_key

logger = logging.getLogger(__name__)

#: The best so many documents a query are considered; further ones are not counted.
MAX_CANDIDATES = 5_000
# How many other spellings are tried before giving up.
_CORRECTIONS = 4
# Below so many hits, the reader's other languages are asked as well.
_FEW_HITS = 5
_HITS_FROM_OTHER_LANGUAGES = 5
# What is written before a query where this host has an index of its own: some
# hundred milliseconds at most. The sweep writes the rest.
_CATCH_UP = 100
_LATELY = timedelta(minutes=2)
_NO_FACETS: dict[str, tuple[FacetValue, ...]] = {}


@dataclass(frozen=True)
class Found:
    """What this viewer may see of a query's candidates, best first."""

    query: Query
    candidates: tuple[Candidate, ...]

    @cached_property
    def has_all_words(self) -> bool:
        return any(candidate.has_all_words for candidate in self.candidates)


def search(request: SearchRequest) -> SearchPage:
    """Answer a question. Cost: three queries of the index, one for each type of document found."""
    engine = engines.current()
    _catch_up()
    query = parse(request.text, request.language)
    if query.is_empty:
        return SearchPage((), 0, _NO_FACETS, None, (), engine.name, False)
    found = _find(query, request)
    suggestion = None
    if not found.has_all_words:
        found, suggestion = _with_correction(found, request)
    matching = [c for c in found.candidates if _passes(c, request.filters)]
    ordered = _ordered(matching, request.sort)
    first = (max(1, request.page) - 1) * request.page_size
    hits = _hits(found.query, ordered[first : first + request.page_size])
    others: tuple[Hit, ...] = ()
    if len(matching) < _FEW_HITS and request.page == 1:
        others = _other_languages(request, {candidate.key for candidate in matching})
    return SearchPage(
        hits=hits,
        total=len(matching),
        facets=_facets(found.candidates, request),
        suggestion=suggestion,
        other_languages=others,
        engine=engine.name,
        degraded=False,
    )


def _catch_up() -> None:
    """Follow recent changes where this host has an index of its own (nothing to do on SQLite)."""
    if engines.embedded().is_transactional:
        return
    try:
        drain(embedded_consumer(), limit=_CATCH_UP, since=timezone.now() - _LATELY)
    except IndexUnavailable as error:
        # What stands in the index answers; the database drops what may not be shown.
        logger.warning("search index not followed: %s", error)


def _find(query: Query, request: SearchRequest) -> Found:
    """The viewer's candidates."""
    candidates = engines.current().find(query, MAX_CANDIDATES, every_word=request.match == "all")
    return Found(query, tuple(visible(candidates, request.viewer)))


def visible(candidates: list[Candidate], viewer) -> list[Candidate]:
    """Those that the database lets this person find, asked once a type."""
    ids: dict[str, list[str]] = defaultdict(list)
    for candidate in candidates:
        name, _colon, pk = candidate.key.partition(":")
        ids[name].append(pk)
    allowed = {
        f"{name}:{pk}"
        for name, pks in ids.items()
        if (document_type := type_of_key(f"{name}:")) is not None
        for pk in document_type.visible(pks, viewer)
    }
    return [candidate for candidate in candidates if candidate.key in allowed]


def _with_correction(found: Found, request: SearchRequest) -> tuple[Found, Suggestion | None]:
    """Nothing has all words: put the hits of the best other spelling in front.

    Whether that is so is judged by what the viewer may see, and a spelling is
    suggested only with its true, visible count.
    """
    for text in engines.current().corrections(found.query, _CORRECTIONS):
        other = _find(parse(text, request.language), request)
        matching = [c for c in other.candidates if _passes(c, request.filters)]
        if not any(candidate.has_all_words for candidate in matching):
            continue
        keys = {candidate.key for candidate in other.candidates}
        merged = [c for c in found.candidates if c.key not in keys]
        wanted = replace(found.query, terms=found.query.terms + other.query.terms)
        return (
            Found(wanted, (*other.candidates, *merged)),
            Suggestion(text, len(matching)),
        )
    return found, None


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


def _facets(candidates: tuple[Candidate, ...], request: SearchRequest) -> dict:
    """Counts of each facet's values, each unaffected by its own choice."""
    made = {}
    alike = _alike(candidates)
    for facet in (name for name in FACETS if name in request.facets):
        chosen = request.filters.get(facet, ())
        counts: Counter[str] = Counter(dict.fromkeys(chosen, 0))
        for candidate, count in alike:
            if _passes(candidate, request.filters, apart_from=facet):
                for value in set(_values(candidate, facet)):
                    counts[value] += count
        labels = facet_labels(facet, list(counts))
        shown = [
            FacetValue(value, labels[value], count, value in chosen)
            for value, count in counts.items()
        ]
        if facet == "year":
            shown.sort(key=lambda v: v.value, reverse=True)
        else:
            shown.sort(key=lambda v: (-v.count, v.label))
        made[facet] = tuple(shown)
    return made


def _alike(candidates: tuple[Candidate, ...]) -> list[tuple[Candidate, int]]:
    """One of each sort of candidate that no facet tells apart, and how many there are.

    Engines give equal values as one dictionary: some hundred sorts among
    thousands of candidates. Where they do not, each is a sort of its own.
    """
    sorts = Counter((c.key.partition(":")[0], id(c.values)) for c in candidates)
    first = {(c.key.partition(":")[0], id(c.values)): c for c in candidates}
    return [(first[key], count) for key, count in sorts.items()]


def _ordered(candidates: list[Candidate], sort: str) -> list[Candidate]:
    if sort != "date":
        return candidates
    dated = sorted((c for c in candidates if c.date), key=lambda c: c.date, reverse=True)
    return dated + [c for c in candidates if not c.date]


def _hits(query: Query, candidates: list[Candidate]) -> tuple[Hit, ...]:
    """Draw the page: one query for the texts."""
    if not candidates:
        return ()
    texts = engines.current().stored(query.language, [c.key for c in candidates])
    return tuple(
        Hit(
            key=candidate.key,
            language=query.language,
            title=texts[candidate.key].title,
            title_html=highlight.mark(texts[candidate.key].title, query.language, query.wanted),
            snippet_html=highlight.snippet(texts[candidate.key].body, query.language, query.wanted),
            url=texts[candidate.key].url,
            values=candidate.values,
            date=candidate.date,
            score=candidate.score,
        )
        for candidate in candidates
        if candidate.key in texts
    )


def _other_languages(request: SearchRequest, known: set[str]) -> tuple[Hit, ...]:
    """Hits in the reader's other languages, for what was not found in the first."""
    hits: list[Hit] = []
    for language in reading_order(request.viewer, first=request.language)[1:]:
        query = parse(request.text, language)
        if query.is_empty:
            continue
        found = _find(query, replace(request, language=language))
        fresh = [c for c in found.candidates if c.key not in known and _passes(c, request.filters)]
        fresh = fresh[: _HITS_FROM_OTHER_LANGUAGES - len(hits)]
        known |= {candidate.key for candidate in fresh}
        hits += _hits(query, fresh)
        if len(hits) >= _HITS_FROM_OTHER_LANGUAGES:
            break
    return tuple(hits)
