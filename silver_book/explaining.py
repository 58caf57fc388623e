"""Terms explained in place: the first time that a section uses one, its words are a button."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.common.utils import escapeHtml

from search.analysis import normal
from translations.aids.naming import Explained, Names

# Blocks whose words are explained; a heading is no place for a button.
KINDS = ("paragraph", "list", "checklist", "note", "quote")


class Explaining:
    """Draws the words of one section, paragraph after paragraph.

    `place` tells its terms' ids from those of another text on the same page.
    """

    def __init__(self, names: Names, place: str = ""):
        self.names = names
        self.suffix = f"-{place}" if place else ""
        self._told: set[str] = set()
        self._here: list[Explained] = []

    def __call__(self, words: str) -> str:
        """Safe HTML of some words of a paragraph."""
        words = normal(words)
        drawn, end = [], 0
        for place in self.names.places(words):
            term = place.term
            if term.key in self._told or not term.definition:
                continue
            self._told.add(term.key)
            self._here.append(term)
            drawn += [escapeHtml(words[end : place.start])]
            drawn += [_button(f"{term.key}{self.suffix}", words[place.start : place.end])]
            end = place.end
        return "".join([*drawn, escapeHtml(words[end:])])

    def take(self) -> list[Explained]:
        """The terms explained since the last call: what stands behind their buttons."""
        here, self._here = self._here, []
        return here


def _button(key: str, words: str) -> SafeString:
    return format_html(
        '<button type="button" class="term" popovertarget="term-{}">{}</button>',
        key,
        mark_safe(escapeHtml(words)),  # noqa: S308 (escaped as all other words are)
    )
