"""Parts of a question as clauses: words in their forms, phrases, what stands for something."""

from collections.abc import Iterable, Sequence

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Clause

from search.analysis import Term
from search.engines.elasticsearch.analysers import JOINED, TRIGRAMS
from search.query import Query, Synonym

#: Where words are looked for, and what a word counts there.
WEIGHTED = ("title^8", "body", "names")
#: The texts of files as well. Never for a score: a long file must not cost its story's rank.
ALL = (*WEIGHTED, "attachments")
EXACT = ("title.x^8", "body.x", "names.x")
_JOINED = ("title.j^8", "body.j", "names.j")
# A word written another way (R20), and another form of what was typed (R21), beside the words.
_OTHER_SPELLING = 0.6
_OTHER_FORM = 0.4


# --- texts -----------------------------------------------------------------------
def spelt(text: str, found: Sequence[Term]) -> str:
    """The found terms as they stand in the text: overlapping grams as their run again."""
    spans: list[list[int]] = []
    for term in found:
        if spans and spans[-1][0] <= term.start < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], term.end)
        else:
            spans.append([term.start, term.end])
    return " ".join(text[start:end] for start, end in spans)


def written(form: Sequence[Term]) -> str:
    """A form's terms as a text: places in a text of its own join grams to their run."""
    parts: list[str] = []
    end = -1
    for term in form:
        if term.kind == "gram" and term.start < end:
            parts[-1] += term.word[-(term.end - end) :]
        else:
            parts.append(term.word)
        end = term.end
    return " ".join(parts)


def is_prefix(query: Query, term: Term) -> bool:
    """A Thai run shorter than a trigram: found as the beginning of one."""
    return query.language == TRIGRAMS and term.kind == "short"


# --- every word ----------------------------------------------------------------------
def every(query: Query, fields: Sequence[str]) -> list[Clause]:
    """One clause for each part that must stand: words, or another form of them."""
    clauses: list[Clause] = []
    at = 0
    for synonym in query.synonyms:
        clauses += _each(query, at, synonym.first, fields)
        own = Q("bool", must=_each(query, synonym.first, synonym.last, fields))
        clauses.append(any_of([own, *forms(synonym, fields)]))
        at = synonym.last
    return clauses + _each(query, at, len(query.terms), fields)


def _each(query: Query, first: int, last: int, fields: Sequence[str]) -> list[Clause]:
    if query.language in JOINED:
        return [any_of(_spellings(query, place, fields)) for place in range(first, last)]
    found = query.terms[first:last]
    clauses = [begins(term, fields) for term in dict.fromkeys(found) if is_prefix(query, term)]
    text = spelt(query.text, [term for term in found if not is_prefix(query, term)])
    if text:
        clauses.append(Q("combined_fields", query=text, fields=list(fields), operator="and"))
    return clauses


def forms(synonym: Synonym, fields: Sequence[str], boost: float = 1.0) -> list[Clause]:
    """Each other form, its words in order."""
    return [phrase(written(form), fields, boost) for form in synonym.forms]


# --- any word ---------------------------------------------------------------------------
def other_forms(query: Query) -> list[Clause]:
    """What is not typed and as good, for any of the words."""
    clauses = [begins(term, WEIGHTED) for term in query.terms if is_prefix(query, term)]
    for synonym in query.synonyms:
        clauses += forms(synonym, WEIGHTED, _OTHER_FORM)
        clauses += forms(synonym, ("attachments",), _OTHER_FORM / 10)
    if query.language in JOINED:
        for place in range(len(query.terms)):
            clauses += _spellings(query, place, WEIGHTED)[1:]
    return clauses


def _spellings(query: Query, place: int, fields: Sequence[str]) -> list[Clause]:
    """A Persian word joined, spaced or with a half-space (R20): as it is, cut in two in the
    text, or joined with a neighbour."""
    words = [term.word for term in query.terms]
    own = query.text[query.terms[place].start : query.terms[place].end]
    found = [
        Q("combined_fields", query=own, fields=list(fields)),
        Q("combined_fields", query=own, fields=list(_JOINED), boost=_OTHER_SPELLING),
    ]
    for first in (place - 1, place):
        if 0 <= first and first + 1 < len(words):
            joined = words[first] + words[first + 1]
            found.append(
                Q("combined_fields", query=joined, fields=list(fields), boost=_OTHER_SPELLING)
            )
    return found


# --- small clauses ------------------------------------------------------------------------
def phrase(text: str, fields: Sequence[str], boost: float = 1.0) -> Clause:
    """The words in this order, in one of the fields."""
    return Q("multi_match", query=text, fields=list(fields), type="phrase", boost=boost)


def begins(term: Term, fields: Iterable[str]) -> Clause:
    """A gram that begins with the term."""
    names = [field.partition("^")[0] for field in fields]
    return any_of([Q("prefix", **{name: {"value": term.text}}) for name in names])


def any_of(clauses: list[Clause], name: str = "") -> Clause:
    """One of the clauses; `name` comes back with each hit that matched."""
    if len(clauses) == 1 and not name:
        return clauses[0]
    return Q("bool", should=clauses, minimum_should_match=1, **({"_name": name} if name else {}))
