"""One file's elements as nodes and blocks."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from lxml.html import HtmlElement

from silver_book.importing.words import escaped
from silver_book.importing.xhtml.inline import Inline, classes
from silver_book.importing.xhtml.lists import Lists
from silver_book.importing.xhtml.tables import Tables
from silver_book.importing.xhtml.tree import (
    HEADINGS,
    Node,
    is_division,
    kind_of,
    without_label,
)

_INLINE = {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del"}
_INLINE |= {"dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "math", "q", "rp", "rt"}
_INLINE |= {"ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
_INLINE |= {"u", "var", "wbr", "button", "input", "select", "textarea", "svg", "object", "iframe"}
_INLINE |= {"audio", "video", "canvas", "embed", "applet", "map", "script", "style", "noscript"}
# What leads around, and what has been read elsewhere.
AROUND = {"navheader", "navfooter", "docnav", "related", "sphinxsidebar", "footer", "toc"}
AROUND |= {"toctree-wrapper", "list-of-tables", "list-of-figures", "list-of-examples", "contents"}
AROUND |= {"list-of-equations", "list-of-procedures", "sphinxsidebarwrapper", "clearer", "lot"}
AROUND |= {
    "footnotes",
    "footnote-list",
    "breadcrumb",
    "breadcrumbs",
    "wy-breadcrumbs",
    "revhistory",
}
AROUND |= {"rst-footer-buttons", "prev-next-area", "index", "indexdiv", "producttitle", "logo"}
AROUND_ROLES = {"navigation", "search", "banner", "contentinfo", "doc-toc", "doc-index"}
_ADMONITIONS = {"note", "tip", "warning", "important", "caution", "admonition", "sidebar"}
_ADMONITIONS |= {"hint", "danger", "error", "attention", "seealso"}
_FIGURES = {"figure", "informalfigure", "mediaobject", "mediaobjectco", "screenshot"}
_FORMAL = {"table", "informaltable", "table-wrapper"}
_SILENT = {"script", "style", "template", "noscript", "hr", "link", "meta", "title", "head"}
_MAX = {"alt": 300, "caption": 300}


class Blocks(Lists, Tables):
    """Walks a file's elements and hangs blocks on nodes; see `read`."""

    def __init__(
        self,
        root: Node,
        *,
        address: Callable[[str], str | None],
        lose: Callable[[str], None],
        picture: Callable[[str], str | None],
    ):
        self.root = self.node = root
        self.address, self.lose, self.find_picture = address, lose, picture
        self.is_flat = False
        self.waiting: list[str] = []  # anchors of the block to come
        self.notes: dict[str, HtmlElement] = {}

    def read(self, body: HtmlElement) -> Node:
        """All of it; the root has the first heading's title."""
        self._collect_footnotes(body)
        self.is_flat = not any(is_division(e) for e in body.iter("div", "section", "article"))
        self.flow(body)
        if self.waiting:
            self.node.ids += self.waiting
        return self.root

    # --- what is added ------------------------------------------------------------
    def add(self, kind: str, value, anchors: list[str] = ()) -> None:
        """A block below the heading one is at."""
        block = {"type": kind, "value": value, "anchors": [*self.waiting, *anchors]}
        self.waiting = []
        self.node.blocks.append(block)

    def words(self, run) -> tuple[str, Inline]:
        """A run's words, and the pictures, footnotes and anchors that stand in it."""
        inline = Inline(self.address, self.lose)
        return inline.written(run), inline

    def words_of(self, element: HtmlElement) -> tuple[str, Inline]:
        """All words of an element, whatever it holds, as one text."""
        return self.words(_pieces(element))

    def after(self, inline: Inline) -> None:
        """What stood in the words and is a block of its own."""
        for element in inline.pictures:
            self.picture(element)
        for anchor in inline.footnotes:
            note = self.notes.pop(anchor, None)
            if note is not None:
                text, inner = self.words_of(note)
                if text:
                    self.add("note", {"text": text}, [anchor])
                self.after(inner)

    # --- flow -----------------------------------------------------------------------
    def flow(self, element: HtmlElement) -> None:
        """Inline runs become paragraphs; each block element its own."""
        run: list = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                pass
            elif child.tag in _INLINE and not _holds_blocks(child):
                run.append(child)
            else:
                self.paragraph(run)
                run = []
                self.block(child)
            run.append(child.tail or "")
        self.paragraph(run)

    def paragraph(self, run: list) -> None:
        if not any(not isinstance(piece, str) or piece.strip() for piece in run):
            return
        text, inline = self.words(run)
        if text:
            self.add("paragraph", text, inline.anchors)
        else:
            self.waiting += inline.anchors
        self.after(inline)

    def block(self, element: HtmlElement) -> None:
        """One block element."""
        tag, kinds = element.tag, classes(element)
        if tag in _SILENT or self._is_around(element, kinds):
            return
        if is_division(element):
            self._division(element)
            return
        for name in ("id", "name"):
            if (anchor := element.get(name)) and (name == "id" or tag == "a"):
                self.waiting.append(anchor)
        if tag in HEADINGS:
            self._heading(element)
        elif tag in ("ul", "ol", "menu"):
            self.listing(element)
        elif tag == "dl":
            self.definitions(element)
        elif tag == "table":
            self.table(element)
        elif tag == "pre":
            self._code(element)
        elif tag == "blockquote" or "blockquote" in kinds:
            self._quotation(element)
        elif tag in ("iframe", "object", "video", "audio", "form", "embed", "svg", "canvas"):
            self.lose(_("<%(tag)s> is not taken in") % {"tag": tag})
        elif kinds & _ADMONITIONS and tag in ("div", "aside"):
            self._admonition(element)
        elif tag == "figure" or kinds & _FIGURES:
            self._figure(element)
        elif kinds & _FORMAL and element.find(".//table") is not None:
            self.formal_table(element)
        else:
            self.flow(element)

    def _is_around(self, element: HtmlElement, kinds: set[str]) -> bool:
        if element.tag == "nav" or element.get("role") in AROUND_ROLES:
            return True
        if element.tag in ("header", "footer"):
            return not any(True for _h in element.iter(*HEADINGS))
        if element.tag in ("aside", "dl", "table") and kinds & {"footnote", "docutils-footnote"}:
            return True
        if not kinds & AROUND or element.tag not in ("div", "aside", "ul", "ol", "dl", "p"):
            return False
        # In a book of one file, Sphinx puts the chapters where their list stood.
        return "toctree-wrapper" not in kinds or not any(True for _h in element.iter(*HEADINGS))

    def _division(self, element: HtmlElement) -> None:
        parent = self.node
        if parent is self.root and not parent.title and not parent.blocks:
            node = parent  # the file's own division
        else:
            node = Node(file=self.root.file)
            parent.children.append(node)
        node.kind = kind_of(element)
        node.ids += self.waiting
        self.waiting = []
        if anchor := element.get("id"):
            node.ids.append(anchor)
        self.node = node
        self.flow(element)
        self.node = parent

    def _heading(self, element: HtmlElement) -> None:
        text, inline = self.words(_children(element, without={"section-number", "headerlink"}))
        plain = " ".join(_plain(element).split())
        if not plain:
            return
        node, level = self.node, HEADINGS[element.tag]
        anchors, self.waiting = [*self.waiting, *inline.anchors], []
        if not node.title:
            node.title = without_label(plain, node.kind)[:250]
            node.words = without_label(text, node.kind)[:250]
            node.level = node.level or level
            node.ids += anchors
        elif self.is_flat and level > self.root.level:
            parent = next(n for n in reversed(self._path()) if n.level < level)
            self.node = Node(self.root.file, ids=anchors, level=level)
            self.node.title = without_label(plain, "")[:250]
            self.node.words = without_label(text, "")[:250]
            parent.children.append(self.node)
        else:
            depth = str(min(max(level, 2), 4))
            self.add("heading", {"text": text[:250], "level": depth}, anchors)
        self.after(inline)

    def _path(self) -> list[Node]:
        """From the root to the last node of a flat file."""
        path = [self.root]
        while path[-1].children:
            path.append(path[-1].children[-1])
        return path

    # --- kinds of blocks ----------------------------------------------------------------
    def _code(self, element: HtmlElement) -> None:
        lines = element.text_content().replace("\r\n", "\n").strip("\n")
        anchors = [one.get("id") for one in element.iter() if one.get("id")]
        if lines.strip():
            self.add("code", {"code": lines, "language": _notation(element)}, anchors)

    def _quotation(self, element: HtmlElement) -> None:
        """Each paragraph a note; with a source it is a quotation."""
        source = ""
        for child in element.iter("div", "p", "footer", "span", "cite"):
            if child is not element and classes(child) & {"attribution"}:
                source = self.words_of(child)[0].lstrip("—–- ")[:200]
                child.getparent().remove(child)
                break
        self._as_notes(element, "", source)

    def _admonition(self, element: HtmlElement) -> None:
        """Its paragraphs stand beside the text, the first with its title; code and lists below."""
        title = ""
        for head in element.iter("p", "h1", "h2", "h3", "h4", "h5", "h6", "th", "div"):
            if head.tag == "div" and "admonition_header" not in classes(head):
                continue
            if head.tag == "p" and not classes(head) & {"title", "admonition-title"}:
                inner = head.getparent()
                if inner is None or "admonition_header" not in classes(inner):
                    break
            title = " ".join(head.text_content().split())
            _remove(head)
            break
        if element.find("table") is not None and len(element.findall(".//tr")) <= 2:
            # DocBook's admonition with a picture is a table of two rows.
            cells = element.findall(".//td")
            element = cells[-1] if cells else element
        self._as_notes(element, title, "")

    def _as_notes(self, element: HtmlElement, title: str, source: str) -> None:
        before = len(self.node.blocks)
        node = self.node
        self.flow(element)
        if self.node is not node:
            return
        for block in node.blocks[before:]:
            if block["type"] != "paragraph":
                continue
            said = block["value"]
            if title:
                said = f"{_strong(title)} {said}"
                title = ""
            if source:
                block["type"], block["value"] = "quote", {"text": said, "source": source}
            else:
                block["type"], block["value"] = "note", {"text": said}
        if title and len(node.blocks) > before:
            note = {"type": "note", "value": {"text": _strong(title)}, "anchors": []}
            node.blocks.insert(before, note)

    def _figure(self, element: HtmlElement) -> None:
        caption = self.caption_of(element, "figcaption")
        images = list(element.iter("img"))
        if not images:
            if caption:
                self.add("paragraph", caption)
            self.flow(element)
            return
        for image in images:
            self.picture(image, caption)

    def caption_of(self, element: HtmlElement, tag: str = "caption") -> str:
        """The words of a title or caption, which are taken out of the element."""
        found = []
        for child in list(element.iter(tag, "p", "div")):
            kinds = classes(child)
            is_title = (
                child.tag == tag or "caption" in kinds or (child.tag == "p" and "title" in kinds)
            )
            if child is element or not is_title:
                continue
            text, inline = self.words_of(child)
            self.waiting += inline.anchors
            if text and text not in found:
                found.append(text)
            _remove(child)
        return " ".join(found).replace("**", "")[:250]

    def picture(self, element: HtmlElement, caption: str = "") -> None:
        """A picture where its file is there."""
        source = element.get("src") or ""
        path = self.find_picture(source)
        if path is None:
            self.lose(_("picture %(name)s") % {"name": source[:200]})
            return
        alt = " ".join((element.get("alt") or "").split())
        self.add(
            "picture",
            {"file": path, "alt": alt[: _MAX["alt"]], "caption": caption[: _MAX["caption"]]},
            [one for one in (element.get("id"),) if one],
        )

    # --- footnotes -------------------------------------------------------------------------
    def _collect_footnotes(self, body: HtmlElement) -> None:
        """Footnotes by their id: each stands after the block that refers to it."""
        for element in body.iter("div", "aside", "dt", "tr", "li", "section"):
            anchor = element.get("id") or _first_name(element)
            kinds = classes(element)
            inside = element.getparent()
            among = classes(inside) if inside is not None else set()
            if anchor and (
                kinds & {"footnote"}
                or element.get("role") == "doc-footnote"
                or among & {"footnote", "footnotes"}
            ):
                if element.tag == "dt" and element.getnext() is not None:
                    element.getnext().text = (
                        f"{element.text_content()} {element.getnext().text or ''}"
                    )
                    self.notes[anchor] = element.getnext()
                else:
                    self.notes[anchor] = element
        for note in self.notes.values():
            for link in note.iter("a"):
                # The way back: a note stands where it is referred to.
                if (link.get("href") or "").startswith("#") and len(link.text_content()) < 6:
                    link.attrib.pop("href")


def _pieces(element: HtmlElement) -> list:
    """Texts and inline elements in order, block elements opened."""
    pieces: list = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            if child.tag in _INLINE and not _holds_blocks(child):
                pieces.append(child)
            elif child.tag not in _SILENT:
                pieces += [" ", *_pieces(child), " "]
        pieces.append(child.tail or "")
    return pieces


def _children(element: HtmlElement, without: set[str]) -> list:
    pieces: list = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and not classes(child) & without:
            pieces.append(child)
        pieces.append(child.tail or "")
    return pieces


def _plain(element: HtmlElement) -> str:
    return "".join(
        piece if isinstance(piece, str) else piece.text_content()
        for piece in _children(element, {"section-number", "headerlink"})
    )


def _holds_blocks(element: HtmlElement) -> bool:
    return any(isinstance(e.tag, str) and e.tag not in _INLINE for e in element.iterdescendants())


def _first_name(element: HtmlElement) -> str | None:
    found = element.find(".//a[@name]")
    return found.get("name") if found is not None else None


def _remove(element: HtmlElement) -> None:
    """Without its tail, which belongs to what holds it."""
    element.drop_tree()


def _strong(title: str) -> str:
    return f"**{escaped(title.strip())}**"


def _notation(element: HtmlElement) -> str:
    """'highlight-python3' of what holds the lines, or DocBook's 'programlisting'."""
    for holder in (element, element.getparent(), element.getparent().getparent()):
        for kind in classes(holder) if holder is not None else ():
            if kind.startswith(("highlight-", "language-")):
                name = kind.partition("-")[2]
                return "" if name in ("default", "none", "text") else name[:40]
    return ""
