"""Reads a folder of Markdown with YAML front matter.

    _book.md                 the cover: title, subtitle; its text is the introduction
    1-front/_part.md         a part: title, order, chapters; without it, the folder's name
    1-front/07-go-and-see.md a section: id, title, summary, chapter, process, element, …
    1-front/2-way/…          a folder in a part is a chapter (`_chapter.md` names it)

Any folder will do that has titles in the front matter or as first headings;
files are ordered by `order`, then by name.
"""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

import yaml
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from silver_book.exceptions import ImportRefused
from silver_book.importing import words
from silver_book.importing.folder import Chapter, Folder, Part, Report, Text
from silver_book.inline import WEB

#: Stands before a paragraph of a translation whose words are still the original's.
ORIGINAL = "<!-- not translated yet -->"
#: Around a table's caption, in the line before it.
CAPTION = ("<!-- caption: ", " -->")

_NAMES = {
    "book": ("_book.md", "_index.md", "index.md", "README.md"),
    "part": ("_part.md", "_index.md", "index.md", "README.md"),
    "chapter": ("_chapter.md", "_index.md", "index.md", "README.md"),
}
_HEADS = {name for names in _NAMES.values() for name in names}
_NUMBER = re.compile(r"^\d+[-_. ]+")
_TASK = re.compile(r"^\[[ xX]\]\s+")
_SOURCE = re.compile(r"^(?:—|–|--)\s*")
# Front matter → the section's field; singular and plural are both written.
_META = {
    "process": "processes",
    "processes": "processes",
    "element": "elements",
    "elements": "elements",
    "cases": "cases",
    "workshops": "workshops",
    "terms": "terms",
}


def can_read(path: Path) -> bool:
    """Whether the folder holds Markdown."""
    return any(path.rglob("*.md"))


def read(path: Path, report: Report, *, known: dict[str, str] | None = None) -> Folder:
    """The folder's book. `known`: file → key of sections that this folder need not hold.

    Raises ImportRefused where front matter cannot be read or two sections share a key.
    """
    return _Reading(path.resolve(), report, known or {}).folder()


class _Reading:
    """One folder being read."""

    def __init__(self, root: Path, report: Report, known: dict[str, str]):
        self.root, self.report = root, report
        self.parser = MarkdownIt("commonmark").enable("table")
        self.keys = dict(known)
        self.read_files: dict[Path, tuple[dict, str]] = {}

    # --- the folder's shape -----------------------------------------------------
    def folder(self) -> Folder:
        for file in sorted(self.root.rglob("*.md")):
            if file.name not in _HEADS:
                self.keys[self._name(file)] = self._key(file)
        cover = self._head(self.root, "book")
        parts = []
        if loose := self._sections(self.root):
            title = cover.title if cover else self.root.name
            parts.append(Part(Text("", "text", title), [Chapter(None, loose)]))
        for folder in self._folders(self.root):
            parts.append(self._part(folder))
        parts = [part for part in parts if part.chapters]
        self._refuse_doubles(parts)
        return Folder(self.root, cover, parts)

    def _folders(self, folder: Path) -> list[Path]:
        inner = [p for p in folder.iterdir() if p.is_dir() and any(p.rglob("*.md"))]
        return sorted(inner, key=lambda p: (self._order(p), _natural(p.name)))

    def _order(self, folder: Path) -> float:
        for name in (*_NAMES["part"], "_chapter.md"):
            if (folder / name).exists():
                return _number(self._front(folder / name)[0].get("order"))
        return float("inf")

    def _part(self, folder: Path) -> Part:
        head = self._head(folder, "part") or self._named_after(folder)
        named = {c["key"]: c for c in self._chapters_named(folder)}
        rest = self._sections(folder)
        chapters = []
        for key, given in named.items():
            mine = [text for text in rest if text.meta.get("chapter") == key]
            rest = [text for text in rest if text not in mine]
            # A chapter that stands in the part's front matter has no file of its own.
            title = Text(f"{head.file}#{key}", str(key), str(given["title"]))
            title.content_hash = _hash(title.title)
            if mine:
                chapters.append(Chapter(title, mine))
        if rest:
            chapters.insert(0, Chapter(None, rest))
        for inner in self._folders(folder):
            text = self._head(inner, "chapter") or self._named_after(inner)
            chapters.append(Chapter(text, self._sections(inner, deep=True)))
        for chapter in chapters:
            for text in chapter.sections:
                text.meta.pop("chapter", None)
        return Part(head, chapters)

    def _chapters_named(self, folder: Path) -> list[dict]:
        for name in _NAMES["part"]:
            if (folder / name).exists():
                return self._front(folder / name)[0].get("chapters") or []
        return []

    def _named_after(self, folder: Path) -> Text:
        title = _NUMBER.sub("", folder.name)
        name = f"{self._name(folder)}/"
        return Text(
            name, _slug(title), title.replace("-", " ").capitalize(), content_hash=_hash(title)
        )

    def _head(self, folder: Path, kind: str) -> Text | None:
        for name in _NAMES[kind]:
            if (folder / name).exists():
                text = self._text(folder / name)
                front = self._front(folder / name)[0]
                own = "cover" if kind == "book" else _NUMBER.sub("", folder.name)
                text.key = _slug(str(front.get("key") or front.get("id") or own))
                return text
        return None

    def _sections(self, folder: Path, deep: bool = False) -> list[Text]:
        files = folder.rglob("*.md") if deep else folder.glob("*.md")
        files = [file for file in files if file.name not in _HEADS]
        found = [(self._front(file)[0], file) for file in files]
        found.sort(key=lambda row: (_number(row[0].get("order")), _natural(self._name(row[1]))))
        return [self._text(file) for _front, file in found]

    def _refuse_doubles(self, parts: list[Part]) -> None:
        seen: dict[str, str] = {}
        for part in parts:
            for text in (text for chapter in part.chapters for text in chapter.sections):
                if text.key in seen:
                    raise ImportRefused(
                        _("%(one)s, %(other)s: the id “%(key)s” stands twice")
                        % {"one": seen[text.key], "other": text.file, "key": text.key}
                    )
                seen[text.key] = text.file

    # --- a file -------------------------------------------------------------------
    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _key(self, file: Path) -> str:
        front = self._front(file)[0]
        given = front.get("id") or front.get("key") or _NUMBER.sub("", file.stem)
        return _slug(str(given))

    def _front(self, file: Path) -> tuple[dict, str]:
        """Front matter and body; each file is read once."""
        if file not in self.read_files:
            self.read_files[file] = self._read_front(file)
        return self.read_files[file]

    def _read_front(self, file: Path) -> tuple[dict, str]:
        source = file.read_text(encoding="utf-8-sig")
        if not source.startswith("---"):
            return {}, source
        head, _mark, body = source[3:].partition("\n---")
        try:
            front = yaml.safe_load(head) or {}
        except yaml.YAMLError as error:
            raise ImportRefused(f"{self._name(file)}: {error}") from error
        if not isinstance(front, dict):
            raise ImportRefused(
                _("%(file)s: the front matter is no list of names") % {"file": self._name(file)}
            )
        return front, body.lstrip("-").lstrip("\n")

    def _text(self, file: Path) -> Text:
        front, body = self._front(file)
        name = self._name(file)
        text = Text(
            file=name,
            key=self.keys.get(name) or self._key(file),
            title=str(front.get("title") or ""),
            summary=words.joined(str(front.get("summary") or "")),
            subtitle=str(front.get("subtitle") or ""),
            content_hash=_hash(file.read_text(encoding="utf-8")),
        )
        for given, value in front.items():
            if given in _META:
                values = value if isinstance(value, list) else [value]
                text.meta[_META[given]] = [str(one) for one in values if one]
            elif given == "chapter":
                text.meta["chapter"] = str(value)
        _Body(self, file, text).read(body)
        if not text.title:
            text.title = _NUMBER.sub("", file.stem).replace("-", " ").capitalize()
        return text

    def address(self, file: Path, href: str) -> str | None:
        """A link's address in the book; None where it leads nowhere."""
        scheme = href.partition(":")[0].lower() if ":" in href else ""
        if scheme in (*WEB, "section", "case", "workshop"):
            return href
        path, _hash_mark, place = href.partition("#")
        if not path:
            return None
        target = (file.parent / unquote(path)).resolve()
        if not target.is_relative_to(self.root):
            return None
        key = self.keys.get(target.relative_to(self.root).as_posix())
        if key is None:
            return None
        return f"section:{key}" + (f"#{place}" if place.startswith("p-") else "")


class _Body:
    """A file's text becoming blocks."""

    def __init__(self, reading: _Reading, file: Path, text: Text):
        self.reading, self.file, self.text = reading, file, text
        self.pictures: list[dict] = []
        self.next_is_original = False
        self.caption = ""

    def read(self, body: str) -> None:
        for node in SyntaxTreeNode(self.reading.parser.parse(body)).children:
            self._block(node)

    def _lose(self, what: str) -> None:
        self.reading.report.lose(self.text.file, what)

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
        found = self.reading.address(self.file, href)
        if found is None:
            self._lose(_("link to %(address)s") % {"address": href[:200]})
        return found

    def _picture(self, token) -> None:
        source = unquote(str(token.attrGet("src") or ""))
        path = (self.file.parent / source).resolve()
        if not path.is_relative_to(self.reading.root) or not path.is_file():
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


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text.strip().lower()).strip("-")[:100]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _number(value) -> float:
    return float(value) if isinstance(value, int | float) else float("inf")


def _natural(name: str) -> list:
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", name) if p]
