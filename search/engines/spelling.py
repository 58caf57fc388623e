"""Other spellings of a whole query, from the words that stand in the index."""

import itertools
from collections.abc import Callable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import WITHOUT_SPACES, Term, stem
from search.engines.words import Words
from search.query import Query

# Words of one letter have too many neighbours; between these and longer ones two
# mistakes are too many.
_SHORTEST = 2
_SHORTEST_FOR_TWO = 6
_WORDS_A_QUERY = 3
# Neighbours of a word that are tried: more of a short one, whose right one is seldom the
# commonest.
_NEIGHBOURS = 4
_NEIGHBOURS_OF_SHORT = 12
_SHORT = 5
_WHOLE_WORDS = 10
# So many of the nearest words are asked about, whether the asker may know them.
_ASKED_ABOUT = 40

#: (word, documents that have it) → whether the asker may see one of them.
Seen = Callable[[str, int], bool]


class Speller:
    """Keeps each language's words in memory until their stamp changes."""

    def __init__(self):
        # Language → (stamp, word → as documents spell it, the words as a list).
        self._kept: dict[str, tuple[str, dict[str, str], list[str]]] = {}

    def corrections(self, query: Query, limit: int, words: Words, seen: Seen) -> list[str]:
        """The likeliest other queries; unknown words are corrected, else rare ones.

        Distance is OSA (one letter dropped, doubled, wrong or two swapped):
        one, and two only where nothing is nearer. A word that is not `seen` is
        as good as unknown.
        """
        shown = self._vocabulary(query.language, words)[0]
        candidates = [
            term
            for term in query.terms
            if term.kind == "word" and len(term.word) >= _SHORTEST and not term.word.isdigit()
        ]
        counts = words.documents(query.language, {term.word for term in candidates})
        wrong = [
            term
            for term in candidates
            if term.word not in shown or not seen(term.word, counts[term.word])
        ][:_WORDS_A_QUERY]
        if wrong:
            near = [
                (
                    term,
                    self._uncut(term, query, words, seen)
                    + self._neighbours(term.word, query.language, words, seen),
                )
                for term in wrong
            ]
            near = [(term, found) for term, found in near if found]
            choices = _likeliest_first([[(t, word) for word in found] for t, found in near])
        else:
            rare = sorted(candidates, key=lambda term: counts[term.word])[:_WORDS_A_QUERY]
            choices = (
                ((term, word),)
                for term in rare
                for word in self._neighbours(term.word, query.language, words, seen, furthest=1)
            )
        texts = (_replaced(query.text, choice, shown) for choice in choices if choice)
        return list(dict.fromkeys(itertools.islice(texts, limit)))

    def commoner(self, query: Query, least: int, words: Words, seen: Seen) -> list[str]:
        """The query with one of its words replaced by a near one that `least` documents have."""
        shown = self._vocabulary(query.language, words)[0]
        texts = []
        for term in query.terms:
            if term.kind == "word" and len(term.word) >= _SHORT and not term.word.isdigit():
                near = self._neighbours(term.word, query.language, words, seen, furthest=1)
                counts = words.documents(query.language, near)
                texts += [
                    _replaced(query.text, ((term, word),), shown)
                    for word in near
                    if counts[word] >= least and stem(word, query.language) != term.text
                ]
        return texts

    def _vocabulary(self, language: str, words: Words) -> tuple[dict[str, str], list[str]]:
        stamp = words.stamp(language)
        kept = self._kept.get(language)
        if kept is None or kept[0] != stamp:
            shown = dict(words.all(language))
            self._kept[language] = kept = (stamp, shown, list(shown))
        return kept[1], kept[2]

    def _uncut(self, term: Term, query: Query, words: Words, seen: Seen) -> list[str]:
        """Words that a term at an end of the query may be a part of, commonest first.

        In scripts without spaces people copy from anywhere to anywhere.
        """
        if query.language not in WITHOUT_SPACES:
            return []
        found: list[str] = []
        every = self._vocabulary(query.language, words)[1]
        if term is query.terms[0]:
            found += [word for word in every if word.endswith(term.word)]
        if term is query.terms[-1]:
            found += [word for word in every if word.startswith(term.word)]
        counts = words.documents(query.language, found)
        found.sort(key=lambda word: (-counts[word], word))
        able = (word for word in found[:_ASKED_ABOUT] if seen(word, counts[word]))
        return list(itertools.islice(able, _WHOLE_WORDS))

    def _neighbours(
        self, word: str, language: str, words: Words, seen: Seen, furthest: int = 2
    ) -> list[str]:
        """The nearest words, commonest first."""
        most = _NEIGHBOURS_OF_SHORT if len(word) < _SHORT else _NEIGHBOURS
        every = self._vocabulary(language, words)[1]
        for distance in range(1, furthest + 1):
            if distance == 2 and len(word) < _SHORTEST_FOR_TWO:
                break
            found = process.extract(
                word, every, scorer=OSA.distance, score_cutoff=distance, limit=None
            )
            found = [other for other, _d, _i in found if other != word]
            counts = words.documents(language, found)
            found.sort(key=lambda other: (-counts[other], other))
            able = (other for other in found[:_ASKED_ABOUT] if seen(other, counts[other]))
            if chosen := list(itertools.islice(able, most)):
                return chosen
        return []


def _likeliest_first(words: list[list]) -> Iterator[tuple]:
    """One of each word's neighbours: all firsts, then what lies furthest in front on the whole."""
    places = itertools.product(*[range(len(found)) for found in words])
    for chosen in sorted(places, key=sum):
        yield tuple(found[place] for found, place in zip(words, chosen, strict=True))


def _replaced(text: str, choice: tuple[tuple[Term, str], ...], shown: dict[str, str]) -> str:
    """The query with the chosen words in place, as the documents spell them."""
    for term, word in sorted(choice, key=lambda pair: -pair[0].start):
        text = text[: term.start] + shown[word] + text[term.end :]
    return text
