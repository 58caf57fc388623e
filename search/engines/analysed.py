"""What the embedded engine writes of a document: terms for its columns, words for spelling."""

from collections.abc import Sequence
from typing import NamedTuple

from search.contract import ELSEWHERE
from search.engines import fts
from search.whole_texts import Indexed, Lexicon, indexed


class Texts(NamedTuple):
    """A document's texts, as `normal` gives them."""

    title: str
    body: str
    names: str


class Analyser:
    """Makes a language's columns, and remembers what it has met. For one thread.

    `fresh` maps words that it met for the first time → as they are spelt.
    """

    def __init__(self, language: str):
        self.language = language
        self._own = Lexicon(language)
        # Titles as they stand: their words were met by the other one. Names in other
        # languages are found, never suggested.
        self._exact = Lexicon(language, is_stemmed=False, notes_words=False)
        self._elsewhere = Lexicon(language, notes_words=False)

    def take_fresh(self) -> dict[str, str]:
        """Words met since the last call → as they are spelt."""
        fresh, self._own.fresh = self._own.fresh, {}
        return fresh

    def columns(self, texts: Sequence[Texts]) -> list[tuple[str, str, str]]:
        """What FTS5 is given for title, body and exact title of each document."""
        titles = [text.title for text in texts]
        names = [text.names.partition(ELSEWHERE) for text in texts]
        return [
            (title.terms, _body(body, named, title.singles), f"{exact.terms} {fts.TITLE_END}")
            for title, exact, body, named in zip(
                indexed(titles, self._own),
                indexed(titles, self._exact),
                indexed([text.body for text in texts], self._own),
                self._names(names),
                strict=True,
            )
        ]

    def _names(self, names: Sequence[tuple[str, str, str]]) -> list[str]:
        """Terms of a document's own names, then of those in other languages."""
        if not any(sign or own for own, sign, _others in names):
            return [""] * len(names)
        own = indexed([own for own, _sign, _others in names], self._own)
        others = indexed([others for _own, _sign, others in names], self._elsewhere)
        return [f"{a.terms} {b.terms}".strip() for a, b in zip(own, others, strict=True)]

    def passages(self, texts: Sequence[str]) -> list[str]:
        """What FTS5 is given for passages of files."""
        return [_body(found, "", "") for found in indexed(texts, self._own)]


def _body(body: Indexed, names: str, singles: str) -> str:
    """A body, names, and single characters, parted so that they meet in no phrase."""
    singles = f"{singles} {body.singles}".strip()
    return f" {fts.BREAK} ".join([part for part in (body.terms, names, singles) if part])


def words(texts: Texts, language: str) -> set[str]:
    """The unstemmed words of a document that stand for corrections."""
    return words_of(f"{texts.title}\n{texts.body}\n{texts.names.partition(ELSEWHERE)[0]}", language)


def words_of(text: str, language: str) -> set[str]:
    """The unstemmed words of a text that stand for corrections."""
    lexicon = Lexicon(language)
    indexed([text], lexicon)
    return set(lexicon.fresh)
