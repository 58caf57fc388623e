"""The server's single words of other spellings into whole questions, spelt as documents do."""

import itertools
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from search.analysis import Term, terms
from search.engines.elasticsearch.asking import correctable_terms
from search.query import Query, parse

_SHORTEST_FOR_TWO = 6
_WORDS_A_QUERY = 3
# Neighbours of a word that are tried: more of a short one, whose right one is seldom the
# commonest.
_NEIGHBOURS = 4
_NEIGHBOURS_OF_SHORT = 12
_SHORT = 5
# Of a text, only so much is read for a word's spelling (characters).
_READ = 30_000


def corrections(query: Query, entries: list[dict], limit: int) -> list[str]:
    """The likeliest other questions, where words stand nowhere: `entries` are of these alone.

    One letter apart before two, commoner words first; every wrong word is corrected.
    """
    near = [found for found in _near(query, entries, furthest=2) if found][:_WORDS_A_QUERY]
    if not near:
        return []
    places = itertools.product(*(range(len(found)) for found in near))
    order = sorted(places, key=lambda chosen: (sum(chosen), chosen))
    choices = ([found[place] for found, place in zip(near, some, strict=True)] for some in order)
    texts = (_replaced(query, choice) for choice in choices)
    return list(dict.fromkeys(itertools.islice(texts, limit)))


def replacements(query: Query, entries: list[dict], limit: int) -> list[str]:
    """Other questions, where each word does stand somewhere: one word in another's place."""
    near = _near(query, entries, furthest=1)
    turns = itertools.zip_longest(*near)
    texts = (_replaced(query, [choice]) for turn in turns for choice in turn if choice)
    return list(dict.fromkeys(itertools.islice(texts, limit)))


def words_in(entries: Iterable[dict]) -> list[str]:
    """The typed words of `entries`, and those offered in their place."""
    return sorted({w["text"] for entry in entries for w in (entry, *entry["options"])})


def among_seen(counts: dict[str, int], query: Query, entries: list[dict], limit: int) -> list[str]:
    """Other questions in words that the asker may see: `counts` are of such documents alone."""
    known = [
        entry
        | {
            "options": [
                option | {"freq": counts[option["text"]]}
                for option in entry["options"]
                if counts[option["text"]]
            ]
        }
        for entry in entries
    ]
    unseen = [entry for entry in known if not counts[entry["text"]]]
    return corrections(query, unseen, limit) or replacements(query, known, limit)


def _near(query: Query, entries: list[dict], furthest: int) -> list[list[tuple[Term, str]]]:
    """Each word with its neighbours."""
    options = {entry["text"]: entry["options"] for entry in entries}
    return [
        [(term, other) for other in _nearest(term.word, options.get(term.word, ()), furthest)]
        for term in correctable_terms(query)
    ]


def _nearest(word: str, options: Iterable[dict], furthest: int) -> list[str]:
    """Neighbours at the smallest distance that has any, commonest first."""
    by_distance: dict[int, list[dict]] = {}
    for option in options:
        by_distance.setdefault(OSA.distance(word, option["text"]), []).append(option)
    most = _NEIGHBOURS_OF_SHORT if len(word) < _SHORT else _NEIGHBOURS
    for distance in range(1, furthest + 1):
        if distance > 1 and len(word) < _SHORTEST_FOR_TWO:
            break
        if found := by_distance.get(distance):
            found.sort(key=lambda option: (-option["freq"], option["text"]))
            return [option["text"] for option in found[:most]]
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
