"""A folder of files becomes the book, and again, without losing anybody's edit."""

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageLogEntry

from network.models import GkcImage, User
from silver_book.importing import load as loading
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPartPage,
    BookSectionPage,
    ImportedText,
)
from silver_book.transitions import publish_text
from tests.factories import make_user
from translations.api import languages_behind, newest_words, paragraphs_behind, progress_of
from translations.models import Reading, TextState

pytestmark = pytest.mark.django_db
FILE = "1-way/01-go-and-see.md"


def section(key: str = "go-and-see", language: str = "en") -> BookSectionPage:
    return BookSectionPage.objects.get(key=key, locale__language_code=language)


def ids(page) -> list[str]:
    return [block["id"] for block in page.body.raw_data]


def change(folder, language: str, old: str, new: str, file: str = FILE) -> None:
    path = folder / language / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def edit(page, number: int, words: str):
    """An editor's edit on the site: saved, not published."""
    editor = make_user("editor")
    blocks = [dict(block) for block in page.body.raw_data]
    blocks[number]["value"] = words
    page.body = page._meta.get_field("body").stream_block.to_python(blocks)
    page.save_revision(user=editor)
    return editor


# --- what it makes --------------------------------------------------------------------
def test_a_folder_becomes_parts_chapters_and_sections(take_in):
    report = take_in("en")
    assert (report.made, report.changed, report.conflicts) == (6, 0, [])
    assert list(BookPartPage.objects.values_list("key", "title", "live")) == [
        ("way", "The way", True),
        ("work", "The work", True),
    ]
    assert BookChapterPage.objects.get().get_parent().specific.key == "way"
    page = section()
    assert page.url_path == "/home-en/silver-book/way/words/go-and-see/"
    assert (page.part_key, page.chapter_key, page.number) == ("way", "words", 1)
    assert (page.processes, page.elements) == (["own"], ["after-sales"])
    assert (page.cases, page.workshops, page.terms) == (
        ["2026-0001"],
        ["TWSM Discovery"],
        ["gemba"],
    )
    kinds = [block["type"] for block in page.body.raw_data]
    assert kinds == ["paragraph", "heading", "paragraph", "note", "list", "checklist", "table"]
    assert Page.find_problems() == ([], [], [], [], [])


def test_inline_markdown_and_links_between_files_are_kept(take_in):
    take_in("en")
    first = section().body.raw_data[0]["value"]
    assert first == (
        "*Genchi genbutsu* means the **actual place**. [Ask why](section:ask-why) afterwards."
    )
    assert section("promise").body.raw_data[-1]["value"] == (
        "See [the first section](section:go-and-see) and no HTML."
    )


def test_pictures_come_once_and_are_everyones(take_in):
    take_in("en", "ja")
    image = GkcImage.objects.get()
    assert image.guard == "public"
    picture = section("promise").body.raw_data[1]["value"]
    assert picture == {"image": image.pk, "alt": "The board", "caption": "Looked at twice a day"}


def test_what_is_not_carried_over_is_reported(take_in):
    assert take_in("en").lost == [
        ("2-work/03-promise.md", "HTML: <b>"),
        ("2-work/03-promise.md", "HTML: </b>"),
    ]


def test_the_import_is_an_editors_act_and_logged(take_in):
    take_in("en")
    entry = PageLogEntry.objects.get(page=section().pk, action="silver_book.import")
    assert (entry.user, entry.data) == (User.objects.get(is_system=True), {"file": FILE})
    assert section().live_revision == section().latest_revision


def test_the_cover_takes_title_subtitle_and_introduction(take_in):
    take_in("en", "ja")
    covers = BookIndexPage.objects.filter(locale__language_code__in=["en", "ja"])
    found = [(page.title, page.subtitle) for page in covers.order_by("path")]
    assert found == [
        ("The Silver Book", "How we sell and serve"),
        ("シルバーブック", "売り方と守り方"),
    ]


# --- languages ------------------------------------------------------------------------
def test_a_translation_has_the_ids_of_the_english_paragraphs(take_in):
    take_in("en", "ar")
    page = section(language="ar")
    assert page.translation_key == section().translation_key
    assert ids(page) == ids(section())
    assert page.body.raw_data[0]["value"].startswith("*غينتشي غينبوتسو* تعني")
    table = page.body.raw_data[-1]["value"]
    assert [item["value"] for item in table["header"]] == ["أين", "ما تراه"]
    assert table["rows"][1]["value"][1]["value"] == "لوحة"


def test_a_translations_words_count_as_read_and_current(take_in):
    take_in("en", "ar")
    key = section().translation_key
    found = progress_of(key, "ar")
    assert found.is_finished
    assert found.behind == 0
    assert languages_behind(section()) == {}
    assert Reading.objects.get(object_key=key, language="ar").translator is None


def test_a_section_that_a_language_lacks_stays_in_english(take_in):
    take_in("en", "ar")
    assert not BookSectionPage.objects.filter(key="promise", locale__language_code="ar").exists()


def test_japanese_is_a_text_of_its_own_paired_by_order(take_in):
    take_in("en", "ja")
    english, japanese = ids(section()), ids(section(language="ja"))
    assert [i for i in japanese if i in english] == english
    own = [block for block in section(language="ja").body.raw_data if block["id"] not in english]
    assert [block["value"] for block in own] == ["日本語だけの段落です。"]
    assert not TextState.objects.filter(language="ja").exists()
    # Lines of a paragraph are joined without a space.
    assert "とは、**実際の場所**のことです。" in section(language="ja").body.raw_data[0]["value"]


def test_a_translation_without_english_is_refused_file_by_file(take_in):
    report = take_in("ar")
    assert report.made == 0
    assert report.lost[0] == (
        "1-way/_part.md",
        "there is no English text of this file: import it first",
    )


# --- again ----------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
def test_a_second_run_changes_nothing(take_in, language):
    take_in("en", language)
    before = list(Page.objects.values_list("pk", "latest_revision_id"))
    report = take_in(language)
    assert (report.made, report.changed) == (0, 0)
    assert report.unchanged > 0
    assert list(Page.objects.values_list("pk", "latest_revision_id")) == before


def test_one_changed_paragraph_keeps_its_id_and_marks_one_translation(take_in, folder):
    take_in("en", "ar")
    before = ids(section())
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    report = take_in("en")
    assert (report.made, report.changed, report.conflicts) == (0, 1, [])
    assert ids(section()) == before
    behind = paragraphs_behind(section(language="ar"))
    assert {path: state for path, (state, _since) in behind.items()} == {
        f"body.{before[2]}": "stale"
    }
    assert section(language="ar").body.raw_data[2]["value"].startswith("راقب الحدث كله")
    change(folder, "ar", "راقب الحدث كله", "راقب كامل الحدث")
    assert take_in("ar").changed == 1
    assert paragraphs_behind(section(language="ar")) == {}
    assert section(language="ar").body.raw_data[2]["value"].startswith("راقب كامل الحدث")


def test_a_new_paragraph_comes_between_and_moves_no_translation(take_in, folder):
    take_in("en", "ar")
    before = ids(section())
    change(folder, "en", "## From start", "A paragraph in between.\n\n## From start")
    take_in("en")
    after = ids(section())
    assert [i for i in after if i in before] == before
    assert after.index(next(i for i in after if i not in before)) == 1
    assert section(language="ar").body.raw_data[3]["value"].startswith("راقب الحدث كله")
    assert [state for state, _since in paragraphs_behind(section(language="ar")).values()] == [
        "missing"
    ]


def test_an_edit_on_the_site_stands_and_is_reported(take_in, folder):
    take_in("en")
    page = section()
    editor = edit(page, 2, "An editor's words.")
    publish_text(page, by=editor)
    assert take_in("en").conflicts == []  # the file said nothing new
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    change(folder, "en", "means the **actual place**", "is the **actual place**")
    report = take_in("en")
    assert [what for _file, what in report.conflicts] == [
        "edited on the site, changed in the file: “Watch all of the event, above all its `end`.”"
    ]
    now = section().body.raw_data
    assert now[2]["value"] == "An editor's words."
    assert "is the **actual place**" in now[0]["value"]


def test_an_unpublished_draft_is_left_alone(take_in, folder):
    take_in("en")
    edit(section(), 2, "Not ready yet.")
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    report = take_in("en")
    assert [what for _f, what in report.conflicts] == [
        "the page “Go and see” has a draft on the site"
    ]
    assert section().body.raw_data[2]["value"].startswith("Watch the whole event")


def test_a_translators_words_stand(take_in, folder):
    take_in("en", "ar")
    path = f"body.{ids(section())[2]}"
    key = section().translation_key
    states = TextState.objects.filter(object_key=key, language="ar", path=path)
    states.update(text="كلمات المترجم", read_text="كلمات المترجم")
    change(folder, "ar", "راقب الحدث كله", "راقب كامل الحدث")
    report = take_in("ar")
    assert [what for _f, what in report.conflicts] == [
        "edited on the site, changed in the file: “كلمات المترجم”"
    ]
    assert newest_words(key, "ar")[path] == "كلمات المترجم"


def test_a_file_that_is_gone_leaves_its_page(take_in, folder):
    take_in("en")
    (folder / "en/2-work/03-promise.md").unlink()
    report = take_in("en")
    assert ("2-work/03-promise.md", "the file is gone; its page stands") in report.conflicts
    assert section("promise").live


def test_a_run_that_was_stopped_goes_on(take_in, monkeypatch):
    placed = []

    def stop_after_three(*args, **kwargs):
        if len(placed) == 3:
            raise KeyboardInterrupt
        placed.append(1)
        return original(*args, **kwargs)

    original = loading.place_base
    monkeypatch.setattr(loading, "place_base", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        take_in("en")
    assert ImportedText.objects.filter(language="en").count() == 4  # the cover too
    monkeypatch.setattr(loading, "place_base", original)
    report = take_in("en")
    assert (report.made, report.unchanged) == (3, 3)
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_dry_run_leaves_nothing(folder, capsys):
    call_command("import_book", folder / "en", language="en", dry_run=True)
    assert "6 would be made" in capsys.readouterr().out
    assert BookSectionPage.objects.count() == ImportedText.objects.count() == 0
    assert GkcImage.objects.count() == 0


def test_only_editors_bring_a_book_in(folder):
    reader = make_user("campaigner")
    with pytest.raises(CommandError, match="is no editor"):
        call_command("import_book", folder / "en", language="en", by=reader.email)
    assert BookSectionPage.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: [\n---\n", "while parsing"),
        ('---\nid: "ask-why"\n---\n\nTwice.', "twice"),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused_whole(folder, text, message):
    (folder / "en/1-way/09-more.md").write_text(text)
    with pytest.raises(CommandError, match=message):
        call_command("import_book", folder / "en", language="en")
    assert BookSectionPage.objects.count() == 0


def test_any_folder_with_titles_will_do(take_in, folder):
    for path in (folder / "en").rglob("_*.md"):
        path.unlink()
    (folder / "en/2-work/04-loose.md").write_text(
        "# A title of its own\n\nText.\n\n### Deep\n\nMore."
    )
    take_in("en")
    parts = BookPartPage.objects.order_by("number").values_list("key", "title")
    assert list(parts) == [("way", "Way"), ("work", "Work")]
    page = section("loose")
    assert page.title == "A title of its own"
    assert [block["type"] for block in page.body.raw_data] == ["paragraph", "heading", "paragraph"]


# --- title and summary only -------------------------------------------------------------
@pytest.fixture
def titles_only(folder, take_in):
    """French has the Arabic files' shape, and no text below any front matter."""
    for file in (folder / "ar").rglob("*.md"):
        target = folder / "fr" / file.relative_to(folder / "ar")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text().split("\n---")[0] + "\n---\n")
    take_in("en")
    return take_in("fr")


def test_title_and_summary_only_are_a_beginning_and_no_loss(titles_only, take_in):
    assert (titles_only.lost, titles_only.conflicts) == ([], [])
    assert titles_only.titles_only == 2
    page = section(language="fr")
    assert page.live
    assert page.title == section(language="fr").draft_title
    found = progress_of(page.translation_key, "fr")
    assert found.total - found.missing == 2
    assert not found.is_complete
    assert languages_behind(page)["fr"].missing == found.missing
    assert take_in("fr").changed == 0


def test_the_text_of_a_title_comes_later(titles_only, take_in, folder):
    for file in (folder / "ar").rglob("*.md"):
        (folder / "fr" / file.relative_to(folder / "ar")).write_text(file.read_text())
    report = take_in("fr")
    assert report.conflicts == []
    assert report.changed == 3  # the second part has no words but its title
    assert report.titles_only == 0
    assert progress_of(section().translation_key, "fr").missing == 0


def test_a_title_without_text_is_read_in_the_originals_language(titles_only, client):
    text = client.get("/fr/silver-book/way/words/go-and-see/").content.decode()
    title = section(language="fr").title
    assert f'<h1 class="headline">{title}</h1>' in text
    assert text.count("have been translated into") == 1
    assert '<div class="prose mt5" lang="en" dir="ltr">' in text
    assert "This paragraph has not been translated yet." not in text
    assert 'name="robots" content="noindex"' in text
    other = client.get("/en/silver-book/way/words/go-and-see/").content.decode()
    assert "In part" in other
    beside = client.get("/en/silver-book/way/words/go-and-see/?beside=fr").content.decode()
    assert beside.count("have been translated into") == 1


def test_a_title_without_text_is_searched_by_title_alone(titles_only):
    from silver_book.search_documents import section_documents

    found = {document.language: document for document in section_documents(section())}
    assert found["fr"].title == section(language="fr").title
    assert found["fr"].body == section(language="fr").summary
    assert "actual place" in found["en"].body
