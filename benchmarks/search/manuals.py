"""Sections of manuals as they lie unpacked from Debian packages: HTML, Mallard, DocBook, man, LyX.

Few manuals exist in Arabic, Persian and Thai: there, and in Indonesian and
Chinese, the texts of MediaWiki's pages and settings help out, some messages
that follow each other as one section.

A section has a `place` that is the same in every translation of its manual
(file and anchor without the language): it is what `cross` queries are made of.
"""

import gzip
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import lxml.etree
import lxml.html

from benchmarks.search.manpages import plain, sections_of_man

# Characters of a section's text that are kept, and the fewest that make a section.
MOST, FEWEST = 6_000, 60

# As the packages write a language → ours.
CODES = {
    "c": "en",
    "en": "en",
    "en_us": "en",
    "ja": "ja",
    "es": "es",
    "ar": "ar",
    "fa": "fa",
    "fr": "fr",
    "de": "de",
    "it": "it",
    "pt_br": "pt-br",
    "pt-br": "pt-br",
    "zh_cn": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-hans": "zh-hans",
    "id": "id",
    "th": "th",
}
_CODE = r"(?P<code>[A-Za-z]{1,3}(?:[_-][A-Za-z]{2})?)"
# Where manuals lie below the root of a package; `code` may be missing: then it is English.
_PLACES = [
    (re.compile(rf"usr/share/help/{_CODE}/(?P<rest>.+\.(?:page|docbook|xml))$"), "xml"),
    (re.compile(rf"usr/share/doc/(?:kde/)?HTML/{_CODE}/(?P<rest>.+\.docbook)$"), "xml"),
    (re.compile(rf"usr/share/gimp/2.0/help/{_CODE}/(?P<rest>.+\.html)$"), "html"),
    (re.compile(rf"usr/share/doc/kicad/help/{_CODE}/(?P<rest>.+\.html)$"), "html"),
    (re.compile(rf"usr/share/man/(?:{_CODE}/)?(?P<rest>man[1-8]/.+\.gz)$"), "man"),
    (re.compile(rf"usr/share/lyx/doc/(?:{_CODE}/)?(?P<rest>[A-Za-z-]+\.lyx)$"), "lyx"),
    (re.compile(rf"usr/share/dokuwiki/inc/lang/{_CODE}/(?P<rest>[a-z]+\.txt)$"), "wiki"),
    (re.compile(r"usr/share/mediawiki/(?P<rest>.+/)(?P<code>ar|fa|id|th|zh-hans)\.json$"), "json"),
    (re.compile(rf"(?P<rest>usr/share/.+)\.{_CODE}\.html(?:\.gz)?$"), "html"),
    (re.compile(rf"(?P<rest>usr/share/.+-){_CODE}/[^/]+\.html$"), "html"),
    (re.compile(rf"(?P<rest>usr/share/.+/){_CODE}/(?:html/)?[^/]+\.html$"), "html"),
    (re.compile(r"(?P<rest>usr/share/(?:doc|developers-reference)/.+\.html)$"), "html"),
]
# Not prose: lists, indexes, licences that every manual repeats, sources of the same text.
_NOT_PROSE = re.compile(
    r"(?i)(genindex|search\.html|bookindex|go0?1|gfdl|gpl|fdl-|license|licence|changelog|_sources"
    r"|handbook/?debian|toc\.|copyright|credits|legal)"
)
_NUMBER = re.compile(
    r"^(?:(?:chapter|section|appendix|part|chapitre|kapitel|capitolo|cap[ií]tulo|anhang|annexe|bab"
    r"|ap[eé]ndice|appendice)\s+)?(?:第?\s*\d+\s*[章节部]|[A-Z]?\d*(?:\.\d+)+\.?|\d+\.|[A-Z]\.)\s*",
    re.I,
)


class Section(NamedTuple):
    """A piece of a manual under one title."""

    place: str
    lang: str
    title: str
    body: str


def language_and_file(path: str) -> tuple[str, str, str] | None:
    """(language, file without the language, format) of a path in a package; None: no manual."""
    if _NOT_PROSE.search(path):
        return None
    for pattern, kind in _PLACES:
        found = pattern.match(path)
        if not found:
            continue
        code = found.groupdict().get("code")
        language = CODES.get((code or "en").lower())
        if language is None:
            if pattern.pattern.startswith("(?P<rest>usr/share/.+"):
                continue  # what looks like a language is another part of the name
            return None
        rest = found.group("rest")
        if kind == "html" and "code" in found.groupdict():
            name = path.rsplit("/", 1)[1] if rest.endswith(("/", "-")) else ""
            rest = re.sub(rf"(?<=[/-]){re.escape(code)}(?=[/.-]|$)", "", rest) + name
        return language, rest, kind
    return None


def sections(root: Path, path: Path) -> Iterator[Section]:
    """The sections of a file below `root`; none where it is no manual of our languages."""
    known = language_and_file(path.relative_to(root).as_posix())
    if known is None:
        return
    language, file, kind = known
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, gzip.BadGzipFile):
        return
    for place, (anchor, title, body) in enumerate(_READERS[kind](raw, file)):
        title = _NUMBER.sub("", plain(title)).strip(" .:¶#")
        body = plain(body)[:MOST]
        if 2 <= len(title) <= 150 and len(body) >= FEWEST and is_in(language, f"{title} {body}"):
            yield Section(f"{file}#{anchor or place}", language, title, body)


# --- is it translated? --------------------------------------------------------------
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30fa]"),
    "zh-hans": re.compile("[\u4e00-\u9fff]"),
    "th": re.compile("[\u0e01-\u0e4e]"),
    "ar": re.compile("[\u0621-\u06d3]"),
    "fa": re.compile("[\u0621-\u06d3]"),
}
_FREQUENT = {
    "en": "the of and to is in for that with this are be it as on or from by not can you",
    "es": "el la de que los en y para un una por con se del las es al lo como su si más",
    "fr": "le la les de des et à un une est pour dans vous que en du sur ce pas par qui avec",
    "de": "der die das und ist in zu den mit sie für von ein eine nicht auf werden im dem es wird",
    "it": "il la di che e per un una in è con del non i le si da della sono al dei gli",
    "pt-br": "o a de que e para um uma em os do da não com as no na se por é ao ou você",
    "id": "yang dan di untuk dengan dari pada ini itu atau ke dalam adalah tidak anda akan dapat",
}
_FREQUENT = {code: frozenset(words.split()) for code, words in _FREQUENT.items()}


def is_in(language: str, text: str) -> bool:
    """Whether the text is in the language, not left in the original's."""
    letters = sum(character.isalpha() for character in text) or 1
    if script := _SCRIPTS.get(language):
        share = len(script.findall(text)) / letters
        return share > (0.12 if language in ("ja", "zh-hans") else 0.35)
    if sum(ord(character) > 0x590 for character in text) > letters / 10:
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", text.lower())]
    counts = {code: sum(w in some for w in words) for code, some in _FREQUENT.items()}
    return counts[language] >= max(2, len(words) / 40) and counts[language] >= max(counts.values())


# --- HTML ----------------------------------------------------------------------------
_HEADINGS = {"h1", "h2", "h3", "h4", "h5"}
_LEFT_OUT = {"script", "style", "head", "nav", "header", "footer", "form", "noscript", "button"}
_LEFT_OUT_CLASSES = re.compile(
    r"\b(navheader|navfooter|toc|sphinxsidebar|related|navigation|breadcrumbs|footer|headerlink"
    r"|list-of-\w+|index|toctree-wrapper)\b"
)
_INLINE = {
    "a", "b", "i", "em", "strong", "code", "tt", "span", "acronym", "abbr", "u", "sub", "sup",
    "kbd", "small", "var", "samp", "font", "q", "cite", "mark", "wbr",
}  # fmt: skip
_XML_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)([\w.-]+);")


def _html(raw: bytes, _file: str) -> Iterator[tuple[str, str, str]]:
    try:
        declared = re.search(rb'charset=["\']?([\w-]+)', raw[:2000])
        encoding = declared.group(1).decode() if declared else "utf-8"
        tree = lxml.html.document_fromstring(
            raw.decode(encoding, "replace").encode("utf-8"),
            parser=lxml.html.HTMLParser(encoding="utf-8"),
        )
    except (lxml.etree.LxmlError, LookupError, ValueError):
        return
    body = tree.find("body")
    found: list[list] = []
    if body is not None:
        _walk_html(body, found, [""])
    for anchor, title, parts in found:
        yield anchor, "".join(title), "".join(parts)


def _walk_html(element, found: list[list], last_id: list[str]) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _LEFT_OUT:
        return
    if _LEFT_OUT_CLASSES.search(element.get("class", "")):
        return
    if anchor := element.get("id") or (element.get("name") if tag == "a" else ""):
        last_id[0] = anchor
    if tag in _HEADINGS:
        inner = next(
            (
                a.get("id") or a.get("name")
                for a in element.iter("a")
                if a.get("id") or a.get("name")
            ),
            "",
        )
        title = [text for text in element.itertext()]
        anchor = element.get("id") or inner or last_id[0]
        if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,80}", anchor) or re.match(r"id[a-z]*\d+", anchor):
            anchor = ""  # made anew in each translation: the section's number is its place
        found.append([anchor, title, []])
        return
    into = found[-1][2] if found else None
    if into is not None:
        if tag not in _INLINE:
            into.append(" ")
        into.append(element.text or "")
    for child in element:
        _walk_html(child, found, last_id)
        if found and child.tail:
            found[-1][2].append(child.tail)
    if found and tag not in _INLINE:
        found[-1][2].append(" ")


# --- Mallard and DocBook -----------------------------------------------------------------
_XML_SECTIONS = {
    "page", "section", "article", "book", "chapter", "appendix", "preface", "part", "reference",
    "refentry", "refsect1", "refsect2", "sect1", "sect2", "sect3", "sect4", "sect5",
    "qandaentry", "simplesect", "glossentry",
}  # fmt: skip
_XML_LEFT_OUT = {
    "info", "links", "bookinfo", "articleinfo", "bibliography", "index", "indexterm", "toc",
    "mediaobject", "screenshot", "media", "sectioninfo", "chapterinfo", "appendixinfo",
    "titleabbrev",
    "sect1info", "prefaceinfo", "refmeta", "anchor", "copyright", "legalnotice", "remark",
}  # fmt: skip
_XML_BLOCKS = {
    "p", "para", "title", "item", "listitem", "entry", "row", "table", "note", "steps", "list",
    "term", "td", "tr", "screen", "code", "programlisting", "simpara", "varlistentry", 
    "glossterm", "question", "answer", "subtitle", "desc", "seg", "step", "member",
}  # fmt: skip


def _xml(raw: bytes, _file: str) -> Iterator[tuple[str, str, str]]:
    raw = re.sub(rb"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", b"", raw, count=1, flags=re.S)
    raw = _XML_ENTITY.sub(lambda m: m.group(1).replace(b"-", b" "), raw)
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True
    )
    try:
        tree = lxml.etree.fromstring(raw, parser)
    except (lxml.etree.LxmlError, ValueError):
        return
    if tree is None:
        return
    found: list[list] = []
    _walk_xml(tree, found, None)
    for anchor, title, parts in found:
        yield anchor, "".join(title), "".join(parts)


def _walk_xml(element, found: list[list], current: list | None) -> None:
    if not isinstance(element.tag, str):
        return
    tag = element.tag.rpartition("}")[2]
    if tag in _XML_LEFT_OUT:
        return
    if tag in _XML_SECTIONS:
        anchor = element.get("id") or element.get("{http://www.w3.org/XML/1998/namespace}id") or ""
        current = [anchor, [], []]
        found.append(current)
    elif tag in ("title", "question", "refname") and current is not None and not current[1]:
        current[1] += element.itertext()
        return
    elif current is not None and tag in _XML_BLOCKS:
        current[2].append(" ")
    if current is not None:
        current[2].append(element.text or "")
    for child in element:
        _walk_xml(child, found, current)
        if current is not None and child.tail:
            current[2].append(child.tail)
    if current is not None and tag in _XML_BLOCKS:
        current[2].append(" ")


# --- LyX and DokuWiki ---------------------------------------------------------------------------
_LYX_HEADINGS = ("Title", "Chapter", "Section", "Subsection", "Subsubsection", "Chapter*",
                 "Section*", "Subsection*")  # fmt: skip


def _lyx(raw: bytes, _file: str) -> Iterator[tuple[str, str, str]]:
    title, body, into, depth = [], [], None, 0
    for line in raw.decode("utf-8", "replace").split("\n"):
        if line.startswith("\\begin_inset"):
            depth += 1
        elif line.startswith("\\end_inset"):
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif line.startswith("\\begin_layout"):
            if line.removeprefix("\\begin_layout ").strip() in _LYX_HEADINGS:
                if title:
                    yield "", " ".join(title), " ".join(body)
                title, body = [], []
                into = title
            else:
                into = body
        elif not line.startswith("\\") and into is not None:
            into.append(line)
    if title:
        yield "", " ".join(title), " ".join(body)


def _wiki(raw: bytes, _file: str) -> Iterator[tuple[str, str, str]]:
    parts = re.split(r"(?m)^\s*=+\s*(.+?)\s*=+\s*$", raw.decode("utf-8", "replace"))
    for title, body in zip(parts[1::2], parts[2::2], strict=False):
        yield "", title, re.sub(r"[*/_'\[\]|{}<>\\^=@]+", " ", html.unescape(body))


# --- MediaWiki's messages -----------------------------------------------------------------------
_MESSAGES = 250  # characters that make a section
_WIKI_SIGNS = re.compile(
    r"\[\[[^\]|]*\||\[https?:\S+|\{\{[^{}]*\}\}|<[^>]*>|\$\d+|'{2,}|[\[\]{}*#|]|__\w+__|&\w+;"
)


def _json(raw: bytes, _file: str) -> Iterator[tuple[str, str, str]]:
    try:
        messages = json.loads(raw)
    except ValueError:
        return
    title, parts, name = "", [], ""
    for key, message in messages.items():
        if key.startswith("@") or not isinstance(message, str):
            continue
        text = plain(_WIKI_SIGNS.sub(" ", message))
        if not title:
            if 8 <= len(text) <= 70 and text == plain(message):
                title, name = text, key
            continue
        parts.append(text.rstrip(". ") + ".")
        if sum(map(len, parts)) >= _MESSAGES:
            yield name, title, " ".join(parts)
            title, parts = "", []


_READERS = {
    "json": _json,
    "html": _html,
    "xml": _xml,
    "man": sections_of_man,
    "lyx": _lyx,
    "wiki": _wiki,
}
