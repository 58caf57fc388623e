"""Tables: a head row and rows of as many cells."""

from django.utils.translation import gettext as _
from lxml.html import HtmlElement

from silver_book.importing.xhtml.inline import classes

_WIDEST = 30


class Tables:
    """The other half of `Blocks`."""

    def formal_table(self, element: HtmlElement) -> None:
        """DocBook's table with its title above."""
        caption = self.caption_of(element)
        tables = [t for t in element.iter("table") if not _inside_table(t, element)]
        for number, table in enumerate(tables):
            self.table(table, caption if number == 0 else "")

    def table(self, element: HtmlElement, caption: str = "") -> None:
        """A table of words; one that only sets its cells out is read as text."""
        kinds = classes(element)
        if "highlighttable" in kinds:
            for cell in element.iter("td"):
                if "code" in classes(cell):
                    self.flow(cell)
            return
        if kinds & {"simplelist", "field-list", "option-list"} or _is_layout(element):
            for cell in element.iter("td", "th"):
                if not _inside_table(cell, element, "td", "th"):
                    self.flow(cell)
            return
        caption = caption or self.caption_of(element)
        rows, inlines, has_spans = self._rows(element)
        if has_spans:
            self.lose(_("cells that span others stand alone in a table"))
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        width = min(max(len(row) for row in rows), _WIDEST)
        rows = [(row + [""] * width)[:width] for row in rows]
        anchors = [anchor for inline in inlines for anchor in inline.anchors]
        value = {"caption": caption, "header": rows[0], "rows": rows[1:]}
        self.add("table", value, anchors)
        for inline in inlines:
            self.after(inline)

    def _rows(self, element: HtmlElement) -> tuple[list[list[str]], list, bool]:
        rows: list[list[str]] = []
        inlines: list = []
        spanned: dict[int, int] = {}  # column → rows that a cell above still covers
        has_spans = False
        for row in element.iter("tr"):
            if _inside_table(row, element):
                continue
            cells: list[str] = []
            for cell in row:
                if cell.tag not in ("td", "th"):
                    continue
                while spanned.get(len(cells), 0):
                    spanned[len(cells)] -= 1
                    cells.append("")
                text, inline = self.words_of(cell)
                inlines.append(inline)
                wide, high = _number(cell, "colspan"), _number(cell, "rowspan")
                has_spans |= (wide > 1 or high > 1) and bool(text)
                for step in range(wide):
                    if high > 1:
                        spanned[len(cells)] = high - 1
                    cells.append("" if step else text)
            rows.append(cells)
        return rows, inlines, has_spans


def _number(cell: HtmlElement, name: str) -> int:
    given = cell.get(name) or "1"
    return min(max(int(given), 1), _WIDEST) if given.isdigit() else 1


def _inside_table(element: HtmlElement, table: HtmlElement, *tags: str) -> bool:
    """Whether another table (or cell) stands between them."""
    for above in element.iterancestors():
        if above is table:
            return False
        if above.tag in (tags or ("table",)):
            return True
    return False


def _is_layout(element: HtmlElement) -> bool:
    """One column or row of blocks, or a table of tables."""
    if element.get("role") == "presentation":
        return True
    return any(True for e in element.iterdescendants("table", "pre", "ul", "ol")) and (
        not any(True for _e in element.iter("th", "thead"))
    )
