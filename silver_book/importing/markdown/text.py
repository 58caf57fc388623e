"""A file's Markdown becoming blocks."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from silver_book.importing import words
from silver_book.importing.folder import Report, Text

#: Stands before a paragraph of a translation whose words are still the original's.
ORIGINAL = "<!-- not translated yet -->"
#: Around a table's caption, in the line before it.
CAPTION = ("<!-- caption: ", " -->")

_TASK = re.compile(r"^\[[ xX]\]\s+")
_SOURCE = re.compile(r"^(?:—|–|--)\s*")
_PARSER = MarkdownIt("commonmark").enable("table")


class Body:
    """A file's text becoming blocks of `text`.

    `address`: what a link written in a file leads to, None where to nothing.
    Pictures are taken from below `root` alone.
    """

    def __init__(
        self,
        text: Text,
        file: Path,
        *,
        root: Path,
        address: Callable[[Path, str], str | None],
        report: Report,
    ):
        self.text, self.file, self.root = text, file, root
        self.address, self.report = address, report
        self.pictures: list[dict] = []
        self.next_is_original = False
        self.caption = ""

    def read(self, body: str) -> None:
        for node in SyntaxTreeNode(_PARSER.parse(body)).children:
            self._block(node)

    def _lose(self, what: str) -> None:
        self.report.lose(self.text.file, what)

    def _add(self, kind: str, value) -> None:
        block = {"type": kind, "value": value}
        if self.next_is_original:
            block["is_original"], self.next_is_original = True, False
        self.text.blocks.append(block)

    def _words(self, node: SyntaxTreeNode) -> str:
        """The inline words of a node; its pictures wait in `pictures`."""
        inline = node.children[0] if node.type != "inline" and node.children else node
        if inline.type != "inline" or inline.token is None:
            return ""
        return words.written(
            inline.token.children or [],
            address=self._address,
            picture=self._picture,
            lose=self._lose,
        )

    def _address(self, href: str) -> str | None:
        found = self.address(self.file, href)
        if found is None:
            self._lose(_("link to %(address)s") % {"address": href[:200]})
        return found

    def _picture(self, token) -> None:
        source = unquote(str(token.attrGet("src") or ""))
        path = (self.file.parent / source).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            self._lose(_("picture %(name)s") % {"name": source[:200]})
            return
        caption = str(token.attrGet("title") or "")
        alt = "".join(child.content for child in token.children or [])
        self.pictures.append({"file": str(path), "alt": alt, "caption": caption})

    def _flush_pictures(self) -> None:
        for value in self.pictures:
            self._add("picture", value)
        self.pictures = []

    def _block(self, node: SyntaxTreeNode) -> None:
        method = getattr(self, f"_{node.type}", None)
        if method is None:
            self._lose(_("%(kind)s, line %(line)s") % {"kind": node.type, "line": _line(node)})
            return
        method(node)
        self._flush_pictures()

    def _heading(self, node) -> None:
        text, level = self._words(node), int(node.tag[1])
        if level == 1 and not self.text.blocks and self.text.title in ("", text):
            self.text.title = text
            return
        self._add("heading", {"text": text, "level": str(min(max(level, 2), 4))})

    def _paragraph(self, node) -> None:
        if text := self._words(node):
            self._add("paragraph", text)

    def _bullet_list(self, node) -> None:
        self._list(node, ordered=False)

    def _ordered_list(self, node) -> None:
        self._list(node, ordered=True)

    def _list(self, node, *, ordered: bool) -> None:
        items, after = [], []
        for item in node.children:
            items += self._item(item, after)
        if items and not ordered and all(_TASK.match(_unescaped(item)) for item in items):
            self._add("checklist", {"items": [_TASK.sub("", _unescaped(i), 1) for i in items]})
        elif items:
            self._add("list", {"ordered": ordered, "items": items})
        for inner in after:
            self._block(inner)

    def _item(self, item, after: list) -> list[str]:
        """An item's text; what it holds besides is flattened, or comes after the list."""
        texts, more = [], []
        for child in item.children:
            if child.type == "paragraph":
                texts.append(self._words(child))
            elif child.type in ("bullet_list", "ordered_list"):
                self._lose(
                    _("a list inside a list became one list, line %(line)s")
                    % {"line": _line(child)}
                )
                for inner in child.children:
                    more += self._item(inner, after)
            else:
                self._lose(
                    _("%(kind)s inside a list stands after it, line %(line)s")
                    % {"kind": child.type, "line": _line(child)}
                )
                after.append(child)
        text = " ".join(text for text in texts if text)
        return [text, *more] if text else more

    def _table(self, node) -> None:
        rows = [
            [self._words(cell) for cell in row.children]
            for group in node.children
            for row in group.children
        ]
        self._add("table", {"caption": self.caption, "header": rows[0], "rows": rows[1:]})
        self.caption = ""

    def _blockquote(self, node) -> None:
        texts = []
        for child in node.children:
            if child.type == "paragraph":
                texts.append(self._words(child))
            else:
                self._lose(
                    _("%(kind)s inside a quotation stands after it, line %(line)s")
                    % {"kind": child.type, "line": _line(child)}
                )
        source = ""
        if len(texts) > 1 and _SOURCE.match(texts[-1]):
            source = _SOURCE.sub("", texts.pop())
        for text in texts:
            if source:
                self._add("quote", {"text": text, "source": source})
            else:
                self._add("note", {"text": text})
        for child in node.children:
            if child.type != "paragraph":
                self._block(child)

    def _fence(self, node) -> None:
        language = node.info.split()[0] if node.info.strip() else ""
        self._add("code", {"code": node.content.rstrip("\n"), "language": language})

    def _code_block(self, node) -> None:
        self._add("code", {"code": node.content.rstrip("\n"), "language": ""})

    def _html_block(self, node) -> None:
        """No HTML is taken in; the comments that `export_book` writes are."""
        said = node.content.strip()
        if said == ORIGINAL:
            self.next_is_original = True
        elif said.startswith(CAPTION[0]) and said.endswith(CAPTION[1]):
            self.caption = said[len(CAPTION[0]) : -len(CAPTION[1])].replace("-&#45;", "--")
        else:
            self._lose(_("%(kind)s, line %(line)s") % {"kind": "HTML", "line": _line(node)})

    def _hr(self, node) -> None:
        """A rule between paragraphs says nothing that the book keeps."""


def _unescaped(item: str) -> str:
    """'\\[ ] text' as it was typed: square brackets are escaped in words."""
    return re.sub(r"^\\\[([ xX])\\\]", r"[\1]", item)


def _line(node) -> int:
    return (node.map[0] + 1) if node.map else 0
