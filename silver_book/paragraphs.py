"""A text's paragraphs as they are shown: numbered, with an anchor, in their own language.

Works on raw stream data: a section is drawn without building a block object.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from silver_book import inline
from silver_book.blocks import bare, texts_of
from silver_book.explaining import KINDS, Explaining


@dataclass
class Shown:
    """One paragraph. `number` counts what one can point at; headings have none."""

    kind: str
    anchor: str
    number: int | None
    html: SafeString = SafeString("")
    items: list[SafeString] = field(default_factory=list)
    header: list[SafeString] = field(default_factory=list)
    rows: list[list[dict]] = field(default_factory=list)
    value: dict = field(default_factory=dict)
    level: int = 2
    is_ordered: bool = False
    state: str = ""  # 'stale' or 'missing', where the text is behind its original
    since: object = None
    language: str = ""  # where the words are in another than the page's
    picture: object = None
    beside: list["Shown"] = field(default_factory=list)  # notes that stand beside it
    marks: list = field(default_factory=list)  # readers' marks at a defect (review.api.Mark)
    terms: list = field(default_factory=list)  # explained here (translations.aids.naming)
    suffix: str = ""  # of their ids, where another text stands on the page
    local: list = field(default_factory=list)  # what regions add (additions.Local)

    @property
    def is_wide(self) -> bool:
        """A table that is scrolled sideways: its columns do not fit the measure."""
        return len(self.header) > 5


def anchor(block_id: str) -> str:
    """The place of a paragraph in an address; lasts as long as the paragraph."""
    return f"p-{block_id[:8]}"


def shown(
    blocks: Iterable[Mapping],
    *,
    links: Mapping[str, str] | None = None,
    states: Mapping[str, tuple] | None = None,
    pictures: Mapping[int, object] | None = None,
    source_language: str = "en",
    explaining: Explaining | None = None,
) -> list[Shown]:
    """Paragraphs in order. `states`: block id → (state, since).

    `explaining`: terms are explained where they first stand, in words of the
    text's own language.
    """
    result, number = [], 0
    for block in blocks:
        if block["type"] != "heading":
            number += 1
        state = (states or {}).get(block["id"], ("", None))
        tells = block["type"] in KINDS and state[0] != "missing"
        explain = explaining if tells else None
        counted = None if block["type"] == "heading" else number
        made = _shown(block, counted, links, pictures, explain)
        if made is None:
            number -= 1
            continue
        made.state, made.since = state
        if explaining:
            made.terms, made.suffix = explaining.take(), explaining.suffix
        if made.state == "missing":
            made.language = source_language
        result.append(made)
    return result


def _shown(block, number, links, pictures, explain=None) -> Shown | None:
    kind, value = block["type"], bare(block["value"])
    made = Shown(kind=kind, anchor=anchor(block["id"]), number=number)

    def draw(text: str) -> SafeString:
        return inline.render(text, links, explain)

    if kind == "paragraph":
        made.html = draw(value)
        return made
    made.value = value
    if kind == "heading":
        made.html, made.level = draw(value["text"]), int(value["level"])
    elif kind in ("list", "checklist"):
        made.items = [draw(item) for item in value["items"]]
        made.is_ordered = bool(value.get("ordered"))
    elif kind == "table":
        made.header = [draw(cell) for cell in value["header"]]
        heads = [inline.plain(cell) for cell in value["header"]]
        made.rows = [
            [
                {"html": draw(cell), "head": heads[n] if n < len(heads) else ""}
                for n, cell in enumerate(row)
            ]
            for row in value["rows"]
        ]
        made.html = draw(value.get("caption") or "")
    elif kind in ("note", "quote"):
        made.html = draw(value["text"])
    elif kind == "picture":
        made.picture = (pictures or {}).get(value["image"])
        if made.picture is None:
            return None
        made.html = draw(value.get("caption") or "")
    return made


def block_at(blocks: Iterable[Mapping], place: str) -> str | None:
    """The id of the paragraph with an anchor; None where there is none."""
    return next(
        (b["id"] for b in blocks if b["type"] != "heading" and anchor(b["id"]) == place), None
    )


def places(blocks: Iterable[Mapping]) -> Iterator[tuple[str, int, str]]:
    """Anchor, number and words of each paragraph that has a number."""
    number = 0
    for block in blocks:
        if block["type"] != "heading":
            number += 1
            words = "\n".join(inline.plain(text) for text in texts_of(block))
            yield anchor(block["id"]), number, words


def with_notes_beside(paragraphs: Iterable[Shown]) -> Iterator[Shown]:
    """A note stands beside the paragraph it follows; one at the start stands alone."""
    before: Shown | None = None
    for paragraph in paragraphs:
        if paragraph.kind == "note" and before is not None and before.kind == "paragraph":
            before.beside.append(paragraph)
            continue
        if before is not None:
            yield before
        before = paragraph
    if before is not None:
        yield before


def side_by_side(
    one: list[Shown], other: list[Shown], language: str
) -> list[tuple[Shown | None, Shown | None]]:
    """Paragraphs with the same identity in one row; each of the others in a row of its own.

    Anchors of the other language get its code: an anchor stands once on a page.
    """
    there = {paragraph.anchor: paragraph for paragraph in other}
    here = {paragraph.anchor for paragraph in one}
    rows: list[tuple[Shown | None, Shown | None]] = [(p, there.get(p.anchor)) for p in one]
    previous = None
    for paragraph in other:
        if paragraph.anchor not in here:
            at = next((n for n, row in enumerate(rows) if row[1] and row[1].anchor == previous), -1)
            rows.insert(at + 1, (None, paragraph))
        previous = paragraph.anchor
    for paragraph in other:
        paragraph.anchor = f"{paragraph.anchor}-{language}"
    return rows


def block_states(rows: Mapping[str, tuple], field_name: str) -> dict[str, tuple]:
    """Path → state, as block id → state: 'missing' where any of its words are."""
    found: dict[str, tuple] = {}
    for path, state in rows.items():
        name, _dot, rest = path.partition(".")
        if name != field_name:
            continue
        block_id = rest.partition(".")[0]
        if block_id not in found or state[0] == "missing":
            found[block_id] = state
    return found


def has_no_words(blocks: Iterable[Mapping], states: Mapping[str, tuple]) -> bool:
    """Whether a text says something, and none of it in the page's own language."""
    said = [block["id"] for block in blocks if any(texts_of(block))]
    return bool(said) and all(states.get(i, ("", None))[0] == "missing" for i in said)


def image_ids(blocks: Iterable[Mapping]) -> list[int]:
    """The images that a text shows."""
    return [b["value"]["image"] for b in blocks if b["type"] == "picture" and b["value"]["image"]]


def own_links(blocks: Iterable[Mapping]) -> set[str]:
    """'kind:key' of everything of ours that a text leads to."""
    return inline.own_links(all_texts(blocks))


def all_texts(blocks: Iterable[Mapping]) -> Iterator[str]:
    """Every word of a text, Markdown and all."""
    for block in blocks:
        yield from texts_of(block)


def plain_text(blocks: Iterable[Mapping]) -> str:
    """A text for the search index: a line a paragraph or a table's row, code and all."""
    lines = []
    for block in blocks:
        if block["type"] == "table":
            lines += _table_lines(block)
        else:
            lines += [inline.plain(text) for text in texts_of(block)]
        if block["type"] == "code":
            lines.append(block["value"]["code"])
    return "\n".join(lines)


def _table_lines(block: Mapping) -> Iterator[str]:
    """The caption, the head and each row, with a bar between cells."""
    table = bare(block["value"])
    if table.get("caption"):
        yield inline.plain(table["caption"])
    for row in (table.get("header") or [], *(table.get("rows") or [])):
        if cells := [inline.plain(cell) for cell in row if cell]:
            yield " | ".join(cells)
