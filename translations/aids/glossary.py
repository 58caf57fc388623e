"""The glossary beside a text: its terms in the original, and what the translation calls them."""

from collections.abc import Iterable
from dataclasses import dataclass

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
        used = {key for key, _word in _named(self._forms, target, self.language)}
        avoided: dict[str, list[str]] = {}
        for key, word in _named(self._avoid, target, self.language):
            avoided.setdefault(key, []).append(word)
        for key, word in _named(self._source, source, self.source_language):
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
                is_used=key in used or _stands_in(target, forms),
                avoided=tuple(dict.fromkeys(avoided.get(key, ()))),
            )
        return list(found.values())


def _named(vocabulary: Vocabulary, text: str, language: str) -> Iterable[tuple[str, str]]:
    text = normal(text)
    spans = vocabulary.spans(text, list(terms(text, language)), language, most=None)
    return [
        (concept.key, text[span.start : span.end]) for span in spans for concept in span.concepts
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
