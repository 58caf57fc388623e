"""A translation goes live when a second person, never its translator, has read it."""

import pytest
from django.core.exceptions import PermissionDenied

from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import CaseEvent, CaseStoryPage, Stage
from bulletins.transitions import place_in_issue, publish_translation
from bulletins.transitions.publishing import publish
from tests.factories import make_issue
from tests.translations.conftest import all_words, make_live_story
from translations.api import (
    begin_translation,
    confirm_reading,
    finished_languages,
    is_complete,
    is_read,
    put_live,
    reading_hash,
    translate_page,
)
from translations.exceptions import OwnReading, TextChanged, TranslationRefused, UnknownParagraph
from translations.models import MemoryUnit, Reading

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_read_by_a_second_person_it_goes_live(case, people):
    page = case.source_page()
    target = all_words(page, "ja", people["ja"])
    assert finished_languages(page.translation_key) == []
    assert confirm_reading(page.translation_key, "ja", by=people["ja2"])
    assert finished_languages(page.translation_key) == ["ja"]
    live = publish_translation(target, by=people["ja2"])
    assert live.live
    assert live.title == "ja: title"
    event = CaseEvent.objects.get(case=case, verb="publish_translation")
    assert (event.by, event.reason, event.new) == (people["ja2"], "ja", Stage.PUBLISHED)
    assert Reading.objects.get().reader == people["ja2"]
    assert MemoryUnit.objects.get(source=page.summary).target == "ja: summary"


def test_the_translator_never_reads_as_second_person(case, people):
    page = case.source_page()
    target = all_words(page, "ja", people["ja"])
    with pytest.raises(OwnReading):
        confirm_reading(page.translation_key, "ja", by=people["ja"])
    assert not is_read(page.translation_key, "ja")
    with pytest.raises(TransitionRefused):
        publish_translation(target, by=people["ja"])
    target.refresh_from_db()
    assert not target.live


def test_two_who_share_the_work_read_each_others_part(case, people):
    page = case.source_page()
    all_words(page, "ja", people["ja"])
    translate_page(page, "ja", {"summary": "直した要約"}, by=people["ja2"])
    assert not confirm_reading(page.translation_key, "ja", by=people["ja2"])
    assert confirm_reading(page.translation_key, "ja", by=people["ja"])


@pytest.mark.parametrize("who", ["ar", "reader", "en"])
def test_only_people_of_the_language_translate_and_read(case, people, who):
    page = case.source_page()
    with pytest.raises(PermissionDenied):
        begin_translation(page, "ja", by=people[who])
    target = all_words(page, "ja", people["ja"])
    with pytest.raises(PermissionDenied):
        confirm_reading(page.translation_key, "ja", by=people[who])
    with pytest.raises(PermissionDenied):
        publish_translation(target, by=people[who])


def test_an_edit_after_the_reading_waits_for_a_reader_and_readers_keep_the_old_words(case, people):
    page = case.source_page()
    target = all_words(page, "ja", people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    publish_translation(target, by=people["ja2"])
    translate_page(page, "ja", {"summary": "新しい要約"}, by=people["ja"])
    assert not is_read(page.translation_key, "ja")
    with pytest.raises(TransitionRefused):
        publish_translation(target, by=people["ja2"])
    target.refresh_from_db()
    assert target.summary == "ja: summary"
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    publish_translation(target, by=people["ja2"])
    target.refresh_from_db()
    assert target.summary == "新しい要約"


def test_a_reading_of_words_that_changed_meanwhile_is_refused(case, people):
    page = case.source_page()
    all_words(page, "ja", people["ja"])
    seen = reading_hash(page.translation_key, "ja")
    translate_page(page, "ja", {"summary": "後で直した"}, by=people["ja"])
    with pytest.raises(TextChanged):
        confirm_reading(page.translation_key, "ja", by=people["ja2"], seen=seen)
    seen = reading_hash(page.translation_key, "ja")
    assert confirm_reading(page.translation_key, "ja", by=people["ja2"], seen=seen)


def test_an_incomplete_text_does_not_go_live(case, people):
    page = case.source_page()
    target = begin_translation(page, "ja", by=people["ja"])
    translate_page(page, "ja", {"title": "題"}, by=people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    assert not is_complete(page.translation_key, "ja")
    with pytest.raises(TransitionRefused):
        publish_translation(target, by=people["ja2"])
    with inside_transition(), pytest.raises(TranslationRefused):
        put_live(page, "ja", by=people["ja2"])


def test_words_for_an_unknown_place_are_refused_whole(case, people):
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    with pytest.raises(UnknownParagraph):
        translate_page(page, "ja", {"title": "題", "background.none": "?"}, by=people["ja"])
    assert not is_read(page.translation_key, "ja")


def test_nobody_translates_into_the_language_of_the_original(case, people):
    with pytest.raises(PermissionDenied):
        begin_translation(case.source_page(), "en", by=people["en"])


# --- with the source, and into an issue ------------------------------------------------
def ready_story(language="en"):
    """A story that is ready, its text in a revision only, as the review leaves it."""
    case = make_live_story(language)
    CaseStoryPage.objects.filter(case=case).update(live=False)
    page = case.source_page()
    revision = page.save_revision(user=case.author)
    type(case).objects.filter(pk=case.pk).update(
        stage=Stage.READY, is_published=False, approved_revision=revision
    )
    case.refresh_from_db()
    return case


def test_finished_languages_go_live_with_the_source_the_others_do_not(people):
    case = ready_story()
    page = case.source_page()
    all_words(page, "ja", people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    unread = all_words(page, "ar", people["ar"])
    with pytest.raises(TransitionRefused):
        publish_translation(case.pages.get(locale__language_code="ja"), by=people["ja2"])
    with inside_transition():
        page = case.source_page()
        publish(case, page, by=people["editor"], revision=page.get_latest_revision())
    live = case.pages.filter(live=True).values_list("locale__language_code", flat=True)
    assert sorted(live) == ["en", "ja"]
    unread.refresh_from_db()
    assert not unread.live


def test_a_story_enters_an_issue_with_its_english_text_read_by_a_second_person(people):
    case, issue = ready_story("th"), make_issue(created_by=people["editor"])
    page = case.source_page()

    def refused():
        with inside_transition(), pytest.raises(TransitionRefused) as refusal:
            place_in_issue(case, issue, by=people["editor"])
        return str(refusal.value)

    assert "whole text" in refused()
    all_words(page, "en", people["en"])
    assert "second person" in refused()
    confirm_reading(page.translation_key, "en", by=people["en2"])
    page = case.source_page()
    page.summary = "Changed after the reading."
    page.save_revision()
    assert "original has changed" in refused()
    translate_page(case.source_page(), "en", {"summary": "en: changed"}, by=people["en"])
    confirm_reading(page.translation_key, "en", by=people["en2"])
    with inside_transition():
        assert place_in_issue(case, issue, by=people["editor"]).case == case


def test_a_story_written_in_english_enters_as_it_is(people):
    case, issue = ready_story("en"), make_issue(created_by=people["editor"])
    with inside_transition():
        assert place_in_issue(case, issue, by=people["editor"]).issue == issue


def test_a_released_issues_letter_goes_live_in_another_language(people):
    from bulletins.transitions import publish_issue_translation

    issue = make_issue(released=True, created_by=people["editor"])
    page = issue.pages.get()
    page.subject = "The November issue"
    with inside_transition():
        page.save_revision().publish()
    target = all_words(issue.pages.get(), "ja", people["ja"])
    with pytest.raises(TransitionRefused):
        publish_issue_translation(target, by=people["ja2"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    live = publish_issue_translation(target, by=people["ja2"])
    assert (live.live, live.subject, live.issue) == (True, "ja: subject", issue)
