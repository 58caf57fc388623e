"""Words that say the same thing, in every language, and where they stand in a query.

A concept is a glossary term, a topic, a process step or a place: its forms by
language, the preferred one first. No database here: see search.vocabulary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from search.analysis import Term, fold, letters, normal, terms

#: So many other forms of one span are looked for.
MAX_FORMS = 12
#: So many names in a row of words are told; the longest ones.
MAX_SPANS = 8
# Written without spaces between words: a form is found as part of a run of letters.
_RUNNING = frozenset(("ja", "zh-hans", "th"))
# A Latin word in these can only be a loan: the English forms of a concept are known too.
_OTHER_SCRIPTS = frozenset(("ja", "zh-hans", "th", "ar", "fa"))
_ZWNJ = "\u200c"
# Fewer letters than these name nothing as part of a longer run; of a word, no part does.
_SHORTEST_PART = {"cjk": 2, "thai": 3}
# Function words (folded) that may stand inside a form or be missing there:
# 'falta de repuestos' is also 'falta de los repuestos'. Never a word by itself.
_PARTICLES = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the of in for to on at by with",
        "es": "el la los las un una de del en por para a al con",
        "ar": "في من علي الي عن",
        "fa": "از در به براي را ها هاي ي",
        "fr": "le la les un une de du des d l en dans a au aux pour par sur",
        "de": "der die das des dem den ein eine einer eines im in von vom zu zum zur bei am fur an",
        "it": "il lo la i gli le un una di del della dei delle dello degli d in nel nella a al per",
        "pt-br": "o a os as um uma de do da dos das em no na nos nas por para com",
        "id": "di ke dari untuk yang pada",
    }.items()
}


@dataclass(frozen=True)
class Concept:
    """One thing and its names: language → forms, the preferred one first."""

    key: str
    forms: Mapping[str, tuple[str, ...]]


class Span(NamedTuple):
    """Terms `first` to `last` (not included) of a query, that name concepts."""

    first: int
    last: int
    start: int  # places in the query's text
    end: int
    concepts: tuple[Concept, ...]


def is_particle(word: str, language: str) -> bool:
    """Whether a folded word only joins others in this language."""
    return word in _PARTICLES.get(language, ())


def alternatives(
    concepts: Iterable[Concept], language: str, typed: Sequence[Term] = ()
) -> tuple[tuple[Term, ...], ...]:
    """Forms of the concepts in a language as terms, without those that `typed` already is."""
    known = {_key(typed, language)}
    found = []
    for concept in concepts:
        for form in concept.forms.get(language, ()):
            said = _said(form, language)
            key = _key(said, language)
            if said and key not in known:
                known.add(key)
                found.append(said)
    return tuple(found[:MAX_FORMS])


@lru_cache(maxsize=20_000)
def _said(form: str, language: str) -> tuple[Term, ...]:
    return tuple(terms(normal(form), language))


class Vocabulary:
    """Concepts, ready to be found in queries. Indexes of a language are made at its first use."""

    def __init__(self, concepts: Iterable[Concept] = ()):
        self.concepts = tuple(concepts)
        self._forms: dict[str, dict[object, list[Concept]]] = {}

    def spans(
        self, text: str, found: Sequence[Term], language: str, most: int | None = MAX_SPANS
    ) -> list[Span]:
        """Where the terms `found` (neighbours in `text`) name concepts; the longest name wins.

        At most `most` of them, all where that is None: a query is short, a paragraph is not.
        """
        if not self.concepts or not found:
            return []
        known = self._known(language)
        if language in _RUNNING:
            offered = _in_letters(text, found, known)
        else:
            offered = _in_words(found, known, language)
        offered.sort(key=lambda span: (span.start - span.end, span.start))
        chosen: list[Span] = []
        for span in offered:
            if all(span.end <= other.start or other.end <= span.start for other in chosen):
                chosen.append(span)
        chosen = sorted(chosen[:most], key=lambda span: span.start)
        return _apart(chosen)

    def starting_with(self, text: str, language: str, limit: int) -> list[str]:
        """Forms in a language that begin with `text`, the shortest first: for completion."""
        start = fold(normal(text)).strip()
        if not start:
            return []
        found = {
            form
            for concept in self.concepts
            for form in concept.forms.get(language, ())
            if fold(form).startswith(start)
        }
        return sorted(found, key=lambda form: (len(form), form))[:limit]

    def _known(self, language: str) -> dict[object, list[Concept]]:
        """Each form of a language, as it is looked up → the concepts that bear it."""
        kept = self._forms.get(language)
        if kept is None:
            kept = {}
            for concept in self.concepts:
                for key in self._keys(concept, language):
                    kept.setdefault(key, []).append(concept)
            self._forms[language] = kept
        return kept

    def _keys(self, concept: Concept, language: str) -> dict[object, None]:
        forms = list(concept.forms.get(language, ()))
        if language in _OTHER_SCRIPTS:
            forms += concept.forms.get("en", ())
        # Joined or with a half-space: one word in two spellings (R20).
        forms += [form.replace(_ZWNJ, "") for form in forms if _ZWNJ in form]
        keys: dict[object, None] = {}
        for form in forms:
            form = normal(form)
            if language in _RUNNING:
                key = "".join(letter.text for letter in letters(form))
            else:
                key = _key(terms(form, language), language)
            if key:
                keys[key] = None
        return keys


#: For those who ask without a database.
EMPTY = Vocabulary()


def _key(found: Iterable[Term], language: str) -> tuple[str, ...]:
    """Stems in order, function words left out."""
    return tuple(term.text for term in found if not is_particle(term.word, language))


def _in_words(found: Sequence[Term], known: dict, language: str) -> list[Span]:
    """Runs of words that are a form."""
    content = [i for i, term in enumerate(found) if not is_particle(term.word, language)]
    longest = max(map(len, known), default=0)
    spans = []
    for begin in range(len(content)):
        for count in range(1, min(longest, len(content) - begin) + 1):
            chosen = content[begin : begin + count]
            concepts = known.get(tuple(found[i].text for i in chosen))
            if concepts:
                first, last = chosen[0], chosen[-1]
                spans.append(
                    Span(first, last + 1, found[first].start, found[last].end, tuple(concepts))
                )
    return spans


def _in_letters(text: str, found: Sequence[Term], known: dict) -> list[Span]:
    """Parts of the letters that are a form; spaces and dots between them do not matter."""
    begin, end = found[0].start, found[-1].end
    asked = [letter for letter in letters(text) if begin <= letter.start and letter.end <= end]
    joined = "".join(letter.text for letter in asked)
    sizes = sorted({len(form) for form in known})
    spans = []
    for first in range(len(asked)):
        for size in sizes:
            last = first + size
            if last > len(asked):
                break
            concepts = known.get(joined[first:last])
            if concepts and _is_whole(asked, first, last):
                start, stop = asked[first].start, asked[last - 1].end
                touched = [i for i, t in enumerate(found) if t.start < stop and start < t.end]
                if touched:
                    spans.append(Span(touched[0], touched[-1] + 1, start, stop, tuple(concepts)))
    return spans


def _is_whole(asked: list, first: int, last: int) -> bool:
    """No word of another script is cut, and no run is named by a part too short to tell."""
    before = asked[first - 1].run if first else None
    after = asked[last].run if last < len(asked) else None
    for neighbour, own in ((before, asked[first]), (after, asked[last - 1])):
        if neighbour == own.run and (
            own.kind not in _SHORTEST_PART or last - first < _SHORTEST_PART[own.kind]
        ):
            return False
    return True


def _apart(spans: list[Span]) -> list[Span]:
    """A gram that reaches into two names belongs to the first."""
    found: list[Span] = []
    for span in spans:
        if found and span.first < found[-1].last:
            span = span._replace(first=found[-1].last)
        if span.first < span.last:
            found.append(span)
    return found
