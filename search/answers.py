"""From a question to a page: which engine is asked, in which languages, and for whom."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from network.languages import reading_order
from search import engines, vocabulary
from search.concepts import EMPTY, Vocabulary
from search.contract import FACETS, FacetValue, Hit, SearchPage, SearchRequest
from search.documents import drain, embedded_consumer
from search.engines.base import Access, Answer, Engine, EngineUnavailable, Question
from search.engines.store import IndexUnavailable
from search.query import Query, parse, translated
from search.registry import document_types, facet_labels, type_of_key

logger = logging.getLogger(__name__)

# Below so many hits, the reader's other languages are asked as well.
_FEW_HITS = 5
_HITS_FROM_OTHER_LANGUAGES = 5
# What is written before a query where this host has an index of its own: some
# hundred milliseconds at most. The sweep writes the rest.
_CATCH_UP = 100
_LATELY = timedelta(minutes=2)
_NO_FACETS: dict[str, tuple[FacetValue, ...]] = {}


def search(request: SearchRequest) -> SearchPage:
    """Answer a question by the site's engine; where it does not answer, by the embedded one."""
    wished = engines.current()
    languages = reading_order(request.viewer, first=request.language)[1:]
    access = access_of(request.viewer)
    known = vocabulary.current()
    _catch_up()
    try:
        return ask(wished, request, access, languages, known)
    except EngineUnavailable as error:
        logger.warning("search engine %s does not answer: %s", wished.name, error)
    return ask(engines.embedded(), request, access, languages, known, degraded=True)


def ask(
    engine: Engine,
    request: SearchRequest,
    access: Access,
    other_languages: Sequence[str] = (),
    known: Vocabulary = EMPTY,
    *,
    degraded: bool = False,
) -> SearchPage:
    """Answer a question by `engine`: its hits, and where they are few those of other languages.

    `known` are the concepts whose forms stand for one another. Raises EngineUnavailable.
    """
    query = parse(request.text, request.language, known)
    if query.is_empty:
        return SearchPage((), 0, _NO_FACETS, None, (), engine.name, degraded)
    question = Question(
        query=query,
        access=access,
        filters=request.filters,
        facets=tuple(name for name in FACETS if name in request.facets),
        sort=request.sort,
        first=(max(1, request.page) - 1) * request.page_size,
        size=request.page_size,
        every_word=request.match == "all",
    )
    (answer,) = engine.answers([question])
    others: tuple[Hit, ...] = ()
    if answer.total < _FEW_HITS and request.page == 1:
        others = _others(engine, request, query, access, other_languages, answer)
    return SearchPage(
        hits=answer.hits,
        total=answer.total,
        facets=_facets(answer, request),
        suggestion=answer.suggestion,
        other_languages=others,
        engine=engine.name,
        degraded=degraded,
    )


def access_of(viewer) -> Access:
    """What this person may find."""
    return Access(
        audiences=frozenset(
            f"{document_type.name}:{token}"
            for document_type in document_types()
            for token in document_type.audiences(viewer)
        ),
        visible=lambda keys: visible(keys, viewer),
    )


def visible(keys: Sequence[str], viewer) -> set[str]:
    """Those that the database lets this person find, asked once a type."""
    ids: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        name, _colon, pk = key.partition(":")
        ids[name].append(pk)
    return {
        f"{name}:{pk}"
        for name, pks in ids.items()
        if (document_type := type_of_key(f"{name}:")) is not None
        for pk in document_type.visible(pks, viewer)
    }


def _catch_up() -> None:
    """Follow recent changes where this host has an index of its own (nothing to do on SQLite)."""
    if engines.embedded().is_transactional:
        return
    try:
        drain(embedded_consumer(), limit=_CATCH_UP, since=timezone.now() - _LATELY)
    except IndexUnavailable as error:
        # What stands in the index answers; the database drops what may not be shown.
        logger.warning("search index not followed: %s", error)


def _facets(answer: Answer, request: SearchRequest) -> dict[str, tuple[FacetValue, ...]]:
    """Counts with labels, the commonest first; a chosen value is shown though it counts nothing."""
    made = {}
    for facet, found in answer.counts.items():
        chosen = request.filters.get(facet, ())
        counts = dict.fromkeys(chosen, 0) | found
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


def _others(
    engine: Engine,
    request: SearchRequest,
    query: Query,
    access: Access,
    languages: Sequence[str],
    answer: Answer,
) -> tuple[Hit, ...]:
    """Hits in the reader's other languages, for what was not found in the first."""
    queries = [translated(query, language) for language in languages]
    questions = [
        Question(query=put, access=access, filters=request.filters, corrects=False)
        for put in queries
        if not put.is_empty
    ]
    if not questions:
        return ()
    hits: list[Hit] = []
    known = {hit.key for hit in answer.hits}
    for other in engine.answers(questions):
        for hit in other.hits:
            if hit.key not in known and len(hits) < _HITS_FROM_OTHER_LANGUAGES:
                known.add(hit.key)
                hits.append(hit)
    return tuple(hits)
