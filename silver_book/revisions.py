"""What a base text's newest draft changes of what readers see."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from review.difference import difference
from silver_book.blocks import texts_of
from silver_book.models import BookPage, BookSectionPage

CHANGED, NEW, GONE = "changed", "new", "gone"


@dataclass(frozen=True)
class Change:
    """One paragraph or field. `place` is its block's id, or the field's name."""

    place: str
    kind: str  # CHANGED, NEW or GONE
    label: str
    runs: list[tuple[str, str]] = field(default_factory=list)


def changes(page: BookPage) -> list[Change]:
    """Between the live text and the newest revision, in the new text's order. Two queries."""
    new = page.latest_revision.as_object() if page.latest_revision else page
    old = page.live_revision.as_object() if page.live and page.live_revision else None
    return between(old, new)


def between(old: BookPage | None, new: BookPage) -> list[Change]:
    """What `new` changes of `old`; everything where there is no old text."""
    found = []
    names = {"title": _("Title")}
    if isinstance(new, BookSectionPage):
        names["summary"] = _("Summary")
    for name, label in names.items():
        before, after = getattr(old, name, ""), getattr(new, name)
        if before != after:
            kind = CHANGED if old is not None else NEW
            found.append(Change(name, kind, label, difference(before, after)))
    return found + _of_blocks(_blocks(old), _blocks(new))


def _blocks(page: BookPage | None) -> dict[str, dict]:
    if page is None:
        return {}
    stream = page.body if isinstance(page, BookSectionPage) else page.introduction
    return {block["id"]: dict(block) for block in stream.raw_data}


def _of_blocks(old: dict[str, dict], new: dict[str, dict]) -> list[Change]:
    found = []
    for number, (block_id, block) in enumerate(new.items(), 1):
        label = _("Paragraph %(number)s") % {"number": number}
        if block_id not in old:
            found.append(Change(block_id, NEW, label, [("ins", _words(block))]))
        elif old[block_id]["value"] != block["value"]:
            runs = difference(_words(old[block_id]), _words(block))
            found.append(Change(block_id, CHANGED, label, runs))
    for block_id in old.keys() - new.keys():
        words = [("del", _words(old[block_id]))]
        found.append(Change(block_id, GONE, _("No longer in the text"), words))
    return found


def _words(block: dict) -> str:
    return "\n".join(texts_of(block))
