"""What the places of a page are called: 'Paragraph 3', 'Table 4: row 2, column 1'."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.fields import StreamField
from wagtail.models import Page

# Headings are not counted: readers see the numbers of what stands between them.
_UNCOUNTED = "heading"


@dataclass(frozen=True)
class Place:
    """`key` is the block's id or the field's name; `part` what of it a path names, '' for all."""

    key: str
    title: str
    part: str = ""
    kind: str = ""  # the block's type


class Places:
    """Names of a page's paths. No query."""

    def __init__(self, page: Page):
        self._page = page
        self._streams = [
            field for field in page._meta.get_fields() if isinstance(field, StreamField)
        ]
        self._blocks: dict[tuple[str, str], tuple[int, dict]] = {}
        for field in self._streams:
            number = 0
            for block in getattr(page, field.name).raw_data:
                number += block["type"] != _UNCOUNTED
                self._blocks[field.name, block["id"]] = (number, block)

    def of(self, path: str) -> Place:
        """What wagtail-localize's context path names."""
        name, _dot, rest = path.partition(".")
        field = self._page._meta.get_field(name)
        label = capfirst(str(field.verbose_name))
        block_id, *below = rest.split(".")
        number, block = self._blocks.get((name, block_id), (0, None))
        if block is None:
            return Place(key=name, title=label)
        kind = field.stream_block.child_blocks.get(block["type"])
        title = str(kind.label) if kind is not None else label
        if block["type"] != _UNCOUNTED:
            title = _("%(kind)s %(number)s") % {"kind": title, "number": number}
        if len(self._streams) > 1:
            title = f"{label}: {title}"
        return Place(block_id, title, _part(kind, block["value"], below), block["type"])


def place_key(path: str) -> str:
    """The block's id of a path, or the field's name."""
    parts = path.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def _part(kind, value, below: list[str]) -> str:
    if not below:
        return ""
    name, *ids = below
    child = getattr(kind, "child_blocks", {}).get(name)
    label = str(child.label) if child is not None and child.label else ""
    is_only = len(getattr(kind, "translated", ())) == 1
    if is_only and not ids:
        return ""  # the block's only words: its own name says enough
    if is_only and getattr(child, "child_block", None) is not None:
        label = str(child.child_block.label or label)
    numbers = _numbers(value.get(name) if isinstance(value, dict) else None, ids)
    if len(numbers) == 2:
        return _("Row %(row)s, column %(column)s") % {"row": numbers[0], "column": numbers[1]}
    if len(numbers) == 1:
        return _("%(kind)s %(number)s") % {"kind": label, "number": numbers[0]}
    return label


def _numbers(items, ids: list[str]) -> list[int]:
    """Which of its list each id is, from the outside in."""
    found = []
    for wanted in ids:
        if not isinstance(items, list):
            break
        at = next((n for n, item in enumerate(items) if item.get("id") == wanted), None)
        if at is None:
            break
        found.append(at + 1)
        items = items[at].get("value")
    return found
