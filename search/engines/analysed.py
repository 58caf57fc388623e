"""What the embedded engine writes of a document: terms for its columns, words for spelling."""

from collections.abc import Iterable

from search.analysis import Term, characters, plain_terms
from search.contract import ELSEWHERE
from search.engines import fts


class AnalysedDocument:
    """A document's texts in terms, analysed once for both tables."""

    def __init__(self, title: str, body: str, names: str, language: str):
        self._body_text = f"{title}\n{body}"
        # The names in other languages are found, never suggested.
        own, _elsewhere, others = names.partition(ELSEWHERE)
        self._title, self._body, self._own, self._others = (
            plain_terms(text, language) for text in (title, body, own, others)
        )

    def columns(self) -> tuple[str, str, str]:
        """What FTS5 is given for title, body and exact title."""
        parts = [
            self._body.texts,
            self._own.texts + self._others.texts,
            sorted(set(characters(self._body_text))),
        ]
        return (
            " ".join(self._title.texts),
            f" {fts.BREAK} ".join(" ".join(part) for part in parts if part),
            " ".join([*self._title.words, fts.TITLE_END]),
        )

    def words(self) -> dict[str, str]:
        """Unstemmed words → as they are spelt, for corrections."""
        shown = self._own.shown | self._body.shown | self._title.shown
        return {
            word: spelt
            for word, spelt in shown.items()
            if 2 <= len(word) <= 40 and not word.isdigit()
        }


def spelt_words(text: str, found: Iterable[Term]) -> dict[str, str]:
    """Unstemmed words of a text → as they are spelt there first."""
    shown: dict[str, str] = {}
    for term in found:
        word = term.word
        if term.kind == "word" and word not in shown and 2 <= len(word) <= 40:
            if not word.isdigit():
                shown[word] = text[term.start : term.end].lower()
    return shown
