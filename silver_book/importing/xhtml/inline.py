"""Inline elements as tokens that `importing.words` writes as the book's Markdown."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.token import Token

from silver_book.importing import words

_EMPHASIS = {"em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em"}
_EMPHASIS |= {"strong": "strong", "b": "strong"}
_CODE = {"code", "tt", "kbd", "samp"}
_SILENT = {"script", "style", "template", "noscript", "wbr", "hr", "map", "area", "col", "colgroup"}
_NOT_TAKEN = {"iframe", "object", "embed", "applet", "video", "audio", "canvas", "svg", "form"}
_NOT_TAKEN |= {"input", "button", "select", "textarea"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
# As a file of Markdown is read, so that an export is read as the same.
_NORMAL = MarkdownIt("commonmark").normalizeLink
_SPACE = re.compile(r"[ \t\r\f]+")
_LINES = re.compile(r" ?\n[ \n]*")
_UNSAFE = str.maketrans({" ": "%20", "<": "%3C", ">": "%3E", "(": "%28", ")": "%29", "\n": ""})
_UNSAFE |= str.maketrans({"\\": "%5C", "\t": "", "\r": ""})


def classes(element: HtmlElement) -> set[str]:
    """The element's classes."""
    return set((element.get("class") or "").split())


@dataclass
class Inline:
    """What inline elements need of their file, and what they leave for the block."""

    address: Callable[[str], str | None]
    lose: Callable[[str], None]
    pictures: list[HtmlElement] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)  # ids that are referred to
    anchors: list[str] = field(default_factory=list)

    def written(self, run: Iterable[str | HtmlElement]) -> str:
        """A run of texts and inline elements as the book's Markdown."""
        tokens = _merged(self._tokens_of_run(run))
        return words.written(
            tokens, address=lambda href: href, picture=lambda token: None, lose=self.lose
        )

    def _tokens_of_run(self, run) -> Iterator[Token]:
        for piece in run:
            if isinstance(piece, str):
                yield from _text(piece)
            else:
                yield from self._element(piece)

    def _inside(self, element: HtmlElement, in_code: bool = False) -> Iterator[Token]:
        yield from _text(element.text, in_code)
        for child in element:
            yield from self._element(child, in_code)
            yield from _text(child.tail, in_code)

    def _element(self, element: HtmlElement, in_code: bool = False) -> Iterator[Token]:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT:
            return
        for name in ("id", "name"):
            if (given := element.get(name)) and (name == "id" or tag == "a"):
                self.anchors.append(given)
        if tag == "a":
            yield from self._link(element, in_code)
        elif tag == "img":
            self.pictures.append(element)
        elif tag in _CODE:
            yield from self._inside(element, True)
        elif tag in _EMPHASIS and not in_code:
            yield from _around(_EMPHASIS[tag], list(self._inside(element)))
        elif tag == "br":
            yield Token("softbreak", "br", 0)
        elif tag in ("sup", "sub") and not in_code:
            yield from self._moved(element)
        elif tag == "q":
            yield from _text("“")
            yield from self._inside(element)
            yield from _text("”")
        elif tag in _NOT_TAKEN:
            self.lose(_("<%(tag)s> is not taken in") % {"tag": tag})
        elif tag == "math":
            self.lose(_("a formula stands as plain words"))
            yield from _text(element.text_content())
        elif "headerlink" not in classes(element) and "viewcode-link" not in classes(element):
            yield from self._inside(element, in_code)

    def _moved(self, element: HtmlElement) -> Iterator[Token]:
        """Raised and lowered letters, so that 10⁶ does not become 106."""
        said = "".join(element.text_content().split())
        table, mark = (_RAISED, "^") if element.tag == "sup" else (_LOWERED, "_")
        if element.find(".//a") is not None or said.startswith("["):
            yield from self._inside(element)
        elif all(ord(letter) in table for letter in said):
            yield from _text(said.translate(table))
        elif said.isalpha() or not said:
            yield from self._inside(element)  # 1st, ™
        else:
            yield from _text(f"{mark}{said}")

    def _link(self, element: HtmlElement, in_code: bool) -> Iterator[Token]:
        href = (element.get("href") or "").strip()
        kinds = classes(element)
        if "headerlink" in kinds:
            return
        inner = list(self._inside(element, in_code))
        if href.startswith("#") and _is_footnote(element, kinds):
            self.footnotes.append(href[1:])
            yield from _text(element.text_content().strip())
            return
        said = any(token.content.strip() for token in inner)
        target = self.address(href) if href and said else None
        if target is None:
            yield from inner
            return
        inner = [token for token in inner if not token.type.startswith("link_")]
        lead, inner, trail = _trimmed(inner)
        target = _NORMAL(target).translate(_UNSAFE)
        opened = Token("link_open", "a", 1, attrs={"href": target})
        yield from lead
        yield from (opened, *inner, Token("link_close", "a", -1))
        yield from trail


def _is_footnote(element: HtmlElement, kinds: set[str]) -> bool:
    return bool(kinds & {"footnote", "footnote-reference", "footnoteref"}) or (
        element.get("role") == "doc-noteref"
    )


def _text(text: str | None, in_code: bool = False) -> Iterator[Token]:
    if not text:
        return
    text = _LINES.sub("\n", _SPACE.sub(" ", text))
    if in_code:
        yield Token("code_inline", "code", 0, content=text.replace("\n", " "))
    else:
        yield Token("text", "", 0, content=text)


def _merged(tokens: Iterable[Token]) -> list[Token]:
    """Neighbouring code spans as one; spaces at the edges of code stand outside it."""
    result: list[Token] = []
    for token in tokens:
        if token.type != "code_inline":
            result.append(token)
        elif result and result[-1].type == "code_inline":
            result[-1].content += token.content
        else:
            result.append(token)
    out: list[Token] = []
    for token in result:
        if token.type != "code_inline":
            out.append(token)
            continue
        said = " ".join(token.content.split(" ")).strip(" ")
        if token.content.startswith(" "):
            out += _text(" ")
        if said:
            token.content, end = re.sub(" +", " ", said), token.content.endswith(" ")
            out.append(token)
            if end:
                out += _text(" ")
    return out


def _around(kind: str, inner: list[Token]) -> Iterator[Token]:
    inner = [token for token in inner if not token.type.startswith(f"{kind}_")]
    lead, inner, trail = _trimmed(inner)
    yield from lead
    if inner:
        yield Token(f"{kind}_open", kind, 1)
        yield from inner
        yield Token(f"{kind}_close", kind, -1)
    yield from trail


def _trimmed(tokens: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """Space at both ends goes outside: '** so **' is no emphasis."""
    lead: list[Token] = []
    trail: list[Token] = []
    while tokens and tokens[0].type == "text" and not tokens[0].content.strip():
        lead.append(tokens.pop(0))
    while tokens and tokens[-1].type == "text" and not tokens[-1].content.strip():
        trail.insert(0, tokens.pop())
    if tokens and tokens[0].type == "text":
        said = tokens[0].content
        tokens[0].content = said.lstrip(" \n")
        lead += _text(" ") if said[:1] in " \n" else ()
    if tokens and tokens[-1].type == "text":
        said = tokens[-1].content
        tokens[-1].content = said.rstrip(" \n")
        trail = [*(_text(" ") if said[-1:] in " \n" else ()), *trail]
    return lead, tokens, trail
