"""Assignment, questions, machine drafts, first reading only: who does what at the desk."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bulletins.models import CaseStoryPage
from network.registry import desk_items
from tests.factories import make_user
from tests.translations.conftest import all_words, make_live_story, words_for
from touchpoints.models import Delivery
from translations import api
from translations.exceptions import OwnReading, TranslationRefused, UnknownParagraph
from translations.models import Assignment, Question, TextState
from translations.translating import drafting
from translations.translating.asking import answer, ask
from translations.translating.assigning import assign, give_back
from translations.translating.first_reading import publish_first_reading
from translations.worklist import matrix, offers_for, work_for

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DUMMY = "wagtail_localize.machine_translators.dummy.DummyTranslator"


@pytest.fixture
def page(case, people):
    """A story that was begun in Japanese."""
    page = case.source_page()
    api.begin_translation(page, "ja", by=people["ja"])
    return page


def lines(user):
    with translation.override("en"):  # a request before may have left another
        return [(item.state_label, item.url) for item in desk_items(user)]


# --- assignment --------------------------------------------------------------------------
def test_a_text_that_one_takes_waits_for_nobody_else(page, people):
    assert len(lines(people["ja2"])) == 1
    assign(page, "ja", people["ja"], by=people["ja"])
    assert lines(people["ja2"]) == []
    assert len(lines(people["ja"])) == 1
    with pytest.raises(TranslationRefused, match="already"):
        assign(page, "ja", people["ja2"], by=people["ja2"])
    with pytest.raises(PermissionDenied):
        give_back(page, "ja", by=people["ja2"])
    give_back(page, "ja", by=people["ja"])
    assert len(lines(people["ja2"])) == 1


def test_an_editor_gives_a_text_and_takes_it_to_another(page, people):
    assign(page, "ja", people["ja"], by=people["editor"])
    assign(page, "ja", people["ja2"], by=people["editor"])
    assert Assignment.objects.get().translator == people["ja2"]
    told = Delivery.objects.filter(mailing__kind="translations.text_assigned")
    assert set(told.values_list("user", flat=True)) == {people["ja"].pk, people["ja2"].pk}


def test_nobody_is_given_what_they_do_not_translate(page, people):
    for who in ("ar", "reader", "editor"):
        with pytest.raises(TranslationRefused):
            assign(page, "ja", people[who], by=people["editor"])
    with pytest.raises(PermissionDenied):
        assign(page, "ja", people["ja2"], by=people["ja"])
    with pytest.raises(PermissionDenied):
        assign(page, "ja", people["ar"], by=people["ar"])


def test_many_texts_that_nobody_has_are_one_line(people):
    for _n in range(6):
        api.begin_translation(make_live_story().source_page(), "ja", by=people["ja"])
    ((_label, url),) = lines(people["ja"])
    assert url == reverse("translate_desk") + "?language=ja"


def test_a_whole_kind_is_taken_at_once(client, page, people):
    make_live_story()
    client.force_login(people["ja"])
    url = reverse("translate_take_group", args=["ja"])
    client.post(url, {"group": "bulletins.casestorypage"})
    rows = Assignment.objects.filter(translator=people["ja"], language="ja")
    assert rows.count() == CaseStoryPage.objects.filter(locale__language_code="en").count()
    assert client.post(reverse("translate_take_group", args=["ar"])).status_code == 403


# --- language × kind -------------------------------------------------------------------
def test_the_matrix_sums_words_and_names_the_oldest(page, people):
    fresh = make_live_story().source_page()
    (row,) = matrix(work_for(people["ja"]), offers_for(people["ja"]), ["ja"])
    cell = row.cells["ja"]
    states = TextState.objects.of(page.translation_key, "ja")
    assert cell.words == sum(states.values_list("words", flat=True)) > 20
    assert (cell.texts, cell.not_begun) == (1, 1)
    assert cell.oldest is not None
    api.translate_page(page, "ja", {"summary": "要約"}, by=people["ja"])
    (row,) = matrix(work_for(people["ja"]), [], ["ja"])
    assert row.cells["ja"].words == cell.words - states.get(path="summary").words
    assert fresh.pk


def test_the_desks_queries_do_not_grow(client, people):
    client.force_login(people["ja"])
    url = reverse("translate_desk")

    def one_more():
        api.begin_translation(make_live_story().source_page(), "ja", by=people["ja"])

    one_more()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    one_more()
    one_more()
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


# --- questions --------------------------------------------------------------------------
def test_an_answer_is_shown_to_translators_of_every_language(client, page, people):
    api.begin_translation(page, "ar", by=people["ar"])
    question = ask(page, "ja", "summary", "Which hour?", by=people["ja"])
    (line,) = [item for item in desk_items(people["editor"]) if item.state_label == "Question"]
    assert line.url == reverse("translate_question", args=[question.pk])
    client.force_login(people["editor"])
    assert client.post(line.url, {"answer": "The promised one."}).status_code == 302
    assert [i for i in desk_items(people["editor"]) if i.state_label == "Question"] == []
    client.force_login(people["ar"])
    text = client.get(reverse("translate_text", args=[page.translation_key, "ar"])).text
    assert "Which hour?" in text
    assert "The promised one." in text
    assert "The promised one." in client.get(line.url).text


def test_what_cannot_be_asked_or_answered(page, people):
    with pytest.raises(PermissionDenied):
        ask(page, "ja", "summary", "x", by=people["ar"])
    with pytest.raises(UnknownParagraph):
        ask(page, "ja", "nowhere", "x", by=people["ja"])
    with pytest.raises(TranslationRefused):
        ask(page, "ja", "summary", "  ", by=people["ja"])
    question = ask(page, "ja", "summary", "x", by=people["ja"])
    with pytest.raises(PermissionDenied):
        answer(question, "y", by=people["ja"])
    with pytest.raises(TranslationRefused):
        answer(question, " ", by=people["editor"])
    assert Question.objects.open().get() == question


# --- a machine's drafts -------------------------------------------------------------------
def test_without_a_machine_there_is_no_button(client, page, people, settings):
    client.force_login(people["ja"])
    url = reverse("translate_text", args=[page.translation_key, "ja"])
    drafts = reverse("translate_draft", args=[page.translation_key, "ja"])
    assert drafts not in client.get(url).text
    with pytest.raises(TranslationRefused):
        drafting.draft(page, "ja", by=people["ja"])
    settings.MACHINE_TRANSLATOR = DUMMY
    assert drafts in client.get(url).text


def test_a_draft_is_marked_and_goes_live_for_nobody(client, page, people, settings):
    settings.MACHINE_TRANSLATOR = DUMMY
    words = words_for(page)
    del words["title"], words["summary"]
    api.translate_page(page, "ja", words, by=people["ja"])
    assert drafting.draft(page, "ja", by=people["ja"]) == 2
    state = TextState.objects.get(object_key=page.translation_key, language="ja", path="title")
    assert (state.drafted_by, state.text) == (
        "Dummy translator",
        " ".join(page.title.split()[::-1]),
    )
    client.force_login(people["ja"])
    url = reverse("translate_text", args=[page.translation_key, "ja"])
    assert "Machine draft (Dummy translator)" in client.get(url).text
    # The second reader's reading does not reach it, nor an editor's first reading.
    assert not api.confirm_reading(page.translation_key, "ja", by=people["ja2"])
    with pytest.raises(TranslationRefused):
        api.put_live(page, "ja", by=people["ja2"])
    with pytest.raises(TranslationRefused):
        publish_first_reading(page, "ja", by=people["editor"])
    assert [item.kind for item in work_for(people["ja"])] == ["write"]


def test_a_draft_that_a_translator_takes_over_is_their_text(page, people, settings):
    from translations.aids.paragraphs import paragraphs
    from translations.assembly import find_source
    from translations.translating.writing import Typed, finish

    settings.MACHINE_TRANSLATOR = DUMMY
    drafting.draft(page, "ja", by=people["editor"])
    (row,) = [p for p in paragraphs(find_source(page), "ja") if p.path == "title"]
    assert row.state == "draft"
    finish(page, "ja", {"title": Typed(row.text, row.version)}, by=people["ja"])
    state = TextState.objects.get(object_key=page.translation_key, language="ja", path="title")
    assert (state.drafted_by, state.by) == ("", people["ja"])


def test_a_machine_never_writes_over_a_persons_words(page, people, settings):
    settings.MACHINE_TRANSLATOR = DUMMY
    api.translate_page(page, "ja", {"title": "人の題"}, by=people["ja"])
    drafting.draft(page, "ja", by=people["ja"])
    assert api.newest_words(page.translation_key, "ja")["title"] == "人の題"


class Broken:
    """A service that does not answer."""

    display_name = "Broken"

    def __init__(self, options):
        self.options = options

    def can_translate(self, source_locale, target_locale):
        return True

    def translate(self, source_locale, target_locale, strings):
        raise OSError("no route to host")


def test_a_machine_that_does_not_answer_is_told(page, people, settings):
    settings.MACHINE_TRANSLATOR = f"{__name__}.Broken"
    with pytest.raises(TranslationRefused, match="does not answer"):
        drafting.draft(page, "ja", by=people["ja"])
    assert api.newest_words(page.translation_key, "ja") == {}


# --- a first reading only -----------------------------------------------------------------
@pytest.fixture
def alone(case):
    """A story whole in Persian, by the only translator of it."""
    translator = make_user("translator", language="fa")
    all_words(case.source_page(), "fa", translator)
    return case.source_page(), translator


def test_an_editor_publishes_what_nobody_else_can_read_and_readers_are_told(client, alone, people):
    page, _translator = alone
    read = reverse("translate_read", args=[page.translation_key, "fa"])
    client.force_login(people["editor"])
    button = reverse("translate_first_reading", args=[page.translation_key, "fa"])
    assert button in client.get(read).text
    assert client.post(button).status_code == 302
    target = CaseStoryPage.objects.get(
        translation_key=page.translation_key, locale__language_code="fa"
    )
    assert target.live
    client.force_login(people["reader"])
    note = 'class="alert alert--info'
    assert note in client.get(target.url).text
    # It still waits for its second reader; who reads it takes the mark away.
    second = make_user("translator", language="fa")
    assert [url for _label, url in lines(second)] == [read]
    assert api.confirm_reading(page.translation_key, "fa", by=second)
    assert lines(second) == []
    assert note not in client.get(target.url).text


def test_a_language_with_a_second_reader_has_no_short_cut(alone, people):
    page, _translator = alone
    make_user("translator", language="fa")
    with pytest.raises(TranslationRefused, match="second reader"):
        publish_first_reading(page, "fa", by=people["editor"])


def test_who_publishes_a_first_reading_is_an_editor_who_did_not_write_it(case, alone, people):
    page, translator = alone
    with pytest.raises(PermissionDenied):
        publish_first_reading(page, "fa", by=translator)
    all_words(page, "it", people["editor"])
    with pytest.raises(OwnReading):
        publish_first_reading(page, "it", by=people["editor"])
    api.begin_translation(page, "de", by=people["editor"])
    with pytest.raises(TranslationRefused):
        publish_first_reading(page, "de", by=people["editor"])


def test_words_after_a_first_reading_leave_the_mark_until_read(alone, people):
    page, translator = alone
    publish_first_reading(page, "fa", by=people["editor"])
    api.translate_page(page, "fa", {"summary": "خلاصه"}, by=translator)
    assert api.progress_of(page.translation_key, "fa").first_only > 0
    second = make_user("translator", language="fa")
    api.confirm_reading(page.translation_key, "fa", by=second)
    assert api.progress_of(page.translation_key, "fa").first_only == 0
