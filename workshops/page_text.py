"""A programme's page as units of text: a field, a paragraph, a day, a list, a lesson, a question.

A unit's anchor is its block's id, which copies and translations keep. Takes
pages and imports no model of this room.
"""

import hashlib
import json
import re
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
        return "\n".join(values_of(value["items"]))
    if kind == "day":
        return "\n".join([value["title"], *values_of(value["steps"])])
    if kind == "lesson":
        return "\n".join([value["title"], *values_of(value["text"])])
    return "\n".join([value["question"], *values_of(value["options"]), value["explanation"]])


def values_of(rows) -> list:
    """A stored list's values, with or without the ids of its items."""
    return [row["value"] if isinstance(row, dict) else row for row in rows]


def value_from(kind: str, text: str, old=None):
    """A block's value from lines; None where there is nothing to keep. Lines that stand in the
    `old` value keep the ids of their items, which translations are kept by."""
    if kind == "paragraph":
        return text.strip() or None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    old = old or {}
    if kind == "points":
        return {"items": items_from(lines, old.get("items", ()))}
    name = "steps" if kind == "day" else "text"
    # A title alone has one empty step: the block wants one.
    return {"title": lines[0][:120], name: items_from(lines[1:] or [""], old.get(name, ()))}


def items_from(values: list, old=()) -> list[dict]:
    """Stored items of a list: an id goes on with the same words, else with the same place."""
    left = [row for row in old if isinstance(row, dict) and row.get("id")]
    ids: list[str | None] = []
    for value in values:
        same = next((row for row in left if row["value"] == value), None)
        ids.append(same["id"] if same else None)
        if same:
            left.remove(same)
    for place, (taken, row) in enumerate(zip(ids, old, strict=False)):
        if taken is None and row in left:
            ids[place] = row["id"]
            left.remove(row)
    return [
        {"type": "item", "value": value, "id": key or str(uuid.uuid4())}
        for value, key in zip(values, ids, strict=True)
    ]


def rewritten(
    blocks: list[dict], texts: dict[str, str], added: str = "", days: str = ""
) -> list[dict]:
    """Stored blocks of a stream with other words by anchor; emptied ones are left out, and each
    paragraph of `added`, then each day of `days` (an empty line between) stands at the end."""
    found = []
    for block in blocks:
        if block["type"] == "question" or block["id"] not in texts:
            found.append(block)
            continue
        text = texts[block["id"]].replace("\r\n", "\n")
        if text.strip() == lines_of(block["type"], block["value"]).strip():
            found.append(block)  # its items keep their ids
            continue
        value = value_from(block["type"], text, block["value"])
        if value is not None:
            found.append({**block, "value": value})
    for kind, words in (("paragraph", added), ("day", days)):
        for chunk in _chunks(words):
            value = value_from(kind, chunk)
            found.append({"type": kind, "value": value, "id": str(uuid.uuid4())})
    return found


def _chunks(words: str) -> list[str]:
    """What stands between empty lines."""
    chunks = re.split(r"\n[^\S\n]*\n", words.replace("\r\n", "\n"))
    return [chunk.strip() for chunk in chunks if chunk.strip()]
