"""What a person typed, taken apart: words, "phrases in quotes" and -words; nothing else."""

import re
from dataclasses import dataclass

from search.analysis import Term, normal, terms

#: What is typed after this many characters, and terms after this many, are not looked up.
MAX_CHARACTERS = 400
MAX_TERMS = 32

_PARTS = re.compile(
    r'(?P<minus>(?<!\S)[-−])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]|(?P<plain>[^\s"“”„«»]+))'
)


@dataclass(frozen=True)
class Query:
    """A parsed question in one language. Terms carry their places in `text`."""

    text: str
    language: str
    terms: tuple[Term, ...]  # all that may be found, those of phrases included
    phrases: tuple[tuple[Term, ...], ...] = ()  # each must stand as it is
    without: tuple[tuple[Term, ...], ...] = ()  # none may stand

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: no letter or digit outside what is excluded."""
        return not self.terms

    @property
    def wanted(self) -> frozenset[str]:
        """The terms to mark in a hit."""
        return frozenset(term.text for term in self.terms)


def parse(text: str, language: str) -> Query:
    """Take a query apart. Never fails: signs without words give an empty query."""
    text = normal(text)[:MAX_CHARACTERS].strip()
    wanted: list[Term] = []
    phrases: list[tuple[Term, ...]] = []
    without: list[tuple[Term, ...]] = []
    for part in _PARTS.finditer(text):
        group = "phrase" if part.group("phrase") is not None else "plain"
        found = tuple(
            Term(t.text, t.word, t.start + part.start(group), t.end + part.start(group), t.kind)
            for t in terms(part.group(group), language)
        )
        if not found:
            continue
        if part.group("minus"):
            without.append(found)
            continue
        wanted += found
        if group == "phrase" and len(found) > 1:
            phrases.append(found)
    return Query(text, language, tuple(wanted[:MAX_TERMS]), tuple(phrases), tuple(without))
