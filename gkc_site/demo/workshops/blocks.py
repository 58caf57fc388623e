"""The demo's programmes as stored blocks, with the same ids wherever it is loaded."""

import tomllib
import uuid
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IDS = uuid.UUID("5f0f7b86-51f0-4a0c-8b1c-0f4c8c6f2f10")


def own_id(name: str) -> uuid.UUID:
    """The id of a programme or its page."""
    return uuid.uuid5(_IDS, name)


def block_id(*place) -> str:
    """The id of a block or an item by its place: programme, stream, number, number of the item."""
    return str(own_id("/".join(map(str, place))))


@cache
def programme_rows() -> list[dict]:
    """programmes.toml."""
    return tomllib.loads((FOLDER / "programmes.toml").read_text(encoding="utf-8"))["programme"]


@cache
def lab_rows() -> list[dict]:
    """lab.toml."""
    return tomllib.loads((FOLDER / "lab.toml").read_text(encoding="utf-8"))["step"]


def paragraphs(row: dict, name: str) -> list[dict]:
    """Plain paragraphs."""
    return [
        {"type": "paragraph", "value": text, "id": block_id(row["key"], name, number)}
        for number, text in enumerate(row.get(name, []))
    ]


def days(row: dict) -> list[dict]:
    """What happens, day by day."""
    found = []
    for number, day in enumerate(row.get("happens", [])):
        place = (row["key"], "happens", number)
        value = {"title": day["title"], "steps": _items(place, day["steps"])}
        found.append({"type": "day", "value": value, "id": block_id(*place)})
    return found


def lessons(key: str, language: str = "en") -> list[dict]:
    """The online lab in a language."""
    found = []
    for number, step in enumerate(lab_rows()):
        words, place = step[language], (key, "lessons", number)
        if step["kind"] == "lesson":
            value = {"title": words["title"], "text": _items(place, words["text"])}
        else:
            value = {
                "question": words["question"],
                "options": _items(place, words["options"]),
                "right": _items((*place, "right"), step["right"]),
                "explanation": words["explanation"],
            }
        found.append({"type": step["kind"], "value": value, "id": block_id(*place)})
    return found


def _items(place: tuple, values: list) -> list[dict]:
    return [
        {"type": "item", "value": value, "id": block_id(*place, at)}
        for at, value in enumerate(values)
    ]
