"""What is written imports to the same book, and is written the same again."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gkc_site.demo.book import CONTENT
from network.models import User
from silver_book.blocks import bare
from silver_book.importing import markdown
from silver_book.importing.folder import Report
from silver_book.importing.load import load
from silver_book.importing.words import for_file, written
from silver_book.models import BookSectionPage

pytestmark = pytest.mark.django_db


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*.md"))
    }


def read(folder: Path) -> list:
    """What a folder says, pictures by their captions."""
    report = Report()
    book = markdown.read(folder, report)
    texts = [book.cover, *(part.text for part in book.parts), *book.sections()]
    found = []
    for text in texts:
        for block in text.blocks:
            if block["type"] == "picture":
                block["value"].pop("file")
        found.append([text.file, text.key, text.title, text.summary, text.blocks, text.meta])
    chapters = [[c.text and (c.text.key, c.text.title) for c in p.chapters] for p in book.parts]
    return [found, chapters]


def without_empty(texts: list) -> list:
    """Front matter may leave an empty list out."""
    for text in texts[0]:
        text[5] = {name: value for name, value in text[5].items() if value}
    return texts


def test_export_of_an_import_is_the_same_book(take_in, folder, tmp_path):
    take_in("en", "ja", "ar")
    for language in ("en", "ja", "ar"):
        call_command("export_book", tmp_path / f"out-{language}", language=language, verbosity=0)
        given_texts, again = read(folder / language), read(tmp_path / f"out-{language}")
        # Process, element and the like are the English text's to decide; HTML was not carried over.
        for texts in (given_texts, again):
            for text in texts[0]:
                text[5] = {}
        assert again == given_texts


def test_import_of_an_export_changes_nothing(take_in, folder, tmp_path):
    take_in("en")
    before = {
        p.key: bare([dict(b) for b in p.body.raw_data]) for p in BookSectionPage.objects.all()
    }
    call_command("export_book", tmp_path / "one", language="en", verbosity=0)
    call_command("import_book", tmp_path / "one", language="en", verbosity=0)
    after = {p.key: bare([dict(b) for b in p.body.raw_data]) for p in BookSectionPage.objects.all()}
    assert {key: strip_images(value) for key, value in after.items()} == {
        key: strip_images(value) for key, value in before.items()
    }
    call_command("export_book", tmp_path / "two", language="en", verbosity=0)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    assert one.keys() == two.keys()
    assert one["1-way/01-go-and-see.md"] == two["1-way/01-go-and-see.md"]


def strip_images(blocks):
    """A picture that was stored is drawn anew, so its copy is another file."""
    return [
        {**b, "value": {**b["value"], "image": 0}} if b["type"] == "picture" else b for b in blocks
    ]


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_book", tmp_path, language="en")


@pytest.mark.slow
def test_the_books_own_text_survives_the_round_trip(tmp_path):
    by = User.objects.get(is_system=True)
    report = Report()
    load(markdown.read(CONTENT / "en", report), "en", report, by=by)
    assert report.conflicts == []
    call_command("export_book", tmp_path / "out", language="en", verbosity=0)
    assert without_empty(read(tmp_path / "out")) == without_empty(read(CONTENT / "en"))


# --- inline Markdown of any kind ------------------------------------------------------
def as_book(source: str) -> str:
    """One inline text of a file, as the book keeps it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    inline = next((token for token in tokens if token.type == "inline"), None)
    return written(
        inline.children if inline else [],
        address=lambda href: href,
        picture=lambda token: None,
        lose=lambda what: None,
    )


@example("*;_;_*")
@example("`![`")
@given(st.text(alphabet="a*_`[]()<>!\\#-+1.&; |é語", min_size=1, max_size=30))
def test_any_words_survive_being_written_to_a_file(text):
    kept = as_book(text)
    assert as_book(for_file(kept)) == kept


def test_titles_and_single_words_of_a_translation_survive_the_round_trip(take_in, folder, tmp_path):
    take_in("en")
    file = folder / "ar" / "1-way" / "01-go-and-see.md"
    front, body = file.read_text().split("\n---\n")
    file.write_text(f"{front}\n---\n{body.strip().split(chr(10) * 2)[0]}\n")
    other = folder / "ar" / "1-way" / "02-ask-why.md"
    other.write_text(other.read_text().split("\n---\n")[0] + "\n---\n")
    take_in("ar")
    call_command("export_book", tmp_path / "one", language="ar", verbosity=0)
    written_files = files(tmp_path / "one")
    marks = written_files["1-way/01-go-and-see.md"].count(markdown.ORIGINAL)
    assert (
        marks
        == len(BookSectionPage.objects.get(key="go-and-see", locale__language_code="en").body) - 1
    )
    assert written_files["1-way/02-ask-why.md"].endswith("\n---\n")
    report = Report()
    by = User.objects.get(is_system=True)
    load(markdown.read(tmp_path / "one", report), "ar", report, by=by)
    assert report.conflicts == []
    call_command("export_book", tmp_path / "two", language="ar", verbosity=0)
    assert files(tmp_path / "two") == written_files
