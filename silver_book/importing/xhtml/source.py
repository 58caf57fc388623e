"""The files of a folder as element trees: whatever their encoding, however broken."""

import re
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree
from lxml import html as lxml_html

from silver_book.importing.folder import Report

SUFFIXES = (".html", ".xhtml", ".htm")
# A manual of 1,500 pages in one file has some 10 MB.
LARGEST_BYTES = 40 * 1024 * 1024
_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding=[\"']([\w.:-]+)[\"']")
_META = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
# A document type with declarations of its own: the HTML parser takes them for text.
_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
# 'ch01.en.html' and 'ch01.html' are the same file in two languages.
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?(?=\.x?html?$)")


def html_files(root: Path) -> list[Path]:
    """Files below the folder, no links out of it. Sorted by name."""
    root = root.resolve()
    found = []
    for path in root.rglob("*"):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            inner = path.resolve()
            if inner == path and not any(
                part.startswith(("_", ".")) for part in _below(path, root)
            ):
                found.append(path)
    return sorted(found)


def _below(path: Path, root: Path) -> tuple[str, ...]:
    return path.relative_to(root).parts[:-1]


def plain_name(name: str) -> str:
    """The file's name without the language it may have: equal in all languages."""
    return _LANGUAGE.sub("", name)


def parsed(path: Path, name: str, report: Report) -> lxml_html.HtmlElement | None:
    """The file's root element; None where there is nothing to read. Never raises for content."""
    if path.stat().st_size > LARGEST_BYTES:
        report.lose(
            name,
            _("the file is larger than %(megabytes)s MB") % {"megabytes": LARGEST_BYTES >> 20},
        )
        return None
    text = decoded(path.read_bytes(), name, report)
    if not text.strip():
        report.lose(name, _("the file is empty"))
        return None
    root = _as_xml(text) if "<?xml" in text[:200] or "xmlns=" in text[:2000] else None
    return root if root is not None else _as_html(text, name, report)


def decoded(content: bytes, name: str, report: Report) -> str:
    """The text: by its own declaration where that is true, else as UTF-8, else as Latin."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    content = content.removeprefix(b"\xef\xbb\xbf")
    head = content[:4096]
    declared = _DECLARATION.search(head) or _META.search(head)
    said = declared[1].decode("ascii") if declared else "utf-8"
    for encoding in (said, "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    report.lose(
        name,
        _("the file is not written in %(encoding)s as it says; read as Western European")
        % {"encoding": said},
    )
    return content.decode("cp1252", errors="replace")


def _as_xml(text: str) -> lxml_html.HtmlElement | None:
    """Well-formed XHTML without its namespace; None where it is not well-formed."""
    lookup = etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.set_element_class_lookup(lookup)
    try:
        root = etree.fromstring(_PROLOGUE.sub("", text).encode(), parser)  # noqa: S320
    except etree.XMLSyntaxError:
        return None
    if any(node.tag is etree.Entity for node in root.iter()):
        return None  # an entity of a DTD: the HTML parser knows them
    for node in root.iter(etree.Element):
        if "}" in node.tag:
            node.tag = node.tag.partition("}")[2]
    return root if root.tag == "html" else None


def _as_html(text: str, name: str, report: Report) -> lxml_html.HtmlElement | None:
    """Anything that begins to be HTML."""
    text = _SUBSET.sub("", _PROLOGUE.sub("", text), count=1).replace("\x00", "")
    try:
        return lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        report.lose(name, _("the file cannot be read as HTML"))
        return None
