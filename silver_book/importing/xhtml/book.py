"""A folder of chapters as a `Folder`: which heading is a part, a chapter, a section."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from silver_book.exceptions import ImportRefused
from silver_book.importing.folder import Chapter, Folder, Known, Part, Report, Text
from silver_book.importing.xhtml import source
from silver_book.importing.xhtml.blocks import Blocks
from silver_book.importing.xhtml.contents import Order, order_of, target, with_plain
from silver_book.importing.xhtml.places import align
from silver_book.importing.xhtml.shape import Shape
from silver_book.importing.xhtml.tree import Node, anchored
from silver_book.inline import WEB


def can_read(path: Path) -> bool:
    """Whether the folder holds (X)HTML."""
    return bool(source.html_files(path))


def read(
    path: Path, report: Report, *, known: Mapping[str, Known] | None = None, is_source: bool = True
) -> Folder:
    """The folder's book. `known`: file → the English text, in order; a translation's
    headings are set beside them.

    Raises ImportRefused where nothing in the folder can be read.
    """
    return _Reading(path.resolve(), report, known or {}, is_source).folder()


class _Reading:
    """One folder being read: every file twice, first for its anchors, then for its words."""

    def __init__(self, root: Path, report: Report, known: Mapping[str, Known], is_source: bool):
        self.root, self.report, self.known = root, report, known
        self.beside = [] if is_source else list(known)
        self.roles = {} if is_source else {file: text.kind for file, text in known.items()}
        self.pages: dict[str, object] = {}
        self.names: dict[str, str] = {}  # name in the folder → name in all languages
        self.targets: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.places: dict[tuple[str, str], tuple[str, str]] = {}  # (file, anchor) → (key, place)
        self.keys: dict[int, str] = {}
        self.texts: dict[int, str] = {}  # id of a node → its text's file
        self.is_first_pass = True

    def folder(self) -> Folder:
        for path in source.html_files(self.root):
            name = path.relative_to(self.root).as_posix()
            plain = source.plain_name(name)
            if plain in self.names.values():
                self.report.lose(name, _("there is another file of this name in the folder"))
                continue
            page = source.parsed(path, name, self.report)
            if page is not None:
                self.pages[name], self.names[name] = page, plain
        if not self.pages:
            raise ImportRefused(_("The folder holds no file that can be read."))
        self.targets = with_plain(self.names)
        order = order_of(self.pages, self.names)
        nodes = self._read_all(order)
        self._leave_out_copies(nodes, order)
        shape = Shape(nodes, order, self.roles)
        self._name_all(shape)
        self.is_first_pass = False
        shape = Shape(self._read_all(order), order, self.roles)
        self._name_all(shape)
        return self._folder(shape, order)

    def _leave_out_copies(self, nodes: dict[str, Node], order: Order) -> None:
        """A file that no contents name and that holds what others hold: the book in one file."""
        ids = {
            file: {i for one in node.walk() for i in one.stable_ids()}
            for file, node in nodes.items()
        }
        for file in order.unlisted:
            others = set().union(*(ids[one] for one in nodes if one not in order.unlisted))
            if len(ids[file] & others) * 2 > len(ids[file]):
                del nodes[file], order.parents[file]
                self.report.lose(file, _("the file holds what other files of the folder hold"))

    # --- files ------------------------------------------------------------------
    def _read_all(self, order: Order) -> dict[str, Node]:
        """File → its tree, for every file of the book."""
        found = {}
        for name, page in list(self.pages.items()):
            plain = self.names[name]
            if plain != order.start and plain not in order.parents:
                if self.is_first_pass:
                    self.report.lose(name, _("an index or a search page is not taken in"))
                continue
            body = page.find("body") if page.find("body") is not None else page
            body = copy.deepcopy(_main(body)) if self.is_first_pass else _main(body)
            node = Node(file=plain, is_file=True)
            reader = Blocks(
                node,
                address=lambda href, name=name: self.address(name, href),
                lose=lambda what, name=name: self._lose(name, what),
                picture=lambda src, name=name: self.picture(name, src),
            )
            reader.read(body)
            if not node.title:
                title = page.findtext(".//title") or ""
                node.title = " ".join(title.split())[:250] or Path(plain).stem
            found[plain] = node
        return found

    def _lose(self, name: str, what: str) -> None:
        if not self.is_first_pass:
            self.report.lose(name, what)

    def picture(self, name: str, src: str) -> str | None:
        """The picture's file where it is one of the folder."""
        parts = urlsplit(src)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = (self.root / name).parent / unquote(parts.path)
        try:
            path = path.resolve()
            is_there = path.is_relative_to(self.root) and path.is_file()
        except (OSError, ValueError):
            return None
        return str(path) if is_there else None

    def address(self, name: str, href: str) -> str | None:
        """A link's address in the book; None where it leads nowhere."""
        try:
            scheme = urlsplit(href).scheme.lower()
        except ValueError:
            scheme = "?"
        if scheme in WEB:
            return href
        found = target(name, href, self.targets) if not scheme else None
        if found is None:
            self._lose(name, _("link to %(address)s") % {"address": href[:200]})
            return None
        place = self.places.get(found) or self.places.get((found[0], ""))
        if place is None:
            self._lose(name, _("link to %(address)s") % {"address": href[:200]})
            return None
        if found not in self.places:
            self._lose(
                name,
                _("link to %(address)s leads to the section's beginning") % {"address": href[:200]},
            )
        key, anchor = place
        return f"section:{key}" + (f"#{anchor}" if anchor else "")

    # --- names --------------------------------------------------------------------
    def _name_all(self, shape: "Shape") -> None:
        """Every text's file and key; where each anchor leads."""
        texts = [node for node, _kind in shape.texts]
        self.texts = align(texts, self.beside)
        used: dict[str, set[str]] = {"part": set(), "text": set()}
        self.keys = {}
        for node, kind in shape.texts:
            taken = used["part" if kind == "part" else "text"]
            there = self.known.get(self.texts[id(node)])
            key = there.key if there else _key(node)
            while key in taken:
                key = _next(key)
            taken.add(key)
            self.keys[id(node)] = key
        self.places = {}
        for text, first in shape.links():
            key = self.keys[id(first)] if first is not None else None
            if key is None:
                continue
            for node in text:
                place = anchored(node, node.ids) if node is not first else ""
                place = f"p-{place[:8]}" if place and node in shape.own(first) else ""
                for one in node.ids:
                    self.places.setdefault((node.file, one), (key, place))
                if node.is_file:
                    self.places.setdefault((node.file, ""), (key, ""))
                for block in node.blocks:
                    self._note_block(node, block, key, is_own=node in shape.own(first))

    def _note_block(self, node: Node, block: dict, key: str, *, is_own: bool) -> None:
        place, stable = "", anchored(node, block["anchors"])
        if stable and is_own:
            block["id"] = stable
            place = f"p-{block['id'][:8]}"
        for one in block["anchors"]:
            if one:
                self.places.setdefault((node.file, one), (key, place))

    # --- the folder -----------------------------------------------------------------
    def _folder(self, shape: "Shape", order: Order) -> Folder:
        cover = None
        if shape.cover is not None:
            cover = Text(shape.cover.file, "cover", shape.cover.title)
            cover.blocks = _taken(shape.cover.blocks)
            others = [block for block in cover.blocks if block["type"] != "paragraph"]
            for block in others:
                self.report.lose(
                    cover.file, _("the cover holds words only: %(kind)s") % {"kind": block["type"]}
                )
        parts = []
        for node in shape.tops:
            parts.append(self._part(node, shape))
        if parts:
            # The translation's tree lacks what they stand below in English: `load` knows it.
            for node in shape.strays:
                found = (
                    self._chapter(node, shape)
                    if self.roles[node.file] == "chapter"
                    else Chapter(None, [self._text(node, "section", shape.body(node))])
                )
                parts[-1].chapters.append(found)
        if not any(part.chapters for part in parts):
            raise ImportRefused(_("The folder's files hold no text with a heading."))
        return Folder(self.root, cover, parts)

    def _text(self, node: Node, kind: str, blocks: list[dict]) -> Text:
        file = self.texts[id(node)] + ("#part" if kind == "part-of-one" else "")
        return Text(file, self.keys[id(node)], node.title, blocks=_taken(blocks))

    def _part(self, node: Node, shape: "Shape") -> Part:
        if shape.is_leaf(node):
            # A part of one section: the section has the words.
            return Part(
                self._text(node, "part-of-one", []),
                [Chapter(None, [self._text(node, "section", shape.body(node))])],
            )
        part = Part(self._text(node, "part", node.blocks))
        if shape.has_chapters(node):
            for child in node.children:
                part.chapters.append(self._chapter(child, shape))
        else:
            sections = [self._text(child, "section", shape.body(child)) for child in node.children]
            part.chapters.append(Chapter(None, sections))
        return part

    def _chapter(self, node: Node, shape: "Shape") -> Chapter:
        if shape.is_leaf(node):
            return Chapter(
                self._text(node, "part-of-one", []),
                [self._text(node, "section", shape.body(node))],
            )
        chapter = Chapter(self._text(node, "chapter", node.blocks))
        chapter.sections = [self._text(one, "section", shape.body(one)) for one in node.children]
        return chapter


def _taken(blocks: list[dict]) -> list[dict]:
    return [
        {name: block[name] for name in ("type", "value", "id") if name in block} for block in blocks
    ]


def _main(body):
    """Where Sphinx and others keep the text."""
    for role in ("main", "doc-main"):
        found = body.xpath(f".//*[@role='{role}']")
        if found:
            return found[0]
    found = body.find(".//main")
    return body if found is None else found


def _key(node: Node) -> str:
    """A key that says something where the book gave one."""
    stable = next(iter(node.stable_ids()), None)
    return _slug(stable or Path(node.file).name.partition(".")[0]) or "text"


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text.strip().lower()).strip("-_")[:90]


def _next(key: str) -> str:
    stem, _dash, number = key.rpartition("-")
    return f"{stem}-{int(number) + 1}" if stem and number.isdigit() else f"{key}-2"
