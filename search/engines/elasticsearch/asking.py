"""A question as the server takes it. The shape is measured: the design's 'Search'.

`bool(must=any word, should=[every word, phrases, the same unstemmed])`; a term
suggester beside it; a second request, dis_max of the question and its best other
spellings, only where nothing had all words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as Clause

from search.analysis import Term
from search.engines.base import Question
from search.engines.elasticsearch.analysers import has_exact
from search.engines.elasticsearch.clauses import (
    ALL,
    EXACT,
    WEIGHTED,
    any_of,
    begins,
    every,
    is_prefix,
    other_forms,
    phrase,
    spelt,
    written,
)
from search.query import Query

_IN_FILES = 0.3
# Documents with every word as typed go before those that hold another form.
_AS_TYPED = 1000.0
# A passage of a file, in characters, and how much of a file is read for it.
_PASSAGE = 400
# Words of one letter have too many neighbours.
SHORTEST_TO_CORRECT = 2
_CORRECTED_WORDS = 8
# What the server offers for a word, nearest first; the commonest of them are tried.
_NEIGHBOURS = 20
# More documents than any index has: the server leaves common words alone otherwise.
_ANY_FREQUENCY = 1_000_000_000
# Values counted of a facet.
_VALUES = 500
# The server gives no hit further down.
DEEPEST = 10_000
_SOURCE = ["key", "title", "body", "url", "values", "date", "names"]


class Asking:
    """One question in one language's index; makes the bodies of its requests."""

    def __init__(self, question: Question, index: str, plugins: tuple[str, ...] = ()):
        self.question = question
        self.index = index
        self.has_exact = has_exact(question.query.language, plugins)

    # --- requests ---------------------------------------------------------
    def first(self) -> dict:
        """The body of the first request."""
        query = self.question.query
        search = self._counted(self._request(self._scored(query)))
        search.aggs.bucket("all_words", "filter", filter=self.every_word(query))
        text = correctable(query)
        if self.question.corrects and text:
            search = search.suggest("words", text, term=_suggester("missing"))
        return search.to_dict()

    def spellings(self) -> dict:
        """Other spellings of words that do stand in the index, perhaps where nobody may look."""
        search = Search().extra(size=0)
        text = correctable(self.question.query)
        suggester = _suggester("always")
        if self.question.access.audiences is not None:
            # Common where nobody may look is not common to the asker.
            suggester["max_term_freq"] = _ANY_FREQUENCY
        return search.suggest("words", text, term=suggester).to_dict()

    def seen(self, words: Iterable[str]) -> dict:
        """In how many of the documents that the asker may see each of the words stands."""
        search = Search().query(Q("bool", filter=self._allowed()))
        named = {word: Q("term", words=word) for word in words}
        search.aggs.bucket("seen", A("filters", filters=named))
        return search.extra(size=0, track_total_hits=False).to_dict()

    def best(self, correction: Query) -> dict:
        """The best document with all words of another spelling, whatever is chosen: its score."""
        narrowed = [self.every_word(correction), *self._allowed()]
        query = Q("bool", must=[self._scored(correction)], filter=narrowed)
        return Search().query(query).extra(size=1, _source=False, track_total_hits=False).to_dict()

    def second(self, corrections: Sequence[Query]) -> dict:
        """The question together with other spellings of it."""
        scored = [self._scored(self.question.query)]
        scored += [self._scored(query, f"c{n}") for n, query in enumerate(corrections)]
        search = self._counted(self._request(Q("dis_max", queries=scored)))
        chosen = self._chosen()
        for n, query in enumerate(corrections):
            guards = self._guards(query)
            found = _filtered(self._wanted(query), [*guards, *chosen])
            search.aggs.bucket(f"c{n}_any", "filter", filter=found)
            # Whatever is chosen: else a facet's count would be of another spelling's documents.
            whole = _filtered(self.every_word(query), guards)
            search.aggs.bucket(f"c{n}_all", "filter", filter=whole)
        return search.to_dict()

    def _request(self, scored: Clause) -> Search:
        """Hits and what they are drawn from."""
        question = self.question
        first = min(question.first, DEEPEST)
        size = min(question.size, DEEPEST - first)
        search = Search().query(Q("bool", must=[scored], filter=self._allowed()))
        chosen = self._chosen()
        if chosen:
            search = search.post_filter(Q("bool", filter=chosen))
        if question.sort == "date":
            search = search.sort({"date": {"order": "desc", "missing": "_last"}}, "_score", "key")
            search = search.extra(track_scores=True)
        else:
            search = search.sort("_score", "key")
        if size:
            search = search.source(_SOURCE).extra(highlight=self._passages())
        return search.extra(**{"from": first, "size": size, "track_total_hits": True})

    def _passages(self) -> dict:
        """Where a file says what is looked for: without marks, which we make ourselves."""
        wanted = any_of([Q("match", attachments=word) for word in _marked(self.question.query)])
        field = {
            "number_of_fragments": 1,
            "fragment_size": _PASSAGE,
            "pre_tags": [""],
            "post_tags": [""],
            "order": "score",
            "highlight_query": wanted.to_dict(),
        }
        return {"fields": {"attachments": field}}

    def _counted(self, search: Search) -> Search:
        """Each facet under the other facets' choices."""
        for facet in self.question.facets:
            others = Q("bool", filter=self._chosen(apart_from=facet))
            bucket = search.aggs.bucket(f"facet_{facet}", "filter", filter=others)
            bucket.bucket("values", A("terms", field=_field(facet), size=_VALUES))
        return search

    # --- what narrows -------------------------------------------------------
    def _allowed(self) -> list[Clause]:
        """Not a tombstone, and for this reader."""
        clauses = [Q("term", deleted=False)]
        audiences = self.question.access.audiences
        if audiences is not None:
            clauses.append(Q("terms", audience=sorted(audiences)))
        return clauses

    def _chosen(self, apart_from: str = "") -> list[Clause]:
        """One clause for each facet with a choice."""
        return [
            Q("terms", **{_field(facet): sorted(values)})
            for facet, values in sorted(self.question.filters.items())
            if values and facet != apart_from
        ]

    def _guards(self, query: Query) -> list[Clause]:
        """Phrases in quotes must stand, -words must not."""
        clauses = [phrase(spelt(query.text, found), ALL) for found in query.phrases]
        for found in query.without:
            clauses.append(Q("bool", must_not=[_stands(query, found)]))
        return clauses

    # --- what is wanted -------------------------------------------------------
    def _scored(self, query: Query, name: str = "typed") -> Clause:
        """The measured shape, guarded; `name` comes back with each hit that matched."""
        must = [self._wanted(query, name)]
        whole = self.every_word(query, f"{name}:every")
        own = Q("bool", must=every(replace(query, synonyms=()), WEIGHTED))
        should = [own]
        if self.question.every_word:
            must.append(whole)
        else:
            should.append(whole)
        if query.synonyms:
            typed = Q("bool", must=every(replace(query, synonyms=()), ALL))
            should.append(Q("constant_score", filter=typed, boost=_AS_TYPED))
        text = _plain(query)
        if text:
            should.append(phrase(text, WEIGHTED, boost=4.0))
        if text and self.has_exact:
            should.append(phrase(text, EXACT, boost=2.0))
            should.append(Q("combined_fields", query=text, fields=list(EXACT)))
        return Q("bool", must=must, should=should, filter=self._guards(query))

    def _wanted(self, query: Query, name: str = "") -> Clause:
        """Any of the words, in any of their forms."""
        text = _plain(query)
        should: list[Clause] = []
        if text:
            should.append(Q("combined_fields", query=text, fields=list(WEIGHTED)))
            should.append(Q("match", attachments={"query": text, "boost": _IN_FILES}))
        return any_of([*should, *other_forms(query)], name=name)

    def every_word(self, query: Query, name: str = "") -> Clause:
        """All of the words, each in any of its forms, files included. Gives no score."""
        filtered = Q("bool", filter=every(query, ALL))
        keys = {"_name": name} if name else {}
        return Q("constant_score", filter=filtered, boost=0.001, **keys)


# --- words ------------------------------------------------------------------------
def correctable(query: Query) -> str:
    """The words that may be mistyped, folded, each once."""
    return " ".join(term.word for term in correctable_terms(query))


def correctable_terms(query: Query) -> list[Term]:
    """Words long enough to be told from their neighbours."""
    found = {
        term.word: term
        for term in reversed(query.terms)
        if term.kind == "word" and len(term.word) >= SHORTEST_TO_CORRECT and not term.word.isdigit()
    }
    return sorted(found.values(), key=lambda term: term.start)[:_CORRECTED_WORDS]


def _suggester(mode: str) -> dict:
    # The first letter may be the wrong one, so none is taken for granted.
    return {
        "field": "words",
        "analyzer": "whitespace",
        "suggest_mode": mode,
        "prefix_length": 0,
        "min_word_length": SHORTEST_TO_CORRECT,
        "max_edits": 2,
        "size": _NEIGHBOURS,
    }


def _plain(query: Query) -> str:
    """What the server's analyser is given: without what is looked up by its beginning."""
    return spelt(query.text, [term for term in query.terms if not is_prefix(query, term)])


def _marked(query: Query) -> list[str]:
    """What is looked for in a file, as texts."""
    return [
        _plain(query) or query.text,
        *(written(form) for synonym in query.synonyms for form in synonym.forms),
    ]


def _stands(query: Query, found: tuple[Term, ...]) -> Clause:
    if len(found) == 1 and is_prefix(query, found[0]):
        return begins(found[0], ALL)
    return phrase(spelt(query.text, found), ALL)


def _filtered(clause: Clause, filters: list[Clause]) -> Clause:
    return Q("bool", filter=[clause, *filters])


def _field(facet: str) -> str:
    return facet if facet == "type" else f"values.{facet}"
