"""Blocks of the book. A block's id is the paragraph's identity in every language.

All of them hold plain text. Emphasis, code and links stand in it as Markdown
(`silver_book.inline`): one string a place is what translations are kept by.
"""

import itertools
import uuid
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from translations.blocks import WordsOnlyBlock


class PracticeElement(models.TextChoices):
    """The areas of work that each process step is practised in (domain.md section 4, 29)."""

    COMMUNICATION = "market-communication", _("Market communication")
    ACCESS = "access-points", _("Access points")
    SALES = "sales-administration", _("Sales administration and activity")
    SUPPLY = "supply-demand", _("Supply and demand management")
    AFTER_SALES = "after-sales", _("After-sales")


class HeadingBlock(WordsOnlyBlock):
    """A heading inside a section: level 2 or 3 of the page."""

    translated = ("text",)

    text = blocks.CharBlock(label=_("Heading"), max_length=250)
    level = blocks.ChoiceBlock(
        label=_("Level"), choices=[("2", "2"), ("3", "3"), ("4", "4")], default="2"
    )

    class Meta:
        icon = "title"
        label = _("Heading")


class ParagraphBlock(blocks.TextBlock):
    """One paragraph."""

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")


class ListOfTextsBlock(WordsOnlyBlock):
    """A list; its items are counted where it is ordered."""

    translated = ("items",)

    ordered = blocks.BooleanBlock(label=_("Numbered"), required=False)
    items = blocks.ListBlock(blocks.TextBlock(label=_("Item")), min_num=1)

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("of texts", "List")


class ChecklistBlock(WordsOnlyBlock):
    """Points to tick, on paper or in one's head."""

    translated = ("items",)

    items = blocks.ListBlock(blocks.TextBlock(label=_("Point")), min_num=1)

    class Meta:
        icon = "tick-inverse"
        label = _("Checklist")


class TableBlock(WordsOnlyBlock):
    """A table: a head row, and rows of as many cells."""

    translated = ("caption", "header", "rows")

    caption = blocks.CharBlock(label=_("Caption"), max_length=250, required=False)
    header = blocks.ListBlock(blocks.TextBlock(label=_("Cell"), required=False, rows=1))
    rows = blocks.ListBlock(
        blocks.ListBlock(blocks.TextBlock(label=_("Cell"), required=False, rows=1)), label=_("Rows")
    )

    class Meta:
        icon = "table"
        label = pgettext_lazy("of figures and words", "Table")


class NoteBlock(WordsOnlyBlock):
    """What stands beside the text: an example, a warning, where it comes from."""

    translated = ("text",)

    text = blocks.TextBlock(label=_("Note"))

    class Meta:
        icon = "info-circle"
        label = pgettext_lazy("beside a text", "Note")


class QuoteBlock(WordsOnlyBlock):
    """Words of somebody else, or the section's principle."""

    translated = ("text", "source")

    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Who said it"), max_length=200, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class PictureBlock(WordsOnlyBlock):
    """A picture with its words; the alternative text is translated like any other."""

    translated = ("alt", "caption")

    image = ImageChooserBlock()
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=300, required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")


class CodeBlock(WordsOnlyBlock):
    """Lines that are shown as they are, in no human language."""

    code = blocks.TextBlock(label=_("Lines"))
    language = blocks.CharBlock(label=_("Notation"), max_length=40, required=False)

    class Meta:
        icon = "code"
        label = _("Code")


PROSE = [("paragraph", ParagraphBlock())]
BODY = [
    ("heading", HeadingBlock()),
    ("paragraph", ParagraphBlock()),
    ("list", ListOfTextsBlock()),
    ("checklist", ChecklistBlock()),
    ("table", TableBlock()),
    ("note", NoteBlock()),
    ("quote", QuoteBlock()),
    ("picture", PictureBlock()),
    ("code", CodeBlock()),
]

# --- raw data: what is stored, and what the import compares --------------------------
# Fields of a block that hold words for `inline`; lists are flattened by `texts_of`.
_WORDS = ("text", "source", "caption", "alt", "items", "header", "rows")


def with_item_ids(block: dict) -> dict:
    """The block with an id for every item of its lists, made from its own id and their place.

    Languages that have the same items then agree on their identity.
    """
    if not isinstance(block["value"], dict):
        return block
    value = {
        name: _items(given, f"{block['id']}/{name}") if isinstance(given, list) else given
        for name, given in block["value"].items()
    }
    return block | {"value": value}


def _items(values: list, place: str) -> list[dict]:
    made = []
    for number, value in enumerate(values):
        path = f"{place}/{number}"
        inner = _items(value, path) if isinstance(value, list) else value
        item_id = str(uuid.uuid5(uuid.NAMESPACE_OID, path))
        made.append({"type": "item", "value": inner, "id": item_id})
    return made


def bare(value):
    """A raw value without the ids of its list items."""
    if isinstance(value, dict):
        if set(value) == {"type", "value", "id"} and value["type"] == "item":
            return bare(value["value"])
        return {name: bare(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value


def texts_of(block: dict) -> Iterator[str]:
    """All words of a raw block, in order."""
    value = bare(block["value"])
    if isinstance(value, str):
        yield value
        return
    for name in _WORDS:
        yield from _flat(value.get(name))


def _flat(value) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(_flat(inner) for inner in value)


# --- another language's words in the places of the base -----------------------------------
def words_by_path(field_name: str, base: dict, value) -> tuple[dict[str, str], int]:
    """Path → words of a block in another language, by the ids of the base's block.

    Also how many words found no place: items that the base does not have.
    """
    found: dict[str, str] = {}
    lost = _collect(f"{field_name}.{base['id']}", base["value"], value, found)
    return found, lost


def _collect(path: str, base, value, found: dict[str, str]) -> int:
    if isinstance(value, str):
        if value.strip():
            found[path] = value
        return 0
    if isinstance(value, dict) and isinstance(base, dict):
        return sum(
            _collect(f"{path}.{name}", base[name], inner, found)
            for name, inner in value.items()
            if name in base and isinstance(inner, str | list)
        )
    if isinstance(value, list) and isinstance(base, list):
        lost = max(0, len(value) - len(base))
        for item, inner in zip(base, value, strict=False):
            lost += _collect(f"{path}.{item['id']}", item["value"], inner, found)
        return lost
    return 1 if value else 0


def fill(blocks: list[dict], field_name: str, words: dict[str, str]) -> list[dict]:
    """The base's raw blocks with another language's words in their places."""
    return [
        block | {"value": _filled(f"{field_name}.{block['id']}", block["value"], words)}
        for block in blocks
    ]


def _filled(path: str, value, words: dict[str, str]):
    if isinstance(value, str):
        return words.get(path) or value
    if isinstance(value, dict):
        return {name: _filled(f"{path}.{name}", inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [
            item | {"value": _filled(f"{path}.{item['id']}", item["value"], words)}
            for item in value
        ]
    return value
