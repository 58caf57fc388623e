"""What a person typed, taken apart: words, "phrases in quotes" and -words; nothing else."""

import itertools
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from search.analysis import Term, normal, terms
from search.concepts import EMPTY, Concept, Span, Vocabulary, alternatives, is_particle

#: What is typed after this many characters, and terms after this many, are not looked up.
MAX_CHARACTERS = 400
MAX_TERMS = 32
#: So many other words may stand between the words of another form: 'parts were missing'.
FORM_GAP = 3
# A run of so many bigrams is no word that one leaves out.
_SENTENCE = 6

_PARTS = re.compile(
    r'(?P<minus>(?<!\S)[-−])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]|(?P<plain>[^\s"“”„«»]+))'
)
# What a form may not bring into a query that is put to another language.
_SIGNS = re.compile(r'["“”„«»]|(?<!\S)[-−]+')


@dataclass(frozen=True)
class Synonym:
    """Other forms of what `Query.terms[first:last]` say.

    A document that holds one of `forms` (each a run of terms, to stand in this
    order) holds the span: it counts as having those words, at a lower weight
    than the words as typed. `forms` never repeats what was typed; places of its
    terms are those in the form's own text. Spans do not overlap; no term of a
    phrase in quotes is in one.
    """

    first: int
    last: int  # not included
    forms: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class Query:
    """A parsed question in one language. Terms carry their places in `text`.

    `synonyms` come from the vocabulary that it was parsed with.
    """

    text: str
    language: str
    terms: tuple[Term, ...]  # all that may be found, those of phrases included
    phrases: tuple[tuple[Term, ...], ...] = ()  # each must stand as it is
    without: tuple[tuple[Term, ...], ...] = ()  # none may stand
    synonyms: tuple[Synonym, ...] = ()
    spans: tuple[Span, ...] = ()  # what names a concept, whether or not it has other forms
    vocabulary: Vocabulary = field(default=EMPTY, compare=False, repr=False)

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: no letter or digit outside what is excluded."""
        return not self.terms

    @property
    def wanted(self) -> frozenset[str]:
        """The terms as typed."""
        return frozenset(term.text for term in self.terms)

    @property
    def marked(self) -> frozenset[str]:
        """What to mark in a hit: the terms as typed, and their other forms.

        A form of several terms stands here with spaces between them: only
        where they are close together are they marked.
        """
        forms = set()
        for synonym in self.synonyms:
            for form in synonym.forms:
                words = [t.text for t in form if not is_particle(t.word, self.language)]
                forms.add(" ".join(words or [term.text for term in form]))
        return self.wanted | forms


def parse(text: str, language: str, vocabulary: Vocabulary = EMPTY) -> Query:
    """Take a query apart. Never fails: signs without words give an empty query."""
    text = normal(text)[:MAX_CHARACTERS].strip()
    wanted: list[Term] = []
    phrases: list[tuple[Term, ...]] = []
    without: list[tuple[Term, ...]] = []
    # Places in `wanted` of words that stand side by side, outside quotes.
    plain: list[list[int]] = [[]]
    for part in _PARTS.finditer(text):
        group = "phrase" if part.group("phrase") is not None else "plain"
        found = tuple(
            Term(t.text, t.word, t.start + part.start(group), t.end + part.start(group), t.kind)
            for t in terms(part.group(group), language)
        )
        if not found:
            continue
        if part.group("minus") and not _is_dash(part.group(group), found, language):
            without.append(found)
            plain.append([])
            continue
        if group == "plain":
            plain[-1] += range(len(wanted), len(wanted) + len(found))
        else:
            plain.append([])
        wanted += found
        if group == "phrase" and len(found) > 1:
            phrases.append(found)
    held = tuple(wanted[:MAX_TERMS])
    spans = tuple(_spans(text, held, plain, language, vocabulary))
    return Query(
        text=text,
        language=language,
        terms=held,
        phrases=tuple(phrases),
        without=tuple(without),
        synonyms=tuple(_synonyms(held, spans, language)),
        spans=spans,
        vocabulary=vocabulary,
    )


def _is_dash(text: str, found: tuple[Term, ...], language: str) -> bool:
    """Whether the sign before it is no minus: `-v` and `--paths` come out of a command, and in
    Chinese a dash may stand right before its sentence."""
    if text[0] in "-−" or (len(found[0].word) == 1 and found[0].kind == "word"):
        return True
    return language == "zh-hans" and len(found) >= _SENTENCE and found[0].kind == "gram"


def respelt(query: Query, text: str) -> Query:
    """The same question in another spelling."""
    return parse(text, query.language, query.vocabulary)


def translated(query: Query, language: str) -> Query:
    """The query put to another language's index.

    What names a concept is replaced by the preferred form there, the other
    forms beside it as synonyms; function words are left out; names, numbers,
    unknown words, phrases in quotes and -words stay as typed.
    """
    if language == query.language:
        return query
    pieces: list[str] = []
    places: list[tuple[int, int, tuple[Concept, ...]]] = []
    at = length = 0
    for start, end, form, concepts in _replacements(query, language):
        kept = query.text[at:start]
        space = "" if not form or not kept or kept[-1].isspace() else " "
        pieces += [kept, space, form]
        length += len(kept) + len(space) + len(form)
        if concepts:
            places.append((length - len(form), length, concepts))
        at = end
        if form and at < len(query.text) and not query.text[at].isspace():
            pieces.append(" ")
            length += 1
    text = "".join([*pieces, query.text[at:]])
    found = parse(text, language, query.vocabulary)
    # `parse` strips what stands before the first word.
    shift = len(text) - len(text.lstrip())
    replaced = []
    for start, end, concepts in places:
        touched = [
            i
            for i, term in enumerate(found.terms)
            if term.start < end - shift and start - shift < term.end
        ]
        if touched:
            replaced.append(Span(touched[0], touched[-1] + 1, start, end, concepts))
    others = [s for s in found.spans if not any(_overlap(s, span) for span in replaced)]
    return _without_particles(found, sorted([*replaced, *others]), replaced)


def _without_particles(found: Query, spans: list[Span], replaced: list[Span]) -> Query:
    """Leave out the function words of the names that were put in.

    Nobody typed them, and alone they would find everything. The whole name is
    one of the forms instead.
    """
    dropped: set[int] = set()
    for span in replaced:
        places = range(span.first, span.last)
        joining = {i for i in places if is_particle(found.terms[i].word, found.language)}
        if len(joining) < len(places):
            dropped |= joining
    place = list(
        itertools.accumulate((i not in dropped for i in range(len(found.terms))), initial=0)
    )
    held = tuple(term for i, term in enumerate(found.terms) if i not in dropped)
    kept = [span._replace(first=place[span.first], last=place[span.last]) for span in spans]
    whole = {
        span.start for span in replaced if any(i in dropped for i in range(span.first, span.last))
    }
    return Query(
        text=found.text,
        language=found.language,
        terms=held,
        phrases=found.phrases,
        without=found.without,
        synonyms=tuple(_synonyms(held, kept, found.language, whole)),
        spans=tuple(kept),
        vocabulary=found.vocabulary,
    )


def _spans(
    text: str,
    held: tuple[Term, ...],
    plain: Iterable[list[int]],
    language: str,
    vocabulary: Vocabulary,
) -> Iterator[Span]:
    for places in plain:
        places = [place for place in places if place < len(held)]
        found = [held[place] for place in places]
        for span in vocabulary.spans(text, found, language):
            yield span._replace(first=places[0] + span.first, last=places[0] + span.last)


def _synonyms(
    held: tuple[Term, ...],
    spans: Iterable[Span],
    language: str,
    whole: Container[int] = (),
) -> Iterator[Synonym]:
    """`whole`: starts of spans whose own name is a form too."""
    for span in spans:
        typed = () if span.start in whole else held[span.first : span.last]
        forms = alternatives(span.concepts, language, typed)
        if forms:
            yield Synonym(span.first, span.last, forms)


def _overlap(one: Span, other: Span) -> bool:
    return one.first < other.last and other.first < one.last


def _replacements(query: Query, language: str) -> list[tuple[int, int, str, tuple[Concept, ...]]]:
    """(start, end, form or '', concepts) of what changes in the text, in order."""
    found: list[tuple[int, int, str, tuple[Concept, ...]]] = []
    covered: set[int] = set()
    for span in query.spans:
        named = tuple(concept for concept in span.concepts if concept.forms.get(language))
        if named:
            form = _SIGNS.sub(" ", normal(named[0].forms[language][0])).strip()
            found.append((span.start, span.end, form, named))
            covered.update(range(span.first, span.last))
    if not found:
        return []
    quoted = {term for phrase in query.phrases for term in phrase}
    for place, term in enumerate(query.terms):
        if (
            place not in covered
            and term not in quoted
            and term.kind == "word"
            and is_particle(term.word, query.language)
        ):
            found.append((term.start, term.end, "", ()))
    return sorted(found, key=lambda piece: piece[:2])
