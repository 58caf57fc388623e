"""epubcheck finds no error and no warning, veraPDF finds PDF/UA-1 (make test-validators)."""

import pytest
from django.utils import translation

from gkc_site.demo.book import CONTENT
from network.models import User
from silver_book.editions import epub, pdf
from silver_book.editions.drawing import draw
from silver_book.importing.folder import Report
from silver_book.importing.load import load
from silver_book.importing.reading import read_folder
from silver_book.transitions.freezing import freeze_edition
from tests.factories import make_case
from tests.silver_book.frozen_books import WORDS, make_everything, system
from tests.validators import check

pytestmark = [pytest.mark.django_db, pytest.mark.validators, pytest.mark.pango]


def draw_files(edition, language: str, folder) -> tuple[str, str]:
    """The paths of an edition's PDF and EPUB in a language."""
    paths = []
    for kind in ("pdf", "epub"):
        with translation.override(language):
            book = draw(edition, language, is_one_page=kind == "pdf", on_progress=lambda n: None)
        content = pdf.make(book)[0] if kind == "pdf" else epub.make(book)
        path = folder / f"{language}.{kind}"
        path.write_bytes(content)
        paths.append(str(path))
    return tuple(paths)


def assert_valid(made: list[tuple[str, str]]) -> None:
    found = check("pdf", *(pdf_path for pdf_path, _epub in made))
    assert (found.returncode, found.stdout.count("PASS")) == (0, len(made)), found.stdout
    found = check("epub", *(epub_path for _pdf, epub_path in made))
    assert found.returncode == 0, found.stdout
    assert found.stdout.count("No errors or warnings detected.") == len(made)


def test_every_kind_of_block_in_every_script(tmp_path):
    made = []
    make_case(number="2026-0001", title="The <lost> key", published=True, audience="public")
    for language in WORDS:
        edition = make_everything(language, also=language != "th")
        made.append(draw_files(edition, language, tmp_path))
    assert_valid(made)


def test_the_books_own_text(tmp_path):
    """English whole; Arabic and Thai as far as they go (the site's own content)."""
    languages = [code for code in ("en", "ar", "th") if (CONTENT / code).is_dir()]
    by = User.objects.get(is_system=True)
    for language in languages:
        report = Report()
        load(read_folder(CONTENT / language, language, report), language, report, by=by)
    edition = freeze_edition(by=system())
    assert edition.languages["en"]["sections"] == 47
    assert_valid([draw_files(edition, language, tmp_path) for language in languages])


def test_control_a_broken_file_is_found(tmp_path):
    for kind, content in (("pdf", b"%PDF-1.7\n%%EOF"), ("epub", b"PK")):
        path = tmp_path / f"broken.{kind}"
        path.write_bytes(content)
        assert check(kind, str(path)).returncode != 0
