"""An edition as PDF: tagged for all readers (PDF/UA-1), bound as its language is read.

Line breaks are Pango's: by Unicode's rules for Japanese and Chinese, with
libthai's dictionary for Thai. Both go by the `lang` of the text.
"""

import contextlib
import hashlib
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from network import languages, pdf
from silver_book.editions.drawing import Book, fingerprint_words
from silver_book.exceptions import LettersMissing

STYLE = "gkc/book-print.css"
# Digits of page numbers, where they are not 0 to 9 (CSS counter styles).
DIGITS = {"ar": "arabic-indic", "fa": "persian"}
_PAGE = re.compile(r"Page (\d+)")

OnPage = Callable[[int], None]


def prepare() -> None:
    """Load what draws, before anything is read. Raises PrintingUnavailable."""
    pdf.machine(STYLE)


def html_of(book: Book) -> str:
    """The whole book as one document, in its language."""
    with translation.override(book.language):
        return render_to_string("silver_book/edition/print.html", context_of(book))


def context_of(book: Book) -> dict:
    """What the templates of both formats are given; evaluate it in the book's language."""
    return {
        "book": book,
        "tag": languages.tag(book.language),
        "direction": languages.direction(book.language),
        "fingerprint": fingerprint_words(book.edition),
        "site_address": settings.SITE_ADDRESS,
    }


def style_of(book: Book) -> str:
    """What depends on the language: heads, page numbers and digits.

    The page that is turned to first lies on the right in a book that is read
    from the left, and on the left in one that is read from the right.
    """
    digits = DIGITS.get(book.language, "decimal")
    first, second = ("left", "right") if _is_rtl(book) else ("right", "left")
    number = f"counter(page,{digits})"
    return (
        f"html{{--digits:{digits}}}"
        f"@page:{first}{{@top-{first}{{content:string(section)}}"
        f"@bottom-{first}{{content:{number}}}}}"
        f"@page:{second}{{@top-{second}{{content:string(part)}}"
        f"@bottom-{second}{{content:{number}}}}}"
        "@page cover{@top-left{content:none}@top-right{content:none}"
        "@bottom-left{content:none}@bottom-right{content:none}}"
    )


def _is_rtl(book: Book) -> bool:
    return languages.direction(book.language) == "rtl"


def make(book: Book, *, on_page: OnPage = lambda number: None) -> tuple[bytes, int]:
    """The file and its number of pages; the same bytes for the same book and fonts.

    Raises PrintingUnavailable where Pango is missing, LettersMissing where no
    font on this machine has a letter of the text.
    """
    document = layout(book, html_of(book), on_page=on_page)
    return write(document, book), len(document.pages)


def layout(book: Book, html: str, *, on_page: OnPage = lambda number: None):
    """WeasyPrint's document of the book's pages."""
    weasyprint, fonts, style = pdf.machine(STYLE)
    files = {name: row.file for name, row in book.pictures.items()}
    for file in files.values():
        file.open("rb").close()  # WeasyPrint would pass over a picture that is not there
    extra = weasyprint.CSS(string=style_of(book), font_config=fonts, url_fetcher=pdf.refuse)
    source = weasyprint.HTML(string=html, url_fetcher=pdf.pictures_only(files))
    with _listening(on_page):
        return source.render(stylesheets=[style, extra], font_config=fonts, pdf_variant="pdf/ua-1")


def write(document, book: Book) -> bytes:
    """The document as a file."""
    identifier = hashlib.md5(
        f"{book.edition.digest} {book.language}".encode(), usedforsecurity=False
    ).digest()
    content = document.write_pdf(
        finisher=lambda _document, file: _finish(file, book),
        pdf_variant="pdf/ua-1",
        pdf_identifier=identifier,
    )
    lacking = {chr(code) for font in document.fonts.values() for code in font.missing}
    # A symbol without a font is a box on the page; without letters there is no text.
    letters = sorted(sign for sign in lacking if unicodedata.category(sign).startswith("L"))
    if letters:
        raise LettersMissing(
            _("No font on this machine has these letters: %(letters)s")
            % {"letters": " ".join(letters[:20])}
        )
    return content


def _finish(file, book: Book) -> None:
    """Binding on the right where that is how the language is read."""
    import pydyf

    preferences = file.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
    if _is_rtl(book):
        preferences["Direction"] = "/R2L"
    file.catalog["PageLayout"] = "/TwoPageRight"


@contextlib.contextmanager
def _listening(on_page: OnPage) -> Iterator[None]:
    """Hear of each page that this thread lays out."""
    log = logging.getLogger("weasyprint.progress")
    thread = threading.get_ident()

    class Listener(logging.Handler):
        def emit(self, record):
            found = _PAGE.search(record.getMessage())
            if found and threading.get_ident() == thread:
                on_page(int(found.group(1)))

    listener, level = Listener(), log.level
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    log.propagate = False  # a line a page is for nobody's log
    try:
        yield
    finally:
        log.removeHandler(listener)
        log.setLevel(level)
        log.propagate = True
