"""The glossary's terms where they stand in a text of one language, and words not to use.

Works in every script: Japanese, Chinese and Thai without word boundaries,
Arabic with its prefixes (search.concepts). What one process knows is kept
until the glossary's stamp changes.
"""

from dataclasses import dataclass

from django.core.cache import cache

from search.analysis import fold, normal, terms
from search.api import vocabulary_stamp
from search.concepts import Concept, Vocabulary
from translations.models import TermText

#: The glossary's name among search's vocabularies.
VOCABULARY = "glossary"
#: The cache's key for the glossary's stamp, and how long it is kept there.
STAMP = "translations-glossary-stamp"
STAMP_KEPT_S = 60
# Where words bend at their end and a stem joins words of another meaning
# ('customs' is no customer), so much may be added to a form.
_BENDING = frozenset(("en", "es", "fr", "de", "it", "pt-br", "id"))
_MOST_ADDED = 3  # letters
# The Arabic article, alone and after the prepositions and conjunctions that join it.
_ARTICLES = ("ال", "لل", "بال", "وال", "فال", "كال")
# What a language that has no definition yet is explained in.
_FALLBACK = "en"


@dataclass(frozen=True)
class Explained:
    """A term as it is told: its preferred form, and what it means, in which language."""

    key: str
    form: str
    definition: str
    language: str  # of the definition


@dataclass(frozen=True)
class Place:
    """Where a term stands in a text (as `normal` gives it)."""

    start: int
    end: int
    term: Explained


@dataclass(frozen=True)
class Avoid:
    """A word that must not stand for a term, and the better one."""

    word: str
    better: str


class Names:
    """The terms of a language. One query when it is made."""

    def __init__(self, language: str):
        self.language = language
        rows = TermText.objects.filter(language__in={language, _FALLBACK}).select_related("term")
        by_key: dict[str, dict[str, TermText]] = {}
        for row in rows:
            by_key.setdefault(row.term.key, {})[row.language] = row
        self.explained: dict[str, Explained] = {}
        self._forms: dict[str, tuple[str, ...]] = {}
        self._better: dict[str, str] = {}
        avoid = []
        for key, texts in sorted(by_key.items()):
            own = texts.get(language)
            if own is None or not own.forms:
                continue
            told = own if own.definition else texts.get(_FALLBACK, own)
            self._forms[key] = tuple(own.forms)
            self.explained[key] = Explained(key, own.preferred, told.definition, told.language)
            if own.avoid:
                self._better[key] = own.preferred
                avoid.append(Concept(key, {language: tuple(own.avoid)}))
        self._vocabulary = Vocabulary(
            Concept(key, {language: _as_written(forms, language)})
            for key, forms in self._forms.items()
        )
        self._avoid = Vocabulary(avoid)

    def places(self, text: str) -> list[Place]:
        """Where terms stand in a text that `normal` gave, in order. None overlap."""
        spans = self._vocabulary.spans(
            text, list(terms(text, self.language)), self.language, most=None
        )
        found = []
        for span in spans:
            said = text[span.start : span.end]
            key = next((c.key for c in span.concepts if self._is_said(c.key, said)), None)
            if key is not None:
                found.append(Place(span.start, span.end, self.explained[key]))
        return found

    def used(self, text: str) -> set[str]:
        """Keys of the terms that a text uses."""
        return {place.term.key for place in self.places(normal(text))}

    def to_avoid(self, text: str) -> list[Avoid]:
        """Words not to use that stand in a text, each once, in order."""
        text = normal(text)
        spans = self._avoid.spans(text, list(terms(text, self.language)), self.language, most=None)
        found = {}
        for span in spans:
            for concept in span.concepts:
                word = text[span.start : span.end]
                key = (fold(word), concept.key)
                found.setdefault(key, Avoid(word, self._better[concept.key]))
        return list(found.values())

    def _is_said(self, key: str, said: str) -> bool:
        """Whether words that share a form's stem are that form.

        A form with a capital is a name: 'Own' is a step, 'own' is not.
        """
        if self.language not in _BENDING:
            return True
        words = fold(normal(said))
        for form in self._forms[key]:
            if form[:1].isupper() and not said[:1].isupper():
                continue
            bare = fold(normal(form))
            if words.startswith(bare) and len(words) - len(bare) <= _MOST_ADDED:
                return True
            if " " in bare and not form[:1].isupper():
                return True  # several words in a row are not there by chance
        return False


def _as_written(forms: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The forms; in Arabic also joined to the article, which the stemmer misreads before waw."""
    if language != "ar":
        return forms
    words = [form for form in forms if " " not in form and not form.startswith("ال")]
    return (*forms, *(article + word for word in words for article in _ARTICLES))


_kept: dict[str, tuple[str, Names]] = {}


def names_in(language: str) -> Names:
    """The terms of a language as this process knows them. A query after a change, else none."""
    now = stamp()
    kept = _kept.get(language)
    if kept is None or kept[0] != now:
        kept = _kept[language] = (now, Names(language))
    return kept[1]


def stamp() -> str:
    """Changes with the glossary. A query in STAMP_KEPT_S at most.

    Forgotten with every change (`search_documents`): where processes share no
    cache they notice within that time.
    """
    kept = cache.get(STAMP)
    if kept is None:
        kept = vocabulary_stamp(VOCABULARY)
        cache.set(STAMP, kept, STAMP_KEPT_S)
    return kept
