"""What the embedded engine writes of a document: terms for its columns, words for spelling."""

from collections.abc import Iterable

from search.analysis import Term, characters, terms
from search.contract import ELSEWHERE
from search.engines import fts


class AnalysedDocument:
    """A document's texts in terms, analysed once for both tables."""

    def __init__(self, title: str, body: str, names: str, language: str):
        self.texts = (title, body, names)
        self.title, self.body, self.names = (terms(text, language) for text in self.texts)

    def columns(self) -> tuple[str, str, str]:
        """What FTS5 is given for title, body and exact title."""
        singles = sorted(set(characters("\n".join(self.texts[:2]))))
        parts = [[t.text for t in self.body], [t.text for t in self.names], singles]
        return (
            " ".join(term.text for term in self.title),
            f" {fts.BREAK} ".join(" ".join(part) for part in parts if part),
            " ".join([*(term.word for term in self.title), fts.TITLE_END]),
        )

    def words(self) -> dict[str, str]:
        """Unstemmed words → as they are spelt, for corrections."""
        shown: dict[str, str] = {}
        title, body, names = self.texts
        # The names in other languages are found, never suggested.
        texts = (title, body, names.partition(ELSEWHERE)[0])
        for text, found in zip(texts, (self.title, self.body, self.names), strict=True):
            own = (term for term in found if term.start < len(text))
            shown = spelt_words(text, own) | shown
        return shown


def spelt_words(text: str, found: Iterable[Term]) -> dict[str, str]:
    """Unstemmed words of a text → as they are spelt there first."""
    shown: dict[str, str] = {}
    for term in found:
        word = term.word
        if term.kind == "word" and word not in shown and 2 <= len(word) <= 40:
            if not word.isdigit():
                shown[word] = text[term.start : term.end].lower()
    return shown
