"""A translation's file set beside the English text: words by the places they belong to."""

from django.utils.translation import ngettext

from silver_book.blocks import words_by_path
from silver_book.importing.folder import Report, Text
from silver_book.importing.merge import mark, paired, paired_by_order
from silver_book.models import BookPage, BookSectionPage, ImportedText
from silver_book.transitions.placing import raw_blocks, stream_field

# What is no language's: the source decides levels, notations and code.
_FIXED = {"heading": ("level",), "code": ("code", "language"), "list": ("ordered",)}


def words_of(
    text: Text, blocks: list[dict], english: BookPage, record: ImportedText, report: Report
) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Path → words; the ids in the file's order; and what to remember of its blocks.

    A block that the last import knew keeps its place; the others are paired
    in order with what is left of the English text. A file without text says
    title and summary only: that is a beginning, nothing is lost.
    """
    base = raw_blocks(english)
    by_id = {block["id"]: block for block in base}
    ids = _ids(blocks, base, record)
    words = {"title": text.title}
    if isinstance(english, BookSectionPage) and text.summary:
        words["summary"] = text.summary
    lost = 0
    for block, block_id in zip(blocks, ids, strict=True):
        if block_id is None:
            lost += 1
            continue
        if block.get("is_original"):
            continue
        found, more = words_by_path(stream_field(english), by_id[block_id], block["value"])
        fixed = _FIXED.get(by_id[block_id]["type"], ())
        words |= {p: said for p, said in found.items() if p.split(".")[-1] not in fixed}
        lost += more
    kept = [block_id for block_id in ids if block_id]
    if lost:
        report.lose(
            text.file,
            ngettext(
                "%(n)s text has no counterpart in the English text",
                "%(n)s texts have no counterpart in the English text",
                lost,
            )
            % {"n": lost},
        )
    if not blocks:
        report.titles_only += isinstance(english, BookSectionPage) and bool(base)
    elif missing := len(base) - len(kept):
        report.lose(
            text.file,
            ngettext(
                "%(n)s English paragraph has no text in this file",
                "%(n)s English paragraphs have no text in this file",
                missing,
            )
            % {"n": missing},
        )
    signs = {f"block {i}": mark(b) for b, i in zip(blocks, ids, strict=True) if i}
    return words, kept, signs


def _ids(blocks: list[dict], base: list[dict], record: ImportedText) -> list[str | None]:
    known = {block["id"] for block in base}
    signs = [record.digests.get(f"block {i}", "") for i in record.order]
    ids: list[str | None] = [
        record.order[at] if at is not None and record.order[at] in known else None
        for at in paired(signs, [mark(block) for block in blocks])
    ]
    kinds = {block["id"]: block["type"] for block in base}
    for place, block in enumerate(blocks):
        # An anchor that both have says it best.
        anchored = block.get("id")
        if ids[place] is None and anchored not in ids and kinds.get(anchored) == block["type"]:
            ids[place] = anchored
    free = [block for block in base if block["id"] not in ids]
    open_places = [place for place, given in enumerate(ids) if given is None]
    found = paired_by_order(free, [blocks[place] for place in open_places])
    for place, at in zip(open_places, found, strict=True):
        ids[place] = free[at]["id"] if at is not None else None
    return ids
