"""An edition as EPUB 3: a file a text, turned from the right where the language is read so.

ebooklib writes it; the same book gives the same bytes.
"""

import datetime
import io
import uuid
import zipfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from ebooklib import epub

from network import languages
from silver_book.editions.drawing import Book, Drawn, as_xhtml
from silver_book.editions.pdf import context_of

STYLE = "gkc/book-epub.css"
_TYPES = {"jpg": "jpeg"}
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest day a zip can say

# What a reader with an aid may count on (schema.org's accessibility words).
_ACCESS = [
    ("schema:accessMode", "textual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityHazard", "none"),
]


class _Document(epub.EpubHtml):
    """A document that is written as it is: ebooklib would parse and indent it."""

    def get_content(self, default=None):
        return self.content


def make(book: Book) -> bytes:
    """The file."""
    with translation.override(book.language):
        made = _book(book)
    output = io.BytesIO()
    moment = book.edition.frozen_at.astimezone(datetime.UTC)
    options = {"mtime": moment, "epub3_pages": False, "raise_exceptions": True}
    epub.write_epub(output, made, options)
    return _same_bytes(output.getvalue())


def _book(book: Book) -> epub.EpubBook:
    made = epub.EpubBook()
    tag = languages.tag(book.language)
    # ebooklib has written one of its own making into the metadata by now.
    made.metadata.clear()
    name = f"{settings.SITE_ADDRESS}/editions/{book.edition.number}/{book.language}/"
    made.set_identifier(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}{book.edition.digest}").urn)
    made.set_title(book.title)
    made.set_language(tag)
    made.set_direction(languages.direction(book.language))
    made.add_author(str(settings.SITE_NAME))
    made.add_metadata("DC", "publisher", str(settings.SITE_NAME))
    made.add_metadata("DC", "date", book.edition.frozen_at.date().isoformat())
    if book.subtitle:
        made.add_metadata("DC", "description", book.subtitle)
    for name, value in _ACCESS:
        made.add_metadata(None, "meta", value, {"property": name})
    style = epub.EpubItem(
        uid="style",
        file_name="book.css",
        media_type="text/css",
        content=Path(finders.find(STYLE)).read_bytes(),
    )
    made.add_item(style)
    for number, (address, row) in enumerate(sorted(book.pictures.items()), 1):
        suffix = address.rpartition(".")[2]
        with row.file.open("rb") as file:
            made.add_item(
                epub.EpubItem(
                    uid=f"picture-{number}",
                    file_name=address,
                    media_type=f"image/{_TYPES.get(suffix, suffix)}",
                    content=file.read(),
                )
            )
    front = _document(book, "front", "front.xhtml", book.title, "epub_front.html")
    documents = [front]
    links: list = [epub.Link("front.xhtml", book.title, "front")]
    by_name = {}
    for text in book.texts():
        uid = text.anchor
        by_name[text.name] = _document(
            book, uid, text.name, text.title, "epub_text.html", text=text
        )
        documents.append(by_name[text.name])
    links += [entry for part in book.parts if (entry := _entry(part)) is not None]
    missing = [line for line in book.contents.sections() if not line.is_here]
    for name, title, lines in (
        ("glossary", _("Glossary"), book.terms),
        ("missing", _("Not yet in this language"), missing),
    ):
        if lines:
            template = f"epub_{name}.html"
            documents.append(_document(book, name, f"{name}.xhtml", title, template, lines=lines))
            links.append(epub.Link(f"{name}.xhtml", title, name))
    for document in documents:
        made.add_item(document)
    made.toc = links
    nav = epub.EpubNav(title=_("Contents"), direction=languages.direction(book.language))
    nav.add_link(href="book.css", rel="stylesheet", type="text/css")
    made.add_item(nav)
    made.add_item(epub.EpubNcx())
    made.spine = [front, (nav, "yes"), *documents[1:]]
    return made


def _entry(text: Drawn):
    """A line of the contents: with those below it, where they have words here."""
    below = [entry for child in text.children if (entry := _entry(child)) is not None]
    if not text.is_here:
        if not below:
            return None
        return (epub.Section(text.title), below)
    if not below:
        return epub.Link(text.name, text.title, text.anchor)
    return (epub.Section(text.title, text.name), below)


def _document(book: Book, uid: str, name: str, title: str, template: str, **more) -> _Document:
    context = context_of(book) | {"title": title} | more
    html = as_xhtml(render_to_string(f"silver_book/edition/{template}", context))
    document = _Document(uid=uid, file_name=name, title=title, lang=languages.tag(book.language))
    document.content = f'<?xml version="1.0" encoding="utf-8"?>\n{html}'.encode()
    return document


def _same_bytes(content: bytes) -> bytes:
    """The archive without the minute it was made in; its type first and unpacked, as EPUB asks."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            kind = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            made = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            made.external_attr = 0o644 << 16
            new.writestr(made, old.read(entry), compress_type=kind, compresslevel=9)
    return output.getvalue()
