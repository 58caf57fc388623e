"""The glossary beside a text: its terms in the original, and what the translation calls them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from search.analysis import fold, normal, terms
from search.concepts import Concept, Vocabulary
from translations.models import TermText


@dataclass(frozen=True)
class Hint:
    """A term that the original uses. `avoided`: words in the translation that must not mean it."""

    key: str
    source: str  # as the original says it
    preferred: str  # in the translation's language; '' where the glossary has none
    forms: tuple[str, ...]
    definition: str
    avoid: tuple[str, ...]
    is_used: bool
    avoided: tuple[str, ...]

    @property
    def is_missed(self) -> bool:
        """The translation has words and none of the term's."""
        return bool(self.preferred) and not self.is_used


class Glossary:
    """The terms of a language pair, ready to be looked for. One query."""

    def __init__(self, source_language: str, language: str):
        self.source_language, self.language = source_language, language
        self._here: dict[str, TermText] = {}
        there = {}
        rows = TermText.objects.filter(language__in=[source_language, language])
        for row in rows.select_related("term"):
            if row.language == language:
                self._here[row.term.key] = row
            if row.language == source_language and row.forms:
                there[row.term.key] = tuple(row.forms)
        self._source = Vocabulary(
            Concept(key, {source_language: forms}) for key, forms in there.items()
        )
        self._forms = Vocabulary(
            Concept(key, {language: tuple(row.forms)})
            for key, row in self._here.items()
            if row.forms
        )
        self._avoid = Vocabulary(
            Concept(key, {language: tuple(row.avoid)})
            for key, row in self._here.items()
            if row.avoid
        )

    def hints(self, source: str, target: str) -> list[Hint]:
        """Each term of the original once, in its order."""
        found: dict[str, Hint] = {}
        said = _named(self._source, source, self.source_language)
        wanted = {named.key for named in said}
        used = _named(self._forms, target, self.language)
        used_keys = {named.key for named in used}
        avoided: dict[str, list[str]] = {}
        for named in _named(self._avoid, target, self.language):
            # 'Distributor' must not stand for a dealer, but may for a distributor.
            if not any(
                other.key != named.key and other.key in wanted and other.touches(named)
                for other in used
            ):
                avoided.setdefault(named.key, []).append(named.word)
        for key, word, _start, _end in said:
            if key in found:
                continue
            row = self._here.get(key)
            forms = tuple(row.forms) if row else ()
            found[key] = Hint(
                key=key,
                source=word,
                preferred=forms[0] if forms else "",
                forms=forms,
                definition=row.definition if row else "",
                avoid=tuple(row.avoid) if row else (),
                is_used=key in used_keys or _stands_in(target, forms),
                avoided=tuple(dict.fromkeys(avoided.get(key, ()))),
            )
        return list(found.values())


class _Named(NamedTuple):
    """A place in a text that names a term."""

    key: str
    word: str
    start: int
    end: int

    def touches(self, other: "_Named") -> bool:
        return self.start < other.end and other.start < self.end


def _named(vocabulary: Vocabulary, text: str, language: str) -> list[_Named]:
    text = normal(text)
    spans = vocabulary.spans(text, list(terms(text, language)), language, most=None)
    return [
        _Named(concept.key, text[span.start : span.end], span.start, span.end)
        for span in spans
        for concept in span.concepts
    ]


def _stands_in(target: str, forms: Iterable[str]) -> bool:
    """A form inside longer words: Arabic joins articles and prepositions to them."""
    folded = fold(normal(target))
    for form in forms:
        word = fold(normal(form))
        bare = word.removeprefix("ال")
        if len(bare) > 3 and bare in folded:
            return True
    return False
