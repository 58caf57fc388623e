"""Sets a file beside what it said last time and what the site says now.

A paragraph keeps its id while its words change; an edit made on the site
stands, and is reported where the file changed too.
"""

import hashlib
import json
import math
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from silver_book.blocks import bare, texts_of, with_item_ids

_NAMESPACE = uuid.UUID("1d0b7a52-6a5e-4f0e-9a0e-6d0f6a1f5c11")


def digest(value) -> str:
    """A value's hash, the ids of list items apart."""
    written = json.dumps(bare(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def mark(block: dict) -> str:
    """A block's kind and hash: what the record of an import keeps."""
    return f"{block['type']}:{digest(block['value'])}"


def shape(block: dict) -> str:
    """What a block looks like whatever its language says: to pair paragraphs by order."""
    value = bare(block["value"])
    if block["type"] == "heading":
        return f"heading {value['level']}"
    if block["type"] in ("list", "checklist"):
        return f"{block['type']} {len(value['items'])}"
    if block["type"] == "table":
        return f"table {len(value['header'])} {len(value['rows'])}"
    return block["type"]


def paired(old: list[str], new: list[str]) -> list[int | None]:
    """For each of the new marks the place of the old one that it continues, or None.

    Equal ones are found first; between them, those of the same kind in order.
    """
    result: list[int | None] = [None] * len(new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            for step in range(b_end - b):
                result[b + step] = a + step
        elif tag == "replace":
            _pair_kinds(old, new, range(a, a_end), range(b, b_end), result)
    return result


def _kind(sign: str) -> str:
    return sign.partition(":")[0].partition(" ")[0]


def _pair_kinds(old, new, places, wanted, result) -> None:
    matcher = SequenceMatcher(
        None, [_kind(old[a]) for a in places], [_kind(new[b]) for b in wanted], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            result[wanted[block.b + step]] = places[block.a + step]


def new_id(key: str, language: str, block: dict, taken: set[str]) -> str:
    """An id for a paragraph that is new: the same wherever the same book is taken in."""
    place = 0
    while True:
        made = str(uuid.uuid5(_NAMESPACE, f"{key}/{language}/{mark(block)}/{place}"))
        if made not in taken:
            taken.add(made)
            return made
        place += 1


@dataclass
class Merged:
    """The blocks as they should stand, what to remember of the file, and what stood against it."""

    blocks: list[dict]
    digests: dict[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def merge_blocks(
    given: list[dict],
    *,
    site: list[dict],
    order: list[str],
    digests: dict[str, str],
    make_id: Callable[[dict, set[str]], str],
) -> Merged:
    """The file's blocks taken into the site's. `order` and `digests`: the last import's record."""
    on_site = {block["id"]: block for block in site}
    taken = set(on_site) | set(order)
    places = paired([digests.get(i, "") for i in order], [mark(block) for block in given])
    merged = Merged(blocks=[])
    kept: list[dict] = []
    for block, place in zip(given, places, strict=True):
        block_id = order[place] if place is not None else make_id(block, taken)
        merged.order.append(block_id)
        merged.digests[block_id] = sign = mark(block)
        before, now = digests.get(block_id), on_site.get(block_id)
        if now is None and before is not None:
            if sign != before:
                merged.conflicts.append(
                    _("deleted on the site, changed in the file: %(text)s")
                    % {"text": _begin(block)}
                )
            continue
        if now is None:
            kept.append(with_item_ids(_stored(block, block_id)))
        elif mark(now) in (before, sign) or before is None:
            kept.append(now if mark(now) == sign else _changed(now, block, block_id))
        else:
            if sign != before:
                merged.conflicts.append(
                    _("edited on the site, changed in the file: %(text)s") % {"text": _begin(block)}
                )
            kept.append(now)
    gone = set(order) - set(merged.order)
    for block_id in gone & set(on_site):
        if mark(on_site[block_id]) == digests.get(block_id):
            del on_site[block_id]
        else:
            said = _begin(on_site[block_id])
            merged.conflicts.append(
                _("edited on the site, gone from the file: %(text)s") % {"text": said}
            )
    merged.blocks = _with_site_only(kept, [b for b in site if b["id"] in on_site])
    return merged


def _stored(block: dict, block_id: str) -> dict:
    return {"type": block["type"], "value": block["value"], "id": block_id}


def _changed(now: dict, block: dict, block_id: str) -> dict:
    """The file's words in the site's block: items keep their ids by place."""
    fresh = with_item_ids(_stored(block, block_id))
    return fresh | {"value": _keeping_ids(now["value"], fresh["value"])}


def _keeping_ids(old, new):
    if isinstance(new, dict) and isinstance(old, dict):
        return {name: _keeping_ids(old.get(name), value) for name, value in new.items()}
    if isinstance(new, list) and isinstance(old, list):
        made = []
        for number, item in enumerate(new):
            before = old[number] if number < len(old) else {}
            item_id = before.get("id") or item["id"]
            value = _keeping_ids(before.get("value"), item["value"])
            made.append(item | {"id": item_id, "value": value})
        return made
    return new


def _with_site_only(kept: list[dict], site: list[dict]) -> list[dict]:
    """Blocks that were added on the site stand after the one they followed there."""
    result, known = list(kept), {block["id"] for block in kept}
    previous = None
    for block in site:
        if block["id"] not in known:
            at = next((n for n, b in enumerate(result) if b["id"] == previous), -1) + 1
            result.insert(at, block)
        previous = block["id"]
    return result


def _begin(block: dict) -> str:
    words = bare(block["value"])
    text = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)
    return f"“{text[:60]}”"


# --- another language beside the base ---------------------------------------------------
# A paragraph without a counterpart costs as much as one that is paired against its look.
_GAP, _OTHER_SHAPE, _MOST_BY_LENGTH = 0.6, 0.5, 0.5


def paired_by_order(base: list[dict], other: list[dict]) -> list[int | None]:
    """For each block of the other language the place of the base's block that it stands for.

    The cheapest pairing in order: only blocks of one kind, best of the same
    shape, and of about the same length (as sentences are aligned, Gale and
    Church 1993). O(n·m).
    """
    look = [(shape(b), _length(b)) for b in base], [(shape(b), _length(b)) for b in other]
    total = [sum(length for _shape, length in side) or 1 for side in look]
    ratio = total[1] / total[0]
    rows, columns = len(base), len(other)
    cost = [[(a + b) * _GAP for b in range(columns + 1)] for a in range(rows + 1)]
    for a in range(1, rows + 1):
        for b in range(1, columns + 1):
            pair = cost[a - 1][b - 1] + _unlike(look[0][a - 1], look[1][b - 1], ratio)
            cost[a][b] = min(pair, cost[a - 1][b] + _GAP, cost[a][b - 1] + _GAP)
    result: list[int | None] = [None] * columns
    a, b = rows, columns
    while a and b:
        pair = cost[a - 1][b - 1] + _unlike(look[0][a - 1], look[1][b - 1], ratio)
        if cost[a][b] == pair:
            result[b - 1] = a - 1
            a, b = a - 1, b - 1
        elif cost[a][b] == cost[a - 1][b] + _GAP:
            a -= 1
        else:
            b -= 1
    return result


def _unlike(one: tuple[str, int], other: tuple[str, int], ratio: float) -> float:
    if _kind(one[0]) != _kind(other[0]):
        return float("inf")
    by_length = abs(math.log((one[1] * ratio + 1) / (other[1] + 1))) / 2
    return (one[0] != other[0]) * _OTHER_SHAPE + min(by_length, _MOST_BY_LENGTH)


def _length(block: dict) -> int:
    return sum(len(text) for text in texts_of(block))
