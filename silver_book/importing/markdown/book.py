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

from silver_book.exceptions import ImportRefused
from silver_book.importing import words
from silver_book.importing.folder import Chapter, Folder, Part, Report, Text
from silver_book.importing.markdown.text import Body
from silver_book.inline import WEB

_NAMES = {
    "book": ("_book.md", "_index.md", "index.md", "README.md"),
    "part": ("_part.md", "_index.md", "index.md", "README.md"),
    "chapter": ("_chapter.md", "_index.md", "index.md", "README.md"),
}
_HEADS = {name for names in _NAMES.values() for name in names}
_NUMBER = re.compile(r"^\d+[-_. ]+")
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
        made = Body(text, file, root=self.root, address=self.address, report=self.report)
        made.read(body)
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


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text.strip().lower()).strip("-")[:100]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _number(value) -> float:
    return float(value) if isinstance(value, int | float) else float("inf")


def _natural(name: str) -> list:
    return [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", name) if p]
