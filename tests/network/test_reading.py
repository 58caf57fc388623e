"""What is read of a file, and that no file does harm to who reads it."""

import io
import subprocess
import sys

import pytest

from network import reading
from network.file_reader import MAX_CHARACTERS, MAX_PAGES
from tests.network.attached_files import (
    a_docx,
    a_locked_office_file,
    a_pdf,
    a_pptx,
    an_xlsx,
    saved,
    with_declared_size,
    with_part,
)

pytestmark = pytest.mark.slow

WORDS = "Quokkafence warehouse"
ARABIC = "احترق مستودع قطع الغيار في جدة"
PERSIAN = "موجودی ۱۹ روز بود"
JAPANESE = "倉庫火災の後、部品供給を再開しました。"
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(content: bytes) -> reading.Answer:
    return reading.read(io.BytesIO(content))


def outcome(content: bytes) -> tuple[str, str]:
    answer = read(content)
    return answer.state, answer.reason


@pytest.mark.parametrize(
    ("content", "text", "pages"),
    [
        (a_docx(WORDS, ARABIC, JAPANESE), f"{WORDS}\n{ARABIC}\n{JAPANESE}", 1),
        (
            an_xlsx((WORDS, 19), (JAPANESE, 61.5), title="部品"),
            f"部品\n{WORDS} 19\n{JAPANESE} 61.5",
            1,
        ),
        (a_pptx("One", ARABIC, notes="Said"), f"One\n{ARABIC}\nSaid", 2),
        (a_pdf(WORDS, "Two\nlines"), f"{WORDS}\nTwo\nlines", 2),
    ],
    ids=["docx", "xlsx", "pptx", "pdf"],
)
def test_each_kind_gives_its_words(content, text, pages):
    answer = read(content)
    assert (answer.state, answer.text, answer.pages, answer.is_cut) == ("done", text, pages, False)


@pytest.mark.pango
def test_a_pdf_in_other_scripts_gives_words_in_reading_order():
    """As a print program draws it: from left to right, letters joined, fonts in parts."""
    import weasyprint

    html = f"""<html><body><p lang="ja">{JAPANESE}</p><p lang="ar" dir="rtl">{ARABIC}</p>
        <p lang="fa" dir="rtl">{PERSIAN}</p></body></html>"""
    answer = read(weasyprint.HTML(string=html).write_pdf())
    assert answer.text == f"{JAPANESE}\n{ARABIC}\n{PERSIAN}"


def test_words_cut_by_a_line_end_are_whole_again():
    assert (
        read(a_pdf("The ware-\nhouse in North-\nAfrica")).text == "The warehouse in North-\nAfrica"
    )


def test_a_file_locked_against_changes_only_is_read():
    assert read(a_pdf(WORDS, owner="editor's")).text == WORDS


def test_word_gives_tables_headers_and_footnotes_but_nothing_deleted_or_hidden():
    import docx

    document = docx.Document()
    document.add_table(1, 2).rows[0].cells[1].text = "In a table"
    document.sections[0].header.paragraphs[0].text = "At the head"
    kept = document.add_paragraph("Seen")
    kept.add_run(" and hidden").font.hidden = True
    packed = saved(document)
    body = document.element.xml.replace(
        "Seen</w:t>", "Seen</w:t><w:br/></w:r><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r>"
    )
    packed = with_part(packed, "word/document.xml", body.encode())
    assert read(packed).text == "In a table\nSeen\nAt the head"


def test_what_is_not_shown_in_a_book_or_a_show_is_not_read():
    import openpyxl
    import pptx

    book = openpyxl.Workbook()
    book.active.append(["Seen"])
    book.create_sheet("Hidden").append(["Salaries"])
    book["Hidden"].sheet_state = "hidden"
    assert read(saved(book)).text == "Sheet\nSeen"
    show = pptx.Presentation(io.BytesIO(a_pptx("Seen", "Left out")))
    show.slides[1].element.set("show", "0")
    assert read(saved(show)).text == "Seen"


def test_cells_are_read_as_they_are_shown():
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([0.61, datetime.datetime(2026, 3, 1), 12.50, True, "=1+1"])
    sheet["A1"].number_format = "0 %"
    assert read(saved(book)).text == "Sheet\n61 % 2026-03-01 12.5"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (a_pdf(WORDS, password="secret"), ("failed", "encrypted")),
        (a_locked_office_file(), ("failed", "encrypted")),
        (b"", ("failed", "empty")),
        (a_pdf(WORDS)[:200], ("failed", "broken")),
        (a_docx(WORDS)[:9_000], ("failed", "broken")),
        (b"%PDF-1.7\n" + b"\x00" * 10_000, ("failed", "broken")),
        (with_part(a_docx(WORDS), "word/document.xml", b"<w"), ("failed", "broken")),
        (a_pdf(""), ("none", "no_text")),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 600, ("none", "kind")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ("none", "kind")),
        (with_part(b"PK\x05\x06" + b"\x00" * 18, "a.txt", b"x"), ("none", "kind")),
    ],
    ids=[
        "locked pdf",
        "locked office",
        "0 bytes",
        "truncated pdf",
        "truncated docx",
        "zeros",
        "no xml",
        "only pictures",
        "film",
        "old office",
        "other archive",
    ],
)
def test_what_cannot_be_read_says_why(content, expected):
    assert outcome(content) == expected


def test_one_damaged_page_takes_nothing_from_the_others():
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(a_pdf("First", "Second", "Third")))
    page = writer.pages[1]
    page[pypdf.generic.NameObject("/Contents")] = pypdf.generic.NumberObject(7)
    assert read(with_pages(writer)).text == "First\nThird"


def with_pages(writer) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


# --- files made to do harm ---------------------------------------------------------
def test_a_byte_more_than_25_mb_is_not_read():
    content = a_pdf(WORDS) + b"\n" * reading.MAX_BYTES
    assert outcome(content[: reading.MAX_BYTES])[0] == "done"
    assert outcome(content[: reading.MAX_BYTES + 1]) == ("failed", "too_large")


def test_an_archive_that_unpacks_to_far_more_is_not_unpacked():
    bomb = with_part(an_xlsx((WORDS,)), "xl/media/a.bin", b"\x00" * (201 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert outcome(bomb) == ("failed", "unpacks")


def test_an_archive_that_lies_about_its_size_is_not_unpacked_further():
    body = f"<w:document {NAMESPACE}><w:body>{'<w:p/>' * 1_000_000}</w:body></w:document>"
    packed = with_part(a_docx(WORDS), "word/document.xml", body.encode())
    assert outcome(with_declared_size(packed, "word/document.xml", 1_000)) == ("failed", "broken")


def test_entities_that_grow_are_not_followed():
    names = "abcdefghij"
    grown = "".join(
        f'<!ENTITY {name} "{f"&{below};" * 10}">'
        for below, name in zip(names, names[1:], strict=False)
    )
    body = f"""<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{grown}]><w:document {NAMESPACE}><w:body>
        <w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"""
    answer = read(with_part(a_docx(WORDS), "word/document.xml", body.encode()))
    assert len(answer.text) < 100


def test_a_file_that_reads_another_of_the_host_gets_nothing(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("Salaries")
    body = f"""<!DOCTYPE w [<!ENTITY a SYSTEM "{secret.as_uri()}">]><w:document {NAMESPACE}><w:body>
        <w:p><w:r><w:t>{WORDS} &a;</w:t></w:r></w:p></w:body></w:document>"""
    assert "Salaries" not in read(with_part(a_docx(WORDS), "word/document.xml", body.encode())).text


@pytest.mark.slow
def test_a_file_that_takes_too_much_memory_ends_its_reader_only(settings):
    settings.READING_MEMORY_MB = 300
    body = f"<w:document {NAMESPACE}><w:body>{'<w:p/>' * 5_000_000}</w:body></w:document>"
    packed = with_part(a_docx(WORDS), "word/document.xml", body.encode())
    assert outcome(packed) == ("failed", "memory")


@pytest.mark.slow
def test_a_long_file_is_kept_as_far_as_time_allows(settings):
    settings.READING_TIME_S = 13  # it stops ten seconds before
    rows = '<row><c t="n"><v>12345</v></c></row>' * 2_000_000
    sheet = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>"""
    answer = read(with_part(an_xlsx((WORDS,)), "xl/worksheets/sheet1.xml", sheet.encode()))
    assert (answer.state, answer.is_cut) == ("done", True)


def replaced_reader(monkeypatch, tmp_path, body: str) -> None:
    """Let another program stand in the reader's place."""
    program = tmp_path / "reader.py"
    program.write_text(body)
    monkeypatch.setattr(reading.file_reader, "__file__", str(program))


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        ("import os; os.abort()", "crashed", "exit -6"),
        ("import sys; sys.exit(3)", "crashed", "exit 3"),
        ("print('nothing of ours')", "crashed", "no answer"),
        ("print('{}')", "crashed", "no answer"),
        ("import signal; signal.alarm(1); signal.pause()", "time", ""),
    ],
)
def test_a_reader_that_breaks_off_is_a_failed_file(monkeypatch, tmp_path, body, reason, detail):
    replaced_reader(monkeypatch, tmp_path, body)
    answer = read(a_pdf(WORDS))
    assert (answer.state, answer.reason, answer.detail) == ("failed", reason, detail)


def test_a_reader_that_never_ends_is_killed(monkeypatch, tmp_path):
    replaced_reader(monkeypatch, tmp_path, "import signal; signal.pause()")
    monkeypatch.setattr(reading, "longest_s", lambda: 0.3)
    assert outcome(a_pdf(WORDS)) == ("failed", "time")


def test_the_reader_is_given_nothing_of_the_site(monkeypatch, tmp_path):
    monkeypatch.setenv("GKC_SECRET_KEY", "very secret")
    replaced_reader(
        monkeypatch,
        tmp_path,
        "import json, os, sys\n"
        "json.dump({'state': 'done', 'text': ' '.join(os.environ)}, sys.stdout)",
    )
    assert read(a_pdf(WORDS)).text == "PATH LC_ALL"


def test_it_reads_without_django():
    """It starts in a tenth of a second, and holds no connection that a file could reach."""
    code = "import network.file_reader, sys; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- what is kept ----------------------------------------------------------------
def test_so_many_characters_are_kept():
    answer = read(a_docx(*["Quokkafence warehouse parts"] * 10_000))
    assert len(answer.text) <= MAX_CHARACTERS < len(answer.text) + 30
    assert answer.is_cut


def test_so_many_pages_are_read():
    answer = read(a_pdf(*["Words"] * (MAX_PAGES + 1)))
    assert (answer.pages, answer.is_cut, answer.text.count("Words")) == (MAX_PAGES, True, MAX_PAGES)


def test_signs_that_no_database_takes_are_left_out(monkeypatch, tmp_path):
    replaced_reader(
        monkeypatch,
        tmp_path,
        "import json, sys\n"
        r"json.dump({'state': 'done', 'text': 'a\x00b\ud800c\x07 \ufb01t \ufee3'}, sys.stdout)",
    )
    assert read(a_pdf(WORDS)).text == "abc fit م"
