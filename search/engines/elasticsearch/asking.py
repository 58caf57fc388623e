"""A question as the server takes it. The shape is measured: the design's 'Search'.

`bool(must=any word, should=[every word, phrases, the same unstemmed])`; a term
suggester beside it; a second request, dis_max of the question and its best other
spellings, only where nothing had all words.
"""

from collections.abc import Sequence

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as Clause

from search.analysis import Term
from search.engines.base import Question
from search.engines.elasticsearch.analysers import JOINED, TRIGRAMS, has_exact
from search.query import Query

_WEIGHTED = ("title^8", "body", "names")
_ALL = (*_WEIGHTED, "attachments")
_PHRASED = ("title^8", "body", "names")
_EXACT = ("title.x^8", "body.x", "names.x")
_JOINED = ("title.j^8", "body.j", "names.j")
_ATTACHED_WEIGHT = 0.3
_OTHER_FORM_WEIGHT = 0.6
# Shorter words have too many neighbours.
SHORTEST_TO_CORRECT = 4
_CORRECTED_WORDS = 6
_NEIGHBOURS = 8
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
        return search.suggest("words", text, term=_suggester("always")).to_dict()

    def second(self, corrections: Sequence[Query]) -> dict:
        """The question together with other spellings of it."""
        scored = [self._scored(self.question.query)]
        scored += [self._scored(query, f"c{n}") for n, query in enumerate(corrections)]
        search = self._counted(self._request(Q("dis_max", queries=scored)))
        chosen = self._chosen()
        for n, query in enumerate(corrections):
            guarded = [*self._guards(query), *chosen]
            for name, clause in (("any", self._wanted(query)), ("all", self.every_word(query))):
                search.aggs.bucket(f"c{n}_{name}", "filter", filter=_filtered(clause, guarded))
        return search.to_dict()

    def _request(self, scored: Clause) -> Search:
        """Hits and what they are drawn from."""
        question = self.question
        first = min(question.first, DEEPEST)
        search = Search().query(Q("bool", must=[scored], filter=self._allowed()))
        chosen = self._chosen()
        if chosen:
            search = search.post_filter(Q("bool", filter=chosen))
        if question.sort == "date":
            search = search.sort({"date": {"order": "desc", "missing": "_last"}}, "_score", "key")
            search = search.extra(track_scores=True)
        else:
            search = search.sort("_score", "key")
        return search.source(_SOURCE).extra(
            **{"from": first, "size": min(question.size, DEEPEST - first), "track_total_hits": True}
        )

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
        if self.question.without_keys:
            known = Q("terms", key=sorted(self.question.without_keys))
            clauses.append(Q("bool", must_not=[known]))
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
        clauses = [_phrase(spelt(query.text, found), _ALL) for found in query.phrases]
        for found in query.without:
            clauses.append(Q("bool", must_not=[self._stands(query, found)]))
        return clauses

    def _stands(self, query: Query, found: tuple[Term, ...]) -> Clause:
        text = spelt(query.text, found)
        if _is_prefix(query, found[0]) and len(found) == 1:
            return _begins(found[0])
        return _phrase(text, _ALL)

    # --- what is wanted -------------------------------------------------------
    def _scored(self, query: Query, name: str = "typed") -> Clause:
        """The measured shape, guarded; `name` comes back with each hit that matched."""
        wanted = self._wanted(query, name)
        every = self.every_word(query, f"{name}:every", boost=0.5)
        must, should = [wanted], [every]
        if self.question.every_word:
            must, should = [wanted, every], []
        text = _plain(query)
        if text:
            should.append(_phrase(text, _PHRASED, boost=2.0))
        if text and self.has_exact:
            should.append(_phrase(text, _EXACT))
            should.append(Q("combined_fields", query=text, fields=list(_EXACT), boost=0.5))
        return Q("bool", must=must, should=should, filter=self._guards(query))

    def _wanted(self, query: Query, name: str = "") -> Clause:
        """Any of the words, in any of their forms."""
        text = _plain(query)
        should: list[Clause] = []
        if text:
            should.append(Q("combined_fields", query=text, fields=list(_WEIGHTED)))
            should.append(Q("match", attachments={"query": text, "boost": _ATTACHED_WEIGHT}))
        should += [_begins(term) for term in query.terms if _is_prefix(query, term)]
        if query.language in JOINED:
            should += _joined(query)
        return _any(should, name=name)

    def every_word(self, query: Query, name: str = "", boost: float = 1.0) -> Clause:
        """All of the words, each in any of its forms."""
        keys = _named(name)
        if query.language in JOINED:
            return Q("bool", must=_each_joined(query), boost=boost, **keys)
        must: list[Clause] = [
            _begins(term) for term in dict.fromkeys(query.terms) if _is_prefix(query, term)
        ]
        text = _plain(query)
        if text:
            must.append(Q("combined_fields", query=text, fields=list(_ALL), operator="and"))
        return Q("bool", must=must, boost=boost, **keys)


# --- words ------------------------------------------------------------------------
def spelt(text: str, found: Sequence[Term]) -> str:
    """The found terms as they stand in the text: overlapping grams as their run again."""
    spans: list[list[int]] = []
    for term in found:
        if spans and spans[-1][0] <= term.start < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], term.end)
        elif spans and term.kind == "gram" and term.start == spans[-1][1]:
            spans[-1][1] = term.end
        else:
            spans.append([term.start, term.end])
    return " ".join(text[start:end] for start, end in spans)


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
    return spelt(query.text, [term for term in query.terms if not _is_prefix(query, term)])


def _is_prefix(query: Query, term: Term) -> bool:
    """A Thai run shorter than a trigram: found as the beginning of one."""
    return query.language == TRIGRAMS and term.kind == "short"


def _begins(term: Term) -> Clause:
    return _any(
        [Q("prefix", **{name: {"value": term.text}}) for name in ("title", "body", "names")]
    )


# --- Persian: joined, spaced, with a half-space (R20) ----------------------------------
def _forms(query: Query, place: int) -> list[Clause]:
    """A word in any form: as it is, cut in two in the text, or joined with a neighbour."""
    words = [term.word for term in query.terms]
    own = query.text[query.terms[place].start : query.terms[place].end]
    forms = [
        Q("combined_fields", query=own, fields=list(_ALL)),
        Q("combined_fields", query=own, fields=list(_JOINED), boost=_OTHER_FORM_WEIGHT),
    ]
    for first in (place - 1, place):
        if 0 <= first and first + 1 < len(words):
            joined = words[first] + words[first + 1]
            forms.append(
                Q("combined_fields", query=joined, fields=list(_ALL), boost=_OTHER_FORM_WEIGHT)
            )
    return forms


def _each_joined(query: Query) -> list[Clause]:
    return [_any(_forms(query, place)) for place in range(len(query.terms))]


def _joined(query: Query) -> list[Clause]:
    """The other forms of all words, for any of them."""
    return [form for place in range(len(query.terms)) for form in _forms(query, place)[1:]]


# --- clauses -----------------------------------------------------------------------------
def _phrase(text: str, fields: Sequence[str], boost: float = 1.0) -> Clause:
    return Q("multi_match", query=text, fields=list(fields), type="phrase", boost=boost)


def _any(clauses: list[Clause], name: str = "") -> Clause:
    if len(clauses) == 1 and not name:
        return clauses[0]
    return Q("bool", should=clauses, minimum_should_match=1, **_named(name))


def _named(name: str) -> dict:
    return {"_name": name} if name else {}


def _filtered(clause: Clause, filters: list[Clause]) -> Clause:
    return Q("bool", filter=[clause, *filters])


def _field(facet: str) -> str:
    return facet if facet == "type" else f"values.{facet}"
