"""Translate, change, sync, publish something else: the human text stands, marked."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from bulletins.models import CaseStoryPage
from bulletins.transitions import publish_translation
from tests.translations.conftest import all_words, change_source, make_live_story, words_for
from translations.api import (
    confirm_reading,
    languages_behind,
    paragraph_states,
    progress_of,
    translate_page,
)
from translations.carrying import EARLIER
from translations.models import TextState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def published(case, people, language="ja"):
    """The story live in a language, every paragraph read."""
    page = case.source_page()
    target = all_words(page, language, people[language])
    confirm_reading(page.translation_key, language, by=people[f"{language}2"])
    publish_translation(target, by=people[f"{language}2"])
    return CaseStoryPage.objects.get(pk=target.pk)


def test_translate_change_sync_publish_else_the_human_text_stands_marked(case, people):
    page, target = case.source_page(), published(case, people)
    summary = f"summary of {target.pk}: ja"
    translate_page(page, "ja", {"summary": summary}, by=people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    publish_translation(target, by=people["ja2"])

    changed = change_source(case, summary="Another summary altogether.")  # syncs ja
    change_source(case, place_seen="Head office")  # and something else again

    target.refresh_from_db()
    assert target.live
    assert target.summary == summary
    assert changed.summary == "Another summary altogether."
    assert paragraph_states(target) == {"summary": "stale", "place_seen": "stale"}
    assert languages_behind(target)["ja"].changed_on is not None


def test_control_stock_would_show_the_source(case, people):
    """What the room prevents: without kept words, the stock way puts English over Japanese."""
    page, target = case.source_page(), published(case, people)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    StringTranslation.objects.filter(context__path="summary", locale=target.locale).delete()
    stock = source.get_ephemeral_translated_instance(target.locale, fallback=True)
    assert stock.summary == page.summary  # if this fails, the test above proves nothing
    change_source(case, place_seen="Head office")
    target.refresh_from_db()
    assert target.summary == "ja: summary"


def test_words_deleted_in_the_editor_do_not_fall_back(case, people):
    page, target = case.source_page(), published(case, people)
    StringTranslation.objects.filter(locale=target.locale).delete()
    draft = translate_page(page, "ja", {"title": "新しい題"}, by=people["ja"])
    assert draft.get_latest_revision_as_object().summary == "ja: summary"


def test_words_with_broken_markup_never_replace_sound_ones(case, people):
    _page, target = case.source_page(), published(case, people)
    words = StringTranslation.objects.get(context__path="summary", locale=target.locale)
    words.data = "<div>broken</div>"
    words.save()
    change_source(case, place_seen="Head office")
    target.refresh_from_db()
    assert target.summary == "ja: summary"
    assert TextState.objects.get(path="summary", language="ja").text == "ja: summary"


def test_carried_words_stand_in_the_editor_and_say_so(case, people):
    _page, target = case.source_page(), published(case, people)
    changed = change_source(case, summary="Another summary altogether.")
    carried = StringTranslation.objects.get(
        translation_of__data=changed.summary, locale=target.locale
    )
    assert (carried.data, carried.tool_name) == ("ja: summary", EARLIER)
    assert carried.last_translated_by == people["ja"]


def test_an_original_that_returns_to_its_wording_is_current_again(case, people):
    page, target = case.source_page(), published(case, people)
    before = page.summary
    change_source(case, summary="Another summary altogether.")
    change_source(case, summary=before)
    assert paragraph_states(target) == {}
    assert languages_behind(target) == {}


def test_a_new_paragraph_shows_the_source_and_is_marked_missing(case, people):
    page, target = case.source_page(), published(case, people)
    background = list(page.background.raw_data)
    added = {"type": "paragraph", "value": "Then it rained.", "id": "b" * 36}
    stream = page._meta.get_field("background").stream_block
    change_source(case, background=stream.to_python([*background, added]))
    target = CaseStoryPage.objects.get(pk=target.pk)
    assert [str(block.value) for block in target.background][1] == "Then it rained."
    assert paragraph_states(target) == {f"background.{'b' * 36}": "missing"}
    assert progress_of(page.translation_key, "ja").missing == 1


def test_a_removed_paragraph_no_longer_counts_and_returns_with_its_words(case, people):
    page, target = case.source_page(), published(case, people)
    path = f"background.{page.background[0].id}"
    kept = list(page.background.raw_data)
    stream = page._meta.get_field("background").stream_block
    change_source(case, background=stream.to_python([]))
    assert len(CaseStoryPage.objects.get(pk=target.pk).background) == 0
    assert progress_of(page.translation_key, "ja").is_finished
    change_source(case, background=stream.to_python(kept))
    target = CaseStoryPage.objects.get(pk=target.pk)
    assert str(target.background[0].value) == f"ja: {path}"
    assert paragraph_states(target) == {}


def test_sync_in_the_admin_keeps_words_too(client, case, people):
    page, target = case.source_page(), published(case, people)
    editor = people["editor"]
    editor.user_permissions.add(
        Permission.objects.get(codename="submit_translation"),
        Permission.objects.get(codename="access_admin"),
    )
    CaseStoryPage.objects.filter(pk=page.pk).update(summary="Changed behind our back.")
    source = TranslationSource.objects.get(object_id=page.translation_key)
    client.force_login(editor)
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    assert client.post(url, {}).status_code == 302
    target.refresh_from_db()
    assert target.summary == "ja: summary"
    assert TextState.objects.get(path="summary", language="ja").is_stale
    assert StringSegment.objects.filter(string__data="Changed behind our back.").exists()


def test_sync_with_publish_immediately_is_refused_whole(client, case, people):
    page, target = case.source_page(), published(case, people)
    editor = people["editor"]
    editor.user_permissions.add(
        Permission.objects.get(codename="submit_translation"),
        Permission.objects.get(codename="access_admin"),
    )
    translate_page(page, "ja", {"summary": "未読"}, by=people["ja"])
    source = TranslationSource.objects.get(object_id=page.translation_key)
    client.force_login(editor)
    url = reverse("wagtail_localize:update_translations", args=[source.pk])
    client.post(url, {"publish_translations": "on"})
    target.refresh_from_db()
    assert target.summary == "ja: summary"


def test_save_target_never_writes_the_row_of_a_live_page(case, people):
    page, target = case.source_page(), published(case, people)
    translate_page(page, "ja", {"summary": "未読"}, by=people["ja"])
    translation = Translation.objects.get(source__object_id=page.translation_key)
    with pytest.raises(PermissionDenied):
        translation.save_target(user=people["editor"], publish=True)
    translation.save_target(user=people["editor"], publish=False)
    target.refresh_from_db()
    assert target.summary == "ja: summary"
    assert target.get_latest_revision_as_object().summary == "未読"


def test_a_draft_is_translated_from_its_newest_revision(people):
    case = make_live_story()
    page = case.source_page()
    CaseStoryPage.objects.filter(pk=page.pk).update(live=False)
    page = case.source_page()
    page.summary = "Only in the revision."
    page.save_revision()
    all_words(case.source_page(), "ja", people["ja"])
    assert StringSegment.objects.filter(string__data="Only in the revision.").exists()
    page.summary = "And again."
    page.save_revision()  # marks the words at once
    assert TextState.objects.get(path="summary", language="ja").is_stale
    assert set(words_for(page)) == set(
        TextState.objects.filter(language="ja").values_list("path", flat=True)
    )
