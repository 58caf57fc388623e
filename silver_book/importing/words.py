"""Inline Markdown of a file as the inline Markdown of the book, and back.

The book keeps emphasis, code and links (`silver_book.inline`); all else
becomes plain words. A text that is read and written twice stays the same.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Two lines of these scripts are joined without a space.
_NO_SPACE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0e7f]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MARK_AT_EDGE = re.compile(r"(?<!\w)_|_(?!\w)")


def escaped(text: str) -> str:
    """Plain words, safe from being read as emphasis, code, link or entity."""
    text = re.sub(r"([\\`*])", r"\\\1", text)
    text = _MARK_AT_EDGE.sub(r"\\_", text)
    text = re.sub(r"([\[\]])", r"\\\1", text)
    return _ENTITY.sub("&amp;", text)


def written(
    tokens: Iterable[Token],
    *,
    address: Callable[[str], str | None],
    picture: Callable[[Token], None],
    lose: Callable[[str], None],
) -> str:
    """Tokens of one inline text as the book's Markdown.

    `address` gives a link's new address, or None where it leads nowhere.
    `picture` is handed every image. `lose` is told what is left out.
    Emphasis inside emphasis that cannot be written again the same is dropped.
    """
    tokens = list(tokens)
    text = _written(tokens, address, picture, lose)
    if "*" not in text:
        return text
    if _again(text) == text:
        return text
    plain = [t for t in tokens if not t.type.startswith(("em_", "strong_"))]
    return _written(plain, address, lambda token: None, lambda what: None)


def _again(text: str) -> str:
    """The text, written to a file and read from there."""
    (inline,) = _reader().parseInline(for_file(text))
    return _written(inline.children or [], lambda href: href, lambda token: None, lambda what: None)


@lru_cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _written(tokens: Iterable[Token], address, picture, lose) -> str:
    out: list[str] = []
    links: list[str | None] = []
    for token in tokens:
        kind = token.type
        if kind in ("text", "text_special"):
            out.append(escaped(token.content))
        elif kind == "code_inline":
            out.append(_code(token.content))
        elif kind in ("em_open", "em_close"):
            out.append("*")
        elif kind in ("strong_open", "strong_close"):
            out.append("**")
        elif kind == "link_open":
            links.append(address(str(token.attrGet("href") or "")))
            out.append("[" if links[-1] else "")
        elif kind == "link_close":
            target = links.pop()
            out.append(f"]({target})" if target else "")
        elif kind in ("softbreak", "hardbreak"):
            out.append("\n")
        elif kind == "image":
            picture(token)
        elif kind == "html_inline":
            lose(_("HTML: %(tag)s") % {"tag": token.content})
    return joined("".join(out))


def _code(content: str) -> str:
    fence = "`"
    while fence in content:
        fence += "`"
    pad = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{pad}{content}{pad}{fence}"


def joined(text: str) -> str:
    """Lines as one: with a space between words, without one between Japanese, Chinese or Thai."""
    out = ""
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        # Marks of emphasis and links have no script of their own.
        before, after = out.rstrip("*`[]()")[-1:], line.lstrip("*`[]()")[:1]
        tight = _NO_SPACE.match(before) and _NO_SPACE.match(after)
        out += ("" if tight or not out else " ") + line
    return out


# --- back --------------------------------------------------------------------------
_BLOCK_START = re.compile(r"^(\s*)([#>+\-=~|:]|\d+(?=[.)]))")


def for_file(text: str, *, in_table: bool = False) -> str:
    """The book's Markdown as a file's: what would start a block or a tag is escaped."""
    text = _outside_code(text)
    if in_table:
        return text.replace("|", "\\|")
    found = _BLOCK_START.match(text)
    if found:
        mark = found[2]
        fixed = f"{mark}\\" if mark.isdigit() else f"\\{mark}"
        text = found[1] + fixed + text[found.end() :]
    return text


# An escaped character, or a code span.
_CODE = re.compile(r"\\.|(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def _outside_code(text: str) -> str:
    out, last = [], 0
    for found in _CODE.finditer(text):
        if found[1]:
            out += [_safe(text[last : found.start()]), found[0]]
            last = found.end()
    return "".join([*out, _safe(text[last:])])


def _safe(text: str) -> str:
    return text.replace("<", "\\<").replace("![", "!\\[")
