"""A file's headings as a tree, each with the blocks below it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from silver_book.importing.xhtml.inline import classes

# DocBook's kinds of divisions; Sphinx and HTML 5 have `section` for all of them.
DIVISIONS = {"set", "book", "part", "chapter", "appendix", "preface", "article", "section"}
DIVISIONS |= {"sect1", "sect2", "sect3", "sect4", "sect5", "simplesect", "refsect1", "refsect2"}
DIVISIONS |= {"bibliography", "glossary", "colophon", "dedication", "reference", "refentry"}
DIVISIONS |= {"acknowledgements", "topic-section"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_ANCHORS = uuid.UUID("5b8f2c0e-1d5c-4a51-9f3a-8f0c6b1f7a20")
# Ids that a program counted: another edition or language has others.
_COUNTED = re.compile(
    r"(?:id[mp]?-?\d[\d.]*|id[mp][\w-]*|[a-z]{2,7}\d{6,}|index-\d+|idp\d+|ftn\..*|footnote-.*|"
    r"fn\d+|fnref\d+|d\d+e\d+|N1\w+)$"
)
_CHAPTERS = {"chapter", "appendix", "part", "preface", "reference", "article"}
# 'Chapter 1. ', 'Anhang A. ', '付録A ', '第1章 ', '第 1 章 '
_CHAPTER_LABEL = re.compile(
    r"^\s*(?:第\s*[\dIVXLC]+\s*[章部編篇]\s*|(?:付録|附录|附錄)\s*[A-Z\d]+[.．]?\s+"
    r"|(?:[^\W\d_]+\.?\s+)?(?:\d+|[IVXLC]+|[A-Z])[.:]\s+)"
)
# '1.2. ', 'A.1. '
_SECTION_LABEL = re.compile(r"^\s*(?:[A-Z]\.|[IVXLC]+\.)?(?:\d+\.)+\s+|^\s*[A-Z]\.\s+")


@dataclass
class Node:
    """A heading with what stands below it. `file` is the name equal in all languages."""

    file: str
    kind: str = ""
    title: str = ""
    words: str = ""  # the title as the book's Markdown
    ids: list[str] = field(default_factory=list)
    blocks: list[dict] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    is_file: bool = False
    level: int = 0  # of a flat file's heading

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def stable_ids(self) -> list[str]:
        """Ids that somebody gave it."""
        return [one for one in self.ids if not is_counted(one)]


def is_counted(anchor: str) -> bool:
    """Whether a program made the id."""
    return bool(_COUNTED.match(anchor))


def anchored(node: Node, anchors: list[str]) -> str:
    """The id of a paragraph that has an anchor: known before it is stored, in every language."""
    stable = next((one for one in anchors if one and not is_counted(one)), None)
    return str(uuid.uuid5(_ANCHORS, f"{node.file}#{stable}")) if stable else ""


def is_division(element: HtmlElement) -> bool:
    """Whether the element is a section with a heading of its own."""
    if element.tag == "section":
        return has_heading(element)
    return element.tag in ("div", "article") and bool(
        classes(element) & DIVISIONS and has_heading(element)
    )


def has_heading(element: HtmlElement) -> bool:
    """Whether its first words are a heading."""
    return _heading(element) is not None


def _heading(element: HtmlElement, depth: int = 0) -> HtmlElement | None:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in HEADINGS:
            return child
        if child.tag in ("div", "header", "hgroup") and depth < 4:
            found = _heading(child, depth + 1)
            if found is not None:
                return found
            if "titlepage" in classes(child):
                return None
        if child.tag not in ("a", "span") or (child.text_content() or "").strip():
            return None
    return None


def kind_of(element: HtmlElement) -> str:
    """DocBook's name of the division, '' where it has none."""
    return next(iter(sorted(classes(element) & DIVISIONS - {"section"})), "")


def without_label(title: str, kind: str) -> str:
    """The title without the number that the stylesheet put before it."""
    title = title.replace("\u00a0", " ").strip()
    label = _CHAPTER_LABEL if kind in _CHAPTERS else _SECTION_LABEL
    return " ".join(label.sub("", title, count=1).split()) or title
