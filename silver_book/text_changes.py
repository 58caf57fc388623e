"""What changed between two states of a text, paragraph by paragraph.

A state is what drafts, revisions and frozen editions have in common: title,
summary or subtitle, and blocks (id, type, value), whose ids last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from network.localize import number_text
from review.difference import difference
from silver_book import inline
from silver_book.blocks import bare, texts_of

CHANGED, NEW, GONE = "changed", "new", "gone"


@dataclass(frozen=True)
class Change:
    """One paragraph or field. `place` is its block's id, or the field's name."""

    place: str
    kind: str  # CHANGED, NEW or GONE
    label: str
    runs: list[tuple[str, str]] = field(default_factory=list)


def between_contents(old: Mapping | None, new: Mapping, *, as_read: bool = False) -> list[Change]:
    """What `new` changes of `old`, in the new text's order; everything where there is no old.

    `as_read`: words without Markdown, for readers. A change of form alone has no runs then.
    """
    found = []
    names = {"title": _("Title"), "subtitle": _("Subtitle"), "summary": _("Summary")}
    for name, label in names.items():
        before, after = (old or {}).get(name, ""), new.get(name, "")
        if before != after:
            kind = CHANGED if old is not None else NEW
            found.append(Change(name, kind, label, difference(before, after)))
    before, after = _stories(old or {}), _stories(new)
    if before != after:
        kind = CHANGED if old is not None else NEW
        found.append(Change("stories", kind, _("Stories"), difference(before, after)))
    words = read_words_of if as_read else words_of
    return found + _of_blocks((old or {}).get("blocks", []), new.get("blocks", []), words)


def _stories(content: Mapping) -> str:
    """The stories that a frozen text names, a line each."""
    return "\n".join(f"{row['number']} {row['title']}" for row in content.get("stories", ()))


def _of_blocks(old: list[dict], new: list[dict], words: Callable[[dict], str]) -> list[Change]:
    before = {block["id"]: block for block in old}
    found, number = [], 0
    for block in new:
        number += block["type"] != "heading"
        label = _label(block, number)
        was = before.pop(block["id"], None)
        if was is None:
            found.append(Change(block["id"], NEW, label, [("ins", words(block))]))
        elif bare(was["value"]) != bare(block["value"]):
            one, other = words(was), words(block)
            runs = difference(one, other) if one != other else []
            found.append(Change(block["id"], CHANGED, label, runs))
    found += [
        Change(block_id, GONE, _("No longer in the text"), [("del", words(block))])
        for block_id, block in before.items()
    ]
    return found


def _label(block: dict, number: int) -> str:
    """As the reader's page numbers it: headings have no number."""
    if block["type"] == "heading":
        return _("Heading")
    return _("Paragraph %(number)s") % {"number": number_text(number)}


def words_of(block: dict) -> str:
    """A block's words a line each; code as it is."""
    lines = list(texts_of(block))
    if block["type"] == "code":
        lines.append(block["value"]["code"])
    return "\n".join(lines)


def read_words_of(block: dict) -> str:
    """The same as readers see them."""
    if block["type"] == "code":
        return words_of(block)
    return "\n".join(inline.plain(text) for text in texts_of(block))
