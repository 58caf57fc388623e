"""Between typed values and a page's fields: who keeps which block id.

A block's id is its identity in every language: translations, notes and
working translations hang on it. So a paragraph that was not changed keeps
its id wherever it went, and one that was rewritten keeps the id of its place.
"""

import datetime
import uuid
from decimal import Decimal
from difflib import SequenceMatcher

from bulletins.blocks import Precision
from bulletins.parts.base import PartForm, Sheet
from bulletins.parts.fields import PartialDateField, ProseField
from bulletins.parts.sheet import FORMS

# Blocks of one kind: the field's block type, where it differs from the field's name.
_BLOCK_TYPE = {
    "gap": "gap",
    "causes": "cause",
    "countermeasures": "countermeasure",
    "results": "result",
    "pictures": "picture",
    "files": "file",
}
_ON_CASE = ("steps", "topics")


def put_on_page(page, values: dict) -> bool:
    """Write a part's accepted values into the page's fields; whether anything changed."""
    changed = False
    for name, value in values.items():
        if name in _ON_CASE:
            continue
        field = page._meta.get_field(name)
        old = getattr(page, name)
        if name in _BLOCK_TYPE:
            raw = [_row_raw(name, row, old) for row in value]
        elif hasattr(field, "stream_block"):
            raw = prose_raw(value, [(block.id, str(block.value)) for block in old])
        else:
            changed |= old != value
            setattr(page, name, value)
            continue
        new = field.stream_block.to_python(raw)
        changed |= _stored(new) != _stored(old)
        setattr(page, name, new)
    return changed


def _stored(stream) -> list:
    """A stream as it is stored; blocks are read first, so that '4' and 4 are one number."""
    list(stream)
    return stream.get_prep_value()


def prose_raw(texts: list[str], old: list[tuple[str, str]]) -> list[dict]:
    """Blocks for paragraphs, ids kept from `old` (id, text)."""
    ids = match_ids(texts, old)
    return [
        {"type": "paragraph", "value": text, "id": block_id}
        for text, block_id in zip(texts, ids, strict=True)
    ]


def match_ids(texts: list[str], old: list[tuple[str, str]]) -> list[str]:
    """An id for each text: of the equal one, else of the one it replaced, else a new one."""
    found: list[str | None] = [None] * len(texts)
    free = dict(enumerate(block_id for block_id, _text in old))
    matcher = SequenceMatcher(None, [text for _id, text in old], texts, autojunk=False)
    blocks = matcher.get_opcodes()
    for verb, i1, i2, j1, _j2 in blocks:
        if verb == "equal":
            for step in range(i2 - i1):
                found[j1 + step] = free.pop(i1 + step)
    for index, text in enumerate(texts):  # moved elsewhere
        if found[index] is None:
            place = next((i for i in free if old[i][1] == text), None)
            if place is not None:
                found[index] = free.pop(place)
    for verb, i1, i2, j1, j2 in blocks:  # rewritten in place
        if verb == "replace":
            rest = [i for i in range(i1, i2) if i in free]
            for index in range(j1, j2):
                if found[index] is None and rest:
                    found[index] = free.pop(rest.pop(0))
    return [block_id or str(uuid.uuid4()) for block_id in found]


def _row_raw(name: str, row: dict, old) -> dict:
    value = dict(row["value"])
    before = next((block.value for block in old if block.id == row["id"]), None)
    if name == "causes":
        kept = _items(before, "whys", str)
        ids = match_ids(value["whys"], kept)
        value["whys"] = _list_raw(zip(ids, value["whys"], strict=True))
    if name == "results":
        ids = match_ids(
            [f"{month:%Y-%m}" for month, _value in value["monthly"]],
            _items(before, "monthly", lambda item: f"{item['month']:%Y-%m}"),
        )
        rows = [{"month": _plain(m), "value": _plain(v)} for m, v in value["monthly"]]
        value["monthly"] = _list_raw(zip(ids, rows, strict=True))
    value = {key: _plain(item) for key, item in value.items()}
    return {"type": _BLOCK_TYPE[name], "id": row["id"], "value": value}


def _items(struct, name: str, text) -> list[tuple[str, str]]:
    if struct is None:
        return []
    return [(child.id, text(child.value)) for child in struct[name].bound_blocks]


def _list_raw(pairs) -> list[dict]:
    return [{"type": "item", "id": block_id, "value": value} for block_id, value in pairs]


def _plain(value):
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, Precision) else value


# --- the other way: a page as one would type it ------------------------------


def typed_from_page(part: str, page, sheet: Sheet) -> dict:
    """The part's typed data for what stands on the page and its case."""
    form, language = FORMS[part], sheet.language
    typed: dict = {}
    for name, field in form.base_fields.items():
        if name in _ON_CASE:
            continue
        if name == "seen":
            typed |= PartialDateField.typed("seen", page.seen_on, page.seen_precision, language)
        elif isinstance(field, ProseField):
            typed[name] = ProseField.typed(str(block.value) for block in getattr(page, name))
        elif isinstance(getattr(page, name), bool):
            typed |= {name: "on"} if getattr(page, name) else {}
        else:
            typed[name] = getattr(page, name)
    for name, row_form in form.ROWS.items():
        for index, block in enumerate(getattr(page, name)):
            row = row_form.typed(block.value, language) | {"id": block.id}
            typed |= {f"{name}-{index}-{key}": value for key, value in row.items()}
    if part == "check":
        typed |= _case_typed(page.case)
    return typed


def _case_typed(case) -> dict:
    return {
        "steps": list(case.process_steps),
        "topics": sorted(topic.slug for topic in case.topics.all()),
    }


def is_stored(typed: PartForm, stored: PartForm) -> bool:
    """Whether the page holds all that was accepted of what was typed.

    A field that accepts nothing says nothing of the page: its words stay, to
    be shown with their error.
    """
    accepted, held = _comparable(typed.accepted()), _comparable(stored.accepted())
    return all(held.get(name) == value for name, value in accepted.items())


def _comparable(values: dict) -> dict:
    return {name: sorted(value) if name in _ON_CASE else value for name, value in values.items()}
