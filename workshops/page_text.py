"""A programme's page as units of text: a field, a paragraph, a day, a list, a lesson, a question.

A unit's anchor is its block's id, which copies and translations keep. Takes
pages and imports no model of this room.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass

FIELDS = ("title", "summary")
STREAMS = ("body", "happens", "before_after", "lessons")
# Streams in which whoever tailors a programme adds paragraphs.
WRITABLE = ("body", "happens", "before_after")


@dataclass(frozen=True)
class Unit:
    """`text` has a line for each step, point or paragraph; the first of a day or a lesson is its
    title."""

    anchor: str
    stream: str  # '' for a field
    kind: str  # 'field', or the block's type
    text: str

    @property
    def is_fixed(self) -> bool:
        """A question has right answers by number: its words are not written as lines."""
        return self.kind == "question"


def units_of(page) -> list[Unit]:
    """All of a page's text, in its order."""
    found = [Unit(name, "", "field", getattr(page, name)) for name in FIELDS]
    for stream in STREAMS:
        for block in getattr(page, stream).get_prep_value():
            found.append(
                Unit(block["id"], stream, block["type"], lines_of(block["type"], block["value"]))
            )
    return found


def texts_of(page) -> dict[str, str]:
    """Anchor → text."""
    return {unit.anchor: unit.text for unit in units_of(page)}


def fingerprint(texts: dict[str, str]) -> str:
    """Says whether two states are the same, in their order too."""
    return hashlib.sha256(json.dumps(list(texts.items())).encode()).hexdigest()


def lines_of(kind: str, value) -> str:
    """A stored block's words, a line each."""
    if kind == "paragraph":
        return value
    if kind == "points":
        return "\n".join(_items(value["items"]))
    if kind == "day":
        return "\n".join([value["title"], *_items(value["steps"])])
    if kind == "lesson":
        return "\n".join([value["title"], *_items(value["text"])])
    return "\n".join([value["question"], *_items(value["options"]), value["explanation"]])


def _items(rows) -> list[str]:
    return [row["value"] if isinstance(row, dict) else row for row in rows]


def value_from(kind: str, text: str):
    """A block's value from lines; None where there is nothing to keep."""
    if kind == "paragraph":
        return text.strip() or None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if kind == "points":
        return {"items": _made(lines)}
    name = "steps" if kind == "day" else "text"
    # A title alone has one empty step: the block wants one.
    return {"title": lines[0][:120], name: _made(lines[1:] or [""])}


def _made(lines: list[str]) -> list[dict]:
    return [{"type": "item", "value": line, "id": str(uuid.uuid4())} for line in lines]


def rewritten(blocks: list[dict], texts: dict[str, str], added: str = "") -> list[dict]:
    """Stored blocks of a stream with other words by anchor; emptied ones are left out, and each
    paragraph of `added` (an empty line between) stands at the end."""
    found = []
    for block in blocks:
        if block["type"] == "question" or block["id"] not in texts:
            found.append(block)
            continue
        text = texts[block["id"]].replace("\r\n", "\n")
        if text.strip() == lines_of(block["type"], block["value"]).strip():
            found.append(block)  # its items keep their ids
            continue
        value = value_from(block["type"], text)
        if value is not None:
            found.append({**block, "value": value})
    paragraphs = added.replace("\r\n", "\n").split("\n\n")
    for words in filter(None, (paragraph.strip() for paragraph in paragraphs)):
        found.append({"type": "paragraph", "value": words, "id": str(uuid.uuid4())})
    return found
