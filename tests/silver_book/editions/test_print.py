"""What stands in the files: binding, bookmarks, fonts, line breaks, and what is not there."""

import io
import zipfile

import pytest
from django.utils import translation
from pypdf import PdfReader

from network import languages
from silver_book.editions import epub, pdf
from silver_book.editions.drawing import draw
from silver_book.exceptions import LettersMissing
from silver_book.models import Edition
from silver_book.transitions.freezing import freeze_edition
from tests.silver_book.frozen_books import WORDS, make_everything, place_section, system

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Marks that Japanese never begins a line with (kinsoku).
NEVER_FIRST = set("、。」』）ー々っゃゅょァィゥェォッャュョ・！？")
# Words and parts of compounds as a dictionary knows them.
THAI = "ลูกค้า ต้องการ คำ ตอบ ที่ ครบถ้วน และ ถูกต้อง พนักงาน ขาย ทุก คน ไป ดู สถานที่ จริง ก่อน".split()


def book(edition: Edition, language: str, *, is_one_page: bool = True):
    with translation.override(language):
        return draw(edition, language, is_one_page=is_one_page, on_progress=lambda count: None)


def read(edition: Edition, language: str) -> PdfReader:
    content, _pages = pdf.make(book(edition, language))
    return PdfReader(io.BytesIO(content))


@pytest.mark.pango
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_a_pdf_is_bound_tagged_and_marked_as_its_language_is_read(language):
    found = read(make_everything(language), language)
    root = found.trailer["/Root"]
    direction = root["/ViewerPreferences"].get("/Direction", "/L2R")
    assert direction == ("/R2L" if language == "ar" else "/L2R")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == languages.tag(language)
    titles = [entry.title for entry in found.outline if not isinstance(entry, list)]
    assert len(titles) >= 2  # the contents and the part
    inner = [entry.title for entry in found.outline[-2] if isinstance(found.outline[-2], list)]
    inner = inner or [e.title for e in next(x for x in found.outline if isinstance(x, list))]
    assert any(WORDS[language][:12].strip() in title for title in inner)


@pytest.mark.pango
def test_all_fonts_are_embedded():
    found = read(make_everything("ja"), "ja")
    fonts = {}
    for page in found.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            font = font.get_object()
            for inner in font.get("/DescendantFonts", [font]):
                inner = inner.get_object()
                if "/FontDescriptor" in inner:
                    fonts[inner["/BaseFont"]] = set(inner["/FontDescriptor"].get_object())
    assert len(fonts) > 2
    assert [name for name, has in fonts.items() if not has & {"/FontFile2", "/FontFile3"}] == []


def lines(language: str, words: str, width_mm: int) -> list[str]:
    """The lines of a paragraph as the book's style sheet lays it out."""
    from weasyprint.formatting_structure import boxes

    weasyprint, fonts, style = pdf.pdf.machine(pdf.STYLE)
    page = weasyprint.CSS(string=f"@page{{size:{width_mm}mm 200mm;margin:0}}")
    html = f'<html lang="{language}"><body><p>{words}</p></body></html>'
    document = weasyprint.HTML(string=html).render(stylesheets=[style, page], font_config=fonts)
    return [
        "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))
        for line in document.pages[0]._page_box.descendants()
        if isinstance(line, boxes.LineBox)
    ]


@pytest.mark.pango
def test_lists_are_counted_in_the_digits_of_their_language():
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder

    weasyprint, fonts, style = pdf.pdf.machine(pdf.STYLE)
    items = '<div class="para"{}><ol><li>1</li><li>2</li></ol></div>'
    found = {}
    for language in ("en", "ja", "ar", "fa"):
        body = items.format("") + items.format(' lang="en"')
        html = f'<html lang="{language}"><body>{body}</body></html>'
        document = weasyprint.HTML(string=html).render(stylesheets=[style], font_config=fonts)
        found[language] = [
            inner.text.strip(". \u2067\u2068\u2069")
            for box in document.pages[0]._page_box.descendants()
            if isinstance(box, AbsolutePlaceholder) and box.element_tag.endswith("::marker")
            for inner in box._box.descendants()
            if isinstance(inner, boxes.TextBox)
        ]
    assert found == {
        "en": ["1", "2", "1", "2"],
        "ja": ["1", "2", "1", "2"],
        "ar": ["١", "٢", "1", "2"],
        "fa": ["۱", "۲", "1", "2"],
    }


@pytest.mark.pango
def test_japanese_lines_begin_with_no_closing_mark():
    words = WORDS["ja"] * 2
    for width_mm in range(24, 60, 4):
        found = lines("ja", words, width_mm)
        assert len(found) > 2
        assert [line for line in found if line[0] in NEVER_FIRST] == []


@pytest.mark.pango
def test_thai_lines_break_between_words():
    words = THAI * 3
    ends, at = set(), 0
    for word in words:
        at += len(word)
        ends.add(at)
    for width_mm in range(20, 60, 5):
        found, at = lines("th", "".join(words), width_mm), 0
        assert len(found) > 2
        for line in found:
            at += len(line.strip())
            assert at in ends, line


@pytest.mark.pango
def test_control_a_letter_without_a_font_is_no_book():
    place_section("see", "\U00030000\U00031350\U0003134a")
    edition = freeze_edition(by=system())
    with pytest.raises(LettersMissing):
        pdf.make(book(edition, "en"))


# --- EPUB ---------------------------------------------------------------------------------
def opened(edition: Edition, language: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(epub.make(book(edition, language, is_one_page=False))))


def test_an_arabic_epub_is_turned_from_the_right():
    archive = opened(make_everything("ar"), "ar")
    package = archive.read("EPUB/content.opf").decode()
    assert 'page-progression-direction="rtl"' in package
    assert "<dc:language>ar</dc:language>" in package
    assert archive.infolist()[0].filename == "mimetype"
    text = archive.read("EPUB/t-0002.xhtml").decode()
    assert 'dir="rtl"' in text
    assert WORDS["ar"] in text


def test_links_lead_inside_the_file_or_nowhere():
    archive = opened(make_everything("en"), "en")
    text = archive.read("EPUB/t-0002.xhtml").decode()
    assert '<a href="t-0003.xhtml#p-00000001">a</a>' in text
    assert '<a href="t-0003.xhtml">b</a>' in text
    assert "c <a" in text
    assert " e</p>" in text


def test_a_partial_language_names_what_it_lacks():
    edition = make_everything("th", also=False)
    archive = opened(edition, "th")
    assert "Ask &lt;why&gt; &amp; again" in archive.read("EPUB/missing.xhtml").decode()
    html = pdf.html_of(book(edition, "th"))
    assert "not yet in this language" in html
    assert "1 of 2 sections" in html
