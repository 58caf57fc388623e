"""The server's single words of other spellings into whole questions, spelt as documents do."""

import itertools
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from search.analysis import Term, terms
from search.engines.elasticsearch.asking import correctable_terms
from search.query import Query, parse

_SHORTEST_FOR_TWO = 6
_WORDS_A_QUERY = 3
_NEIGHBOURS = 2
# Of a text, only so much is read for a word's spelling (characters).
_READ = 30_000


def corrections(query: Query, entries: list[dict], limit: int) -> list[str]:
    """The likeliest other questions: one letter apart before two, commoner words first."""
    near: list[list[tuple[Term, str]]] = []
    options = {entry["text"]: entry["options"] for entry in entries}
    for term in correctable_terms(query):
        found = _nearest(term.word, options.get(term.word, ()))
        if found:
            near.append([(term, other) for other in found])
    near = near[:_WORDS_A_QUERY]
    if not near:
        return []
    texts = (_replaced(query, choice) for choice in itertools.product(*near))
    return list(dict.fromkeys(itertools.islice(texts, limit)))


def _nearest(word: str, options: Iterable[dict]) -> list[str]:
    """Neighbours at the smallest distance that has any."""
    by_distance: dict[int, list[dict]] = {}
    for option in options:
        by_distance.setdefault(OSA.distance(word, option["text"]), []).append(option)
    for distance in sorted(by_distance):
        if distance == 0 or (distance > 1 and len(word) < _SHORTEST_FOR_TWO):
            continue
        found = sorted(by_distance[distance], key=lambda o: (-o["freq"], o["text"]))
        return [option["text"] for option in found[:_NEIGHBOURS]]
    return []


def _replaced(query: Query, choice: Iterable[tuple[Term, str]]) -> str:
    """The question with the chosen words in place of theirs, wherever they stand."""
    other = {term.word: word for term, word in choice}
    text = query.text
    for term in sorted(query.terms, key=lambda term: -term.start):
        if term.kind == "word" and term.word in other:
            text = text[: term.start] + other[term.word] + text[term.end :]
    return text


def as_documents_spell(text: str, typed: Query, texts: Iterable[str]) -> str:
    """The question with each corrected word as a document spells it: reparacion → reparación."""
    query = parse(text, typed.language)
    known = {term.word for term in typed.terms}
    places = [term for term in query.terms if term.kind == "word" and term.word not in known]
    wanted = {term.word for term in places}
    shown: dict[str, str] = {}
    for document in texts:
        if not wanted - shown.keys():
            break
        document = document[:_READ]
        for term in terms(document, typed.language):
            if term.word in wanted and term.word not in shown:
                shown[term.word] = document[term.start : term.end].lower()
    text = query.text
    for term in sorted(places, key=lambda term: -term.start):
        if term.word in shown:
            text = text[: term.start] + shown[term.word] + text[term.end :]
    return text
