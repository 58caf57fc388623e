"""Chapters as DocBook and Sphinx write them become the book, in any number of languages."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from network.models import User
from silver_book.exceptions import ImportRefused
from silver_book.importing import xhtml
from silver_book.importing.folder import Report
from silver_book.importing.load import load
from silver_book.importing.reading import read_folder
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    ImportedText,
)
from silver_book.paragraphs import anchor
from tests.silver_book.conftest import BOOK
from tests.silver_book.manuals import docbook, sphinx
from translations.api import progress_of

PICTURE = (BOOK / "en/1-way/pictures/board.png").read_bytes()


def section(key: str, language: str = "en") -> BookSectionPage:
    return BookSectionPage.objects.get(key=key, locale__language_code=language)


def said(key: str, language: str = "en") -> list:
    return [(b["type"], b["value"]) for b in section(key, language).body.raw_data]


def read(folder: Path) -> tuple:
    report = Report()
    return xhtml.read(folder, report), report


def texts_of(folder: Path) -> list:
    return [(text.file, text.key, text.title) for text in read(folder)[0].sections()]


@pytest.fixture
def manual(tmp_path):
    """The manual in English, French and Japanese."""
    for language in ("en", "fr", "ja"):
        docbook(tmp_path, language, PICTURE)
    return tmp_path


def bring(manual: Path, *languages: str) -> Report:
    for language in languages:
        report = Report()
        folder = read_folder(manual / language, language, report)
        load(folder, language, report, by=User.objects.get(is_system=True))
    return report


# --- what is read ----------------------------------------------------------------------
def test_chapters_are_parts_and_lose_their_labels(manual):
    folder, report = read(manual / "en")
    assert folder.cover.title == "The Workshop"
    assert [(p.text.key, p.text.title) for p in folder.parts] == [
        ("board", "The board"),
        ("forms", "Forms"),
    ]
    assert folder.parts[0].text.blocks == [{"type": "paragraph", "value": "The board comes first."}]
    assert texts_of(manual / "en") == [
        ("ch01s01.html", "look", "Looking"),
        ("ch01s02.html", "ask", "Asking"),
        ("apa.html", "forms", "Forms"),
    ]
    japanese = [p.text.title for p in read(manual / "ja")[0].parts]
    assert japanese == ["ボード", "用紙"]
    assert [what for _file, what in report.lost] == [
        "link to gone.html",
        "a list inside a list became one list",
    ]


def test_every_kind_of_block_is_kept(manual):
    blocks = read(manual / "en")[0].sections()[0].blocks
    found = [(block["type"], block["value"]) for block in blocks]
    assert found[0] == ("paragraph", "Look at the *board* twice a day.\\[1\\]")
    assert found[1] == ("note", {"text": "\\[1\\] In the morning and at noon."})
    assert found[2][0] == "picture"
    assert (found[2][1]["alt"], found[2][1]["caption"]) == ("The board", "Figure 1.1")
    assert found[3][1].endswith(
        "and [example](https://example.org/a_%28b%29), [One page is enough.](section:forms), x."
    )
    assert found[4:] == [
        ("paragraph", "1. Write it down:"),
        ("code", {"code": "ls -l\n  x", "language": ""}),
        ("paragraph", "2. Never alone."),
        ("list", {"ordered": False, "items": ["Write it down", "The board"]}),
    ]
    other = read(manual / "en")[0].sections()[1].blocks
    assert [(block["type"], block["value"]) for block in other] == [
        ("list", {"ordered": False, "items": ["**The board** — Never alone."]}),
        ("note", {"text": "**Note** Never alone."}),
        (
            "table",
            {"caption": "Table 1.1. X", "header": ["a", "b"], "rows": [["The board", "`x|y`"]]},
        ),
        ("heading", {"text": "Five times", "level": "2"}),
        ("paragraph", "One page is enough. 10⁶"),
    ]


def test_lines_of_japanese_are_joined_without_a_space(manual):
    first = read(manual / "ja")[0].sections()[0].blocks[0]
    assert first["value"] == "一日に二回*ボード*を見ます。\\[1\\]"


def test_sphinx_documents_are_parts_and_their_sections_sections(tmp_path):
    folder, report = read(sphinx(tmp_path / "s"))
    assert folder.cover.title == "Manual"
    assert [block["value"] for block in folder.cover.blocks] == ["Welcome."]
    assert texts_of(tmp_path / "s") == [
        ("scope.html", "scope", "Scope"),
        ("duties.html#first", "first", "First"),
        ("duties.html#2", "duties", "Second"),
    ]
    scope, first, second = folder.sections()
    assert scope.blocks[1]["value"] == {"text": "\\[1\\] Almost."}
    assert [block["value"] for block in first.blocks] == [
        {"text": "**Warning** Hot."},
        {"code": "a = 1", "language": "python3"},
    ]
    assert second.blocks[0]["value"] == "See [first](section:first), `a b`."
    assert report.lost == [("search.html", "an index or a search page is not taken in")]


def test_a_book_in_one_file(tmp_path):
    (tmp_path / "book.html").write_text(
        """<html><body><div class="book"><h1 class="title">All</h1><div class="toc"><ul><li>
        <a href="#one">1</a></li></ul></div><div class="part"><h1 class="title">Part I. First</h1>
        <div class="chapter" id="one"><h2 class="title">Chapter 1. One</h2><p>Before.</p>
        <div class="section" id="a"><h3 class="title">1.1. A</h3><p>Of a.</p></div>
        <div class="section" id="b"><h3 class="title">1.2. B</h3><p><a href="#a">Back</a></p></div>
        </div><div class="chapter" id="two"><h2 class="title">Chapter 2. Two</h2><p>Two.</p></div>
        </div></div></body></html>"""
    )
    folder, report = read(tmp_path)
    assert report.lost == []
    (part,) = folder.parts
    assert (folder.cover.title, part.text.title) == ("All", "First")
    assert [(c.text.title, [s.title for s in c.sections]) for c in part.chapters] == [
        ("One", ["A", "B"]),
        ("Two", ["Two"]),
    ]
    assert part.chapters[0].text.blocks[0]["value"] == "Before."
    assert folder.sections()[1].blocks[0]["value"] == "[Back](section:a)"


def test_flat_headings_make_a_tree_too(tmp_path):
    (tmp_path / "a.html").write_text(
        "<title>x</title><h1>A</h1><p>Intro</p><h2>One</h2><p>1</p><h3>Deep</h3><p>d</p>"
        "<h2>Two</h2><p>2</p>"
    )
    (tmp_path / "b.html").write_text("<h1>B</h1><p>only</p>")
    assert texts_of(tmp_path) == [
        ("a.html#1", "a", "One"),
        ("a.html#2", "a-2", "Two"),
        ("b.html", "b", "B"),
    ]


# --- calm about what is wrong ----------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (
            b"<?xml version='1.0' encoding='utf-8'?><html><body><p>Caf\xe9</p>",
            "not written in utf-8",
        ),
        (b"\x00\x01\x02\xff", "the file is not written in utf-8 as it says"),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_read(tmp_path, content, said):
    (tmp_path / "bad.html").write_bytes(content)
    (tmp_path / "good.html").write_text("<h1>Good</h1><p>Words <b>unclosed <i>and</b> so on")
    folder, report = read(tmp_path)
    assert "Good" in [text.title for text in folder.sections()]
    assert any(said in what for file, what in report.lost if file == "bad.html")


def test_nothing_outside_the_folder_is_read(tmp_path):
    (tmp_path / "secret.html").write_text("<h1>Secret</h1><p>no</p>")
    (tmp_path / "secret.png").write_bytes(PICTURE)
    root = tmp_path / "book"
    root.mkdir()
    (root / "link.html").symlink_to(tmp_path / "secret.html")
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    (root / "a.html").write_text(
        '<h1>A</h1><p>a <a href="../secret.html">x</a></p><p><img src="../secret.png" alt="x"/>'
        '<img src="link.png" alt="y"/><img src="http://example.org/z.png"/></p>'
    )
    folder, report = read(root)
    assert [text.title for text in folder.sections()] == ["A"]
    assert [block["type"] for block in folder.sections()[0].blocks] == ["paragraph"]
    assert [what for _file, what in report.lost] == [
        "link to ../secret.html",
        "picture ../secret.png",
        "picture link.png",
        "picture http://example.org/z.png",
    ]


def test_a_file_too_large_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(xhtml.source, "LARGEST_BYTES", 100)
    (tmp_path / "big.html").write_text("<h1>Big</h1>" + "<p>x</p>" * 50)
    with pytest.raises(ImportRefused):
        read(tmp_path)


def test_entities_of_a_document_are_not_followed(tmp_path):
    (tmp_path / "a.html").write_text(
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>A</h1><p>one &x; two</p></body>'
    )
    assert "one" in read(tmp_path)[0].sections()[0].blocks[0]["value"]
    assert Path("/etc/hostname").read_text().strip() not in str(read(tmp_path)[0].sections())


# --- the site ----------------------------------------------------------------------------
@pytest.mark.django_db
def test_languages_are_linked_by_file_and_paragraph(manual):
    for language in ("en", "fr", "ja"):
        report = bring(manual, language)
        assert report.conflicts == []
        assert (report.made, report.changed) == (5, 0)
    ids = [block["id"] for block in section("look").body.raw_data]
    for language in ("fr", "ja"):
        twin = section("look", language)
        assert twin.translation_key == section("look").translation_key
        assert [block["id"] for block in twin.body.raw_data] == ids
    assert progress_of(section("ask").translation_key, "fr").missing == 0
    assert said("ask", "fr")[1] == ("note", {"text": "**Note** Jamais seul."})
    assert BookPartPage.objects.get(key="board", locale__language_code="fr").title == "Le tableau"
    assert BookIndexPage.objects.get(locale__language_code="ja").title == "整備場"


@pytest.mark.django_db
def test_a_link_to_a_paragraph_finds_it_in_every_language(manual, client):
    bring(manual, "en", "fr")
    heading = next(b for b in section("ask").body.raw_data if b["type"] == "heading")
    place = anchor(heading["id"])
    for language in ("en", "fr"):
        text = client.get(f"/{language}/silver-book/board/look/").content.decode()
        assert f'href="/{language}/silver-book/board/ask/#{place}"' in text
        assert f'id="{place}"' in client.get(f"/{language}/silver-book/board/ask/").content.decode()


@pytest.mark.django_db
def test_a_second_run_takes_in_what_changed_and_no_more(manual):
    bring(manual, "en", "fr")
    assert bring(manual, "en").changed == 0
    file = manual / "en" / "apa.html"
    file.write_text(file.read_text().replace("One page", "A single page"))
    report = bring(manual, "en")
    assert (report.made, report.changed, report.conflicts) == (0, 1, [])
    assert progress_of(section("forms").translation_key, "fr").stale == 1
    assert bring(manual, "fr").changed == 0


@pytest.mark.django_db
def test_a_translation_whose_files_differ_a_little(manual):
    bring(manual, "en")
    (manual / "fr" / "ch01.html").unlink()
    two = manual / "fr" / "ch01s02.html"
    extra = (manual / "fr" / "apa.html").read_text().replace('id="forms"', 'id="more"')
    (manual / "fr" / "apb.html").write_text(extra)
    two.rename(manual / "fr" / "ch01s02.fr.html")
    report = bring(manual, "fr")
    assert ("ch01.html", "the folder has no such file; its title stays English") in report.lost
    assert (
        "apb.html#part",
        "there is no English text of this file: import it first",
    ) in report.lost
    assert section("ask", "fr").title == "Demander"
    assert BookPartPage.objects.get(key="board", locale__language_code="fr").title == "The board"


@pytest.mark.django_db
def test_sections_inside_a_file_are_set_beside_the_english_ones(tmp_path):
    root = sphinx(tmp_path / "en")
    shutil.copytree(root, tmp_path / "fr")
    bring(tmp_path, "en")
    file = tmp_path / "fr" / "duties.html"
    text = file.read_text().replace("Second", "Deuxième").replace('id="id2"', 'id="id9"')
    file.write_text(text.replace('id="first"', 'id="premier"').replace('id="label"', 'id="first"'))
    report = bring(tmp_path, "fr")
    assert [what for _f, what in report.lost if "no English" in what] == []
    assert section("duties", "fr").title == "Deuxième"


@pytest.mark.django_db
def test_export_and_import_of_a_manual_are_the_identity(manual, tmp_path):
    bring(manual, "en", "fr", "ja")
    before = {lang: (said("look", lang), said("ask", lang)) for lang in ("en", "fr", "ja")}
    for language in ("en", "fr", "ja"):
        call_command("export_book", tmp_path / "one" / language, language=language, verbosity=0)
    for language in ("en", "fr", "ja"):
        report = bring(tmp_path / "one", language)
        assert (report.made, report.conflicts) == (0, [])
    after = {lang: (said("look", lang), said("ask", lang)) for lang in ("en", "fr", "ja")}
    assert _bare(after) == _bare(before)
    assert not ImportedText.objects.exclude(file__endswith=".md").exists()


def _bare(found):
    return {
        lang: [(k, v if k != "picture" else v["alt"]) for text in texts for k, v in text]
        for lang, texts in found.items()
    }


@pytest.mark.django_db
def test_a_chapter_with_words_of_its_own_is_exported_with_them(tmp_path):
    folder = tmp_path / "in" / "en"
    folder.mkdir(parents=True)
    (folder / "book.html").write_text(
        """<body><div class="book"><h1 class="title">All</h1><div class="part" id="p"><h1>P</h1>
        <div class="chapter" id="one"><h2 class="title">One</h2><p>Before.</p>
        <div class="section" id="a"><h3 class="title">A</h3><p>Of a.</p></div></div>
        <div class="chapter" id="two"><h2 class="title">Two</h2><p>Of two.</p></div>
        </div></div></body>"""
    )
    bring(tmp_path / "in", "en")
    call_command("export_book", tmp_path / "out" / "en", language="en", verbosity=0)
    report = bring(tmp_path / "out", "en")
    assert (report.made, report.changed, report.conflicts, report.lost) == (0, 0, [], [])
    chapter = BookChapterPage.objects.get(key="one")
    assert [block["value"] for block in chapter.introduction.raw_data] == ["Before."]


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "language"), [("fr-FR", "fr"), ("en_US", "en")])
def test_other_names_of_our_languages_are_known(manual, given, language, capsys):
    call_command("import_book", manual / "en", language="en", verbosity=0)
    call_command("import_book", manual / language, language=given, verbosity=0)
    assert BookSectionPage.objects.filter(locale__language_code=language).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["ro", "pt", "zh-TW", "xx"])
def test_a_language_that_is_not_the_sites_is_refused(manual, given):
    with pytest.raises(CommandError, match="none of the site's languages"):
        call_command("import_book", manual / "en", language=given, verbosity=0)
