"""A section on paper: Chromium's PDF holds every word, and none beyond the sheet's edge."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from tests.silver_book.frozen_books import WORDS, make_everything

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
MM = 72 / 25.4
MARGIN_MM = 10  # inside of it nothing but page numbers; the sheet's own margins are 16 and more


def letters(text: str) -> str:
    """Letters and digits alone: PDFs space and join as they like, and know Han by radicals."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def placed(page) -> list[tuple[float, float]]:
    """Where each piece of text begins, in points."""
    found = []

    def visit(text, sheet, at, _font, _size):
        if text.strip():
            x = at[4] * sheet[0] + at[5] * sheet[2] + sheet[4]
            y = at[4] * sheet[1] + at[5] * sheet[3] + sheet[5]
            found.append((x, y))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_a_section_with_everything_prints_whole(device, live_server, transactional_db, language):
    make_everything(language)
    page = device(locale=language).new_page()
    page.goto(f"{live_server.url}/{language}/silver-book/way/see/")
    page.emulate_media(media="print")
    for gone in (".book__toc", ".pager", ".masthead", ".foot"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    cut = page.evaluate(
        """[...document.querySelectorAll('.prose *')].filter(e => {
          const style = getComputedStyle(e);
          return style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
            && !e.classList.contains('vh');
        }).map(e => e.className)"""
    )
    assert cut == []
    sheet = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    for one in sheet.pages:
        wide, high = float(one.mediabox.width), float(one.mediabox.height)
        assert (round(wide / MM), round(high / MM)) == (210, 297)
        for x, y in placed(one):
            assert MARGIN_MM * MM <= x <= wide - MARGIN_MM * MM
            assert 5 * MM <= y <= high - MARGIN_MM * MM
    text = letters("".join(one.extract_text() for one in sheet.pages))
    if language != "ar":  # a PDF holds shaped letters in the order of the eye
        assert letters(WORDS[language]) in text
    assert text.count("y") >= 150  # the code's long line, broken and not cut
