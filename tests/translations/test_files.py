"""PO out and in, with polib as a translator's tool: a round trip loses nothing."""

import polib
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.translations.conftest import all_words, change_source, make_live_story
from translations.aids.paragraphs import paragraphs
from translations.api import begin_translation, newest_words, translate_page
from translations.assembly import find_source
from translations.exceptions import FileRefused
from translations.models import FormerWords, TextState
from translations.models.desk import Former
from translations.translating.files import MAX_BYTES, take_file, write_file

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def page(case, people):
    """A story that was begun in Japanese."""
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    return page


@pytest.fixture
def tool(tmp_path, page, people):
    """A translator's own tool: it reads the file, a person works, it writes the file."""

    def work(change, language="ja", data=None):
        path = tmp_path / "text.po"
        path.write_bytes(data or write_file(page, language, by=people[language]))
        catalog = polib.pofile(str(path), encoding="utf-8")
        change(catalog)
        catalog.save(str(path))
        return path.read_bytes()

    return work


def entry(catalog, path):
    return next(one for one in catalog if one.msgctxt == path)


def words_of(page, language="ja"):
    return newest_words(page.translation_key, language)


def test_a_tool_reads_every_paragraph_with_its_place(page, people, tool):
    translate_page(page, "ja", {"title": "題"}, by=people["ja"])
    seen = {}

    def read(catalog):
        seen.update({one.msgctxt: (one.msgid, one.msgstr) for one in catalog})
        assert catalog.metadata["Language"] == "ja"
        assert all(one.comment for one in catalog)

    tool(read)
    rows = paragraphs(find_source(page), "ja")
    assert seen == {row.path: (row.source, row.text) for row in rows}
    assert seen["title"][1] == "題"


def test_words_of_the_tool_are_the_translators(page, people, tool):
    def work(catalog):
        for one in catalog:
            one.msgstr = f'訳 “{one.msgctxt}”\n100 % \\ "引用"'

    report = take_file(page, "ja", tool(work), by=people["ja"])
    states = TextState.objects.of(page.translation_key, "ja")
    assert len(report.taken) == states.count()
    assert (report.old, report.newer, report.fuzzy, report.gone) == ([], [], [], 0)
    for state in states:
        assert state.text == f'訳 “{state.path}”\n100 % \\ "引用"'
        assert (state.by, state.is_stale, state.read_text) == (people["ja"], False, "")
    again = take_file(page, "ja", write_file(page, "ja", by=people["ja"]), by=people["ja"])
    assert (again.taken, again.same) == ([], states.count())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=60
    )
)
def test_any_words_go_out_through_the_tool_and_in_again(page, people, tool, text):
    translate_page(page, "ja", {"title": text}, by=people["ja"])
    before = words_of(page)

    def only_saves(catalog):
        assert entry(catalog, "title").msgstr == before["title"]

    report = take_file(page, "ja", tool(only_saves), by=people["ja"])
    assert report.taken == []
    assert words_of(page) == before


def test_newer_words_of_the_site_stay_and_the_files_are_kept(page, people, tool):
    translate_page(page, "ja", {"title": "古い"}, by=people["ja"])
    data = tool(lambda catalog: setattr(entry(catalog, "title"), "msgstr", "ファイル"))
    translate_page(page, "ja", {"title": "新しい"}, by=people["ja2"])
    report = take_file(page, "ja", data, by=people["ja"])
    assert report.newer == ["Title"]
    assert words_of(page)["title"] == "新しい"
    assert FormerWords.objects.get(kind=Former.FILE).text == "ファイル"


def test_a_file_without_its_versions_fills_only_what_is_empty(page, people, tool):
    translate_page(page, "ja", {"title": "題"}, by=people["ja"])

    def strip(catalog):
        for one in catalog:
            one.comment = ""
        entry(catalog, "title").msgstr = "別の題"
        entry(catalog, "summary").msgstr = "要約"

    report = take_file(page, "ja", tool(strip), by=people["ja"])
    assert (report.taken, report.newer) == (["Summary"], ["Title"])
    assert words_of(page) == {"title": "題", "summary": "要約"}


def test_a_changed_paragraph_goes_out_fuzzy_and_comes_back_done(page, case, people, tool):
    all_words(page, "ja", people["ja"])
    before = page.summary
    change_source(case, summary="Another summary.")
    page.refresh_from_db()

    def work(catalog):
        one = entry(catalog, "summary")
        assert one.fuzzy
        assert (one.previous_msgid, one.msgid) == (before, "Another summary.")
        one.flags.remove("fuzzy")
        one.previous_msgid = None

    report = take_file(page, "ja", tool(work), by=people["ja"])
    assert report.taken == ["Summary"]
    assert not TextState.objects.of(page.translation_key, "ja").filter(is_stale=True).exists()


def test_what_the_tool_calls_fuzzy_is_not_done(page, case, people, tool):
    all_words(page, "ja", people["ja"])
    change_source(case, summary="Another summary.")
    report = take_file(
        page,
        "ja",
        tool(lambda catalog: setattr(entry(catalog, "summary"), "msgstr", "半分")),
        by=people["ja"],
    )
    assert report.fuzzy == ["Summary"]
    assert words_of(page)["summary"] == "ja: summary"
    assert FormerWords.objects.get().text == "半分"


def test_words_for_an_earlier_original_are_not_taken(page, case, people, tool):
    def work(catalog):
        entry(catalog, "summary").msgstr = "前の要約"
        entry(catalog, "title").msgstr = "題"

    data = tool(work)
    change_source(case, summary="Another summary.")
    report = take_file(page, "ja", data, by=people["ja"])
    assert (report.taken, report.old) == (["Title"], ["Summary"])
    assert words_of(page) == {"title": "題"}
    assert FormerWords.objects.get().text == "前の要約"


def test_a_file_that_is_old_altogether_is_refused(page, case, people, tool):
    data = tool(lambda catalog: setattr(entry(catalog, "summary"), "msgstr", "前の要約"))
    change_source(case, summary="Another summary.")
    with pytest.raises(FileRefused, match="earlier original"):
        take_file(page, "ja", data, by=people["ja"])
    assert words_of(page) == {}
    assert not FormerWords.objects.exists()


def test_files_of_others_and_no_files_are_refused(page, people, tool):
    other = make_live_story().source_page()
    begin_translation(other, "ja", by=people["ja"])
    begin_translation(page, "ar", by=people["ar"])
    refused = [
        write_file(other, "ja", by=people["ja"]),
        write_file(page, "ar", by=people["ar"]),
        b"",
        b"PK\x03\x04 something else",
        b'msgid "unfinished\n',
        b'msgid ""\nmsgstr ""\n',
        b'msgctxt "title"\nmsgid "x"\nmsgstr "y"\n',
        "\ufeff\x00\x01".encode("utf-16"),
        b"#" * (MAX_BYTES + 1),
    ]
    for data in refused:
        with pytest.raises(FileRefused):
            take_file(page, "ja", data, by=people["ja"])
    assert words_of(page) == {}


def test_who_may_not_translate_gets_no_file(page, people):
    with pytest.raises(PermissionDenied):
        write_file(page, "ja", by=people["ar"])
    with pytest.raises(PermissionDenied):
        take_file(page, "ja", b"", by=people["ar"])


def test_the_page_takes_a_file_in_and_says_what_became_of_it(client, page, people, tool):
    client.force_login(people["ja"])
    args = [page.translation_key, "ja"]
    sent = client.get(reverse("translate_file_out", args=args))
    assert sent["Content-Disposition"].endswith('.ja.po"')

    def work(catalog):
        entry(catalog, "title").msgstr = "題"

    data = tool(work, data=sent.content)
    url = reverse("translate_file", args=args)
    answer = client.post(url, {"file": SimpleUploadedFile("x.po", data)})
    assert answer.status_code == 200
    assert "1 paragraph was taken in." in answer.text
    assert client.post(url, {"file": SimpleUploadedFile("x.po", b"no")}).status_code == 422
    assert client.post(url).status_code == 422
