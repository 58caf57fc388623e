"""Words at the desk: kept as typed, done, and never lost where two people write at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.translations.conftest import all_words, change_source
from translations.aids.paragraphs import paragraphs
from translations.api import begin_translation, confirm_reading, progress_of, translate_page
from translations.assembly import find_source
from translations.exceptions import TranslationRefused, UnknownParagraph
from translations.models import FormerWords, TextState, TypedWords
from translations.models.desk import Former
from translations.translating.writing import Typed, drop_typed, finish, keep_typed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def page(case, people):
    """A story that was begun in Japanese."""
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    return page


def shown(page, path="summary", language="ja"):
    """The paragraph as a person sees it now."""
    rows = paragraphs(find_source(page), language)
    return next(row for row in rows if row.path == path)


def typed(page, text, path="summary"):
    return {path: Typed(text, shown(page, path).version)}


def test_done_words_are_the_text(page, people):
    result = finish(page, "ja", typed(page, "  要約\r\n二行目 "), by=people["ja"])
    assert (result.done, result.overtaken, result.empty) == (["summary"], [], [])
    state = TextState.objects.get(object_key=page.translation_key, path="summary", language="ja")
    assert (state.text, state.by, state.read_text, state.is_stale) == (
        "要約\n二行目",
        people["ja"],
        "",
        False,
    )


def test_typed_words_are_nobodys_text_until_they_are_done(page, people):
    version = shown(page).version
    kept = keep_typed(page, "ja", "summary", Typed("要", version), number=0, by=people["ja"])
    assert (kept.number, kept.is_overtaken) == (1, False)
    kept = keep_typed(page, "ja", "summary", Typed("要約", version), number=1, by=people["ja"])
    assert kept.number == 2
    assert shown(page).text == ""
    assert TypedWords.objects.get().text == "要約"
    finish(page, "ja", {"summary": Typed("要約です", version)}, by=people["ja"])
    assert not TypedWords.objects.exists()
    assert not FormerWords.objects.exists()


def test_a_save_that_comes_after_done_leaves_nothing_behind(page, people):
    seen = shown(page).version
    finish(page, "ja", {"summary": Typed("要約", seen)}, by=people["ja"])
    kept = keep_typed(page, "ja", "summary", Typed("要約 ", seen), number=3, by=people["ja"])
    assert not kept.is_overtaken
    assert not TypedWords.objects.exists()


def test_the_slower_of_two_is_told_and_both_texts_are_kept(page, people):
    seen = shown(page).version
    finish(page, "ja", {"summary": Typed("速い方", seen)}, by=people["ja2"])
    kept = keep_typed(page, "ja", "summary", Typed("遅い", seen), number=0, by=people["ja"])
    assert kept.is_overtaken
    result = finish(page, "ja", {"summary": Typed("遅い方", seen)}, by=people["ja"])
    assert (result.done, result.overtaken) == ([], ["summary"])
    assert shown(page).text == "速い方"
    assert TypedWords.objects.get().text == "遅い方"
    # With both before their eyes they decide: the words that go are kept.
    finish(page, "ja", typed(page, "遅い方"), by=people["ja"])
    assert shown(page).text == "遅い方"
    former = FormerWords.objects.get()
    assert (former.text, former.by, former.kind) == ("速い方", people["ja2"], Former.REPLACED)


def test_whoever_leaves_the_text_keeps_their_words_too(page, people):
    seen = shown(page).version
    finish(page, "ja", {"summary": Typed("速い方", seen)}, by=people["ja2"])
    finish(page, "ja", {"summary": Typed("遅い方", seen)}, by=people["ja"])
    drop_typed(page, "ja", ["summary"], by=people["ja"])
    assert shown(page).text == "速い方"
    assert not TypedWords.objects.exists()
    assert FormerWords.objects.get().text == "遅い方"


def test_an_original_that_changed_meanwhile_is_told(page, case, people):
    seen = shown(page).version
    change_source(case, summary="Another summary.")
    result = finish(page, "ja", {"summary": Typed("前の要約", seen)}, by=people["ja"])
    assert result.overtaken == ["summary"]
    assert TypedWords.objects.get().text == "前の要約"
    assert shown(page).text == ""


def test_a_second_window_of_the_same_person_loses_nothing(page, people):
    seen = shown(page).version
    keep_typed(page, "ja", "summary", Typed("窓一", seen), number=0, by=people["ja"])
    keep_typed(page, "ja", "summary", Typed("窓二", seen), number=0, by=people["ja"])
    assert TypedWords.objects.get().text == "窓二"
    assert FormerWords.objects.get().text == "窓一"


def test_words_that_were_read_are_kept_when_they_are_replaced(page, people):
    translate_page(page, "ja", {"summary": "読まれた"}, by=people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    finish(page, "ja", typed(page, "新しい"), by=people["ja"])
    assert FormerWords.objects.get().text == "読まれた"


def test_a_text_is_not_emptied(page, people):
    translate_page(page, "ja", {"summary": "要約"}, by=people["ja"])
    result = finish(page, "ja", typed(page, "  "), by=people["ja"])
    assert result.empty == ["summary"]
    assert shown(page).text == "要約"


def test_the_same_words_stand_for_the_new_original(page, case, people):
    all_words(page, "ja", people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    change_source(case, summary="Another summary.")
    assert shown(page).state == "stale"
    finish(page, "ja", typed(page, "ja: summary"), by=people["ja"])
    assert shown(page).state == "current"
    found = progress_of(page.translation_key, "ja")
    assert (found.stale, found.behind, found.unread) == (0, 0, 0)


def test_the_last_paragraph_saves_the_draft_page(page, people):
    target = all_words(page, "ja", people["ja"])
    finish(page, "ja", typed(page, "新しい要約"), by=people["ja"])
    target.refresh_from_db()
    assert target.get_latest_revision_as_object().summary == "新しい要約"


def test_who_may_not_translate_writes_nothing(page, people):
    for who in ("ar", "reader"):
        with pytest.raises(PermissionDenied):
            finish(page, "ja", typed(page, "x"), by=people[who])
        with pytest.raises(PermissionDenied):
            keep_typed(page, "ja", "summary", Typed("x", ""), number=0, by=people[who])
    with pytest.raises(UnknownParagraph):
        finish(page, "ja", {"body.x": Typed("x", "")}, by=people["ja"])
    with pytest.raises(TranslationRefused):
        finish(page, "ja", typed(page, "x" * 20_001), by=people["ja"])
    assert not TextState.objects.exclude(text="").exists()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=60))
def test_any_text_comes_back_as_it_was_written(page, people, text):
    """Markup, quotes, line ends: what is done is what was typed, but for space round it."""
    from translations.translating.writing import tidy

    wanted = tidy(text)
    if not wanted or any(ord(letter) < 32 and letter not in "\n\t" for letter in wanted):
        return
    finish(page, "ja", typed(page, text), by=people["ja"])
    assert shown(page).text == wanted


@pytest.mark.django_db(transaction=True)
def test_two_translators_finish_one_paragraph_at_once(people, case):
    """One is the text; the other is told, and theirs is kept."""
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    seen = shown(page).version
    barrier, results, errors = threading.Barrier(2), {}, []

    def work(who, words):
        try:
            barrier.wait(timeout=90)
            results[who] = finish(page, "ja", {"summary": Typed(words, seen)}, by=people[who])
        except Exception as error:  # noqa: BLE001 - the test reports whatever a thread met
            errors.append(error)
        finally:
            connections.close_all()

    words = {"ja": "一人目", "ja2": "二人目"}
    threads = [threading.Thread(target=work, args=item) for item in words.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    connection.close()
    assert errors == []
    (first,) = [who for who, result in results.items() if result.done]
    (second,) = [who for who, result in results.items() if result.overtaken]
    assert shown(page).text == words[first]
    row = TypedWords.objects.get()
    assert (row.text, row.by) == (words[second], people[second])
