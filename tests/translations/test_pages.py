"""What readers, translators and second readers see; and what nobody may see or do."""

import datetime
import re
import threading
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale, Page
from wagtail_localize.models import LocaleSynchronization, StringSegment, StringTranslation
from wagtail_localize.models import Translation as LocalizeTranslation

from bulletins.models import CaseStoryPage
from bulletins.transitions import publish_translation
from network.models import Region
from search.api import search
from search.contract import SearchRequest
from tests.factories import make_user
from tests.translations.conftest import all_words, change_source, make_live_story
from translations.api import begin_translation, confirm_reading, reading_hash, translate_page
from translations.models import TextState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def live_in(case, people, language):
    page = case.source_page()
    target = all_words(page, language, people[language])
    confirm_reading(page.translation_key, language, by=people[f"{language}2"])
    publish_translation(target, by=people[f"{language}2"])
    return CaseStoryPage.objects.get(pk=target.pk)


@pytest.fixture
def story_frame(settings):
    """The site's frame round title and summary: these tests are not about the story's layout."""
    engine = settings.TEMPLATES[0] | {"DIRS": [Path(__file__).parent / "templates"]}
    settings.TEMPLATES = [engine]


# --- readers ---------------------------------------------------------------------------
def found(words, viewer):
    """Titles that search finds in Japanese."""
    request = SearchRequest(text=words, language="ja", viewer=viewer, match="all")
    return [hit.title for hit in search(request).hits]


def test_a_draft_translation_is_reached_by_no_address_and_not_found(
    client, case, people, story_frame
):
    page = case.source_page()
    draft = all_words(page, "ja", people["ja"])
    translate_page(page, "ja", {"title": "秘密の題", "summary": "紫陽花の要約"}, by=people["ja"])
    client.force_login(people["reader"])
    url = "/ja" + draft.url_path[draft.url_path.index("/stories") :]
    assert page.summary in client.get(url).text  # the address answers, with the original
    assert "紫陽花" not in client.get(url).text
    assert found("紫陽花", people["reader"]) == []
    changes = reverse("translation_changes", args=[draft.translation_key, "ja"])
    assert client.get(changes).status_code == 404
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    publish_translation(draft, by=people["ja2"])
    assert "紫陽花" in client.get(url).text
    assert found("紫陽花", people["reader"]) == ["秘密の題"]


def test_a_live_translation_stands_under_its_own_language_and_direction(
    client, case, people, story_frame
):
    target = live_in(case, people, "ar")
    client.force_login(people["reader"])
    answer = client.get(target.url)
    assert answer.status_code == 200
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "ar: summary" in answer.text


def test_a_stale_page_says_so_and_leads_to_what_changed(client, case, people, story_frame):
    target = live_in(case, people, "ja")
    client.force_login(people["reader"])
    assert 'class="alert alert--warn' not in client.get(target.url).text
    before = case.source_page().summary
    change_source(case, summary=before.replace("morning", "evening"))
    text = client.get(target.url).text
    url = reverse("translation_changes", args=[target.translation_key, "ja"])
    with translation.override("ja"):
        url = reverse("translation_changes", args=[target.translation_key, "ja"])
    assert f'href="{url}"' in text
    assert 'data-ed="stale"' in text
    changes = client.get(url).text
    assert "<del>morning</del><ins>evening</ins>" in changes
    assert "ja: summary" in changes


def test_what_changed_is_closed_to_who_may_not_read_the_story(client, people):
    case = make_live_story(audience="region")
    region = Region.objects.create(slug="far", name_en="Far away")
    type(case).objects.filter(pk=case.pk).update(region=region)
    case.refresh_from_db()
    page = case.source_page()
    editor, other = people["editor"], make_user("editor")
    all_words(page, "ja", editor)
    confirm_reading(page.translation_key, "ja", by=other)
    publish_translation(case.pages.get(locale__language_code="ja"), by=other)
    change_source(case, summary="Other words.")
    url = reverse("translation_changes", args=[page.translation_key, "ja"])
    assert client.get(url).status_code == 404
    client.force_login(people["reader"])
    assert client.get(url).status_code == 404
    client.force_login(editor)
    assert client.get(url).status_code == 200


# --- translators -----------------------------------------------------------------------
@pytest.fixture
def count_queries(django_assert_num_queries):
    return django_assert_num_queries


def admin_url(target):
    return reverse("wagtailadmin_pages:edit", args=[target.pk])


def test_a_translator_works_in_the_editor_without_a_publish_button(client, case, people):
    target = begin_translation(case.source_page(), "ja", by=people["ja"])
    client.force_login(people["ja"])
    answer = client.get(admin_url(target))
    assert answer.status_code == 200
    assert re.search(r"canPublish[^:]*: false", answer.text.replace("&quot;", '"'))
    client.post(admin_url(target), {"action": "publish"})
    target.refresh_from_db()
    assert not target.live
    assert client.get(admin_url(case.source_page())).status_code == 302  # sent away


def test_a_translator_of_another_language_is_kept_out_of_the_editor(client, case, people):
    target = begin_translation(case.source_page(), "ja", by=people["ja"])
    segment = StringSegment.objects.filter(source__object_id=target.translation_key).first()
    record = LocalizeTranslation.objects.get()
    url = reverse("wagtail_localize:edit_string_translation", args=[record.pk, segment.pk])
    client.force_login(people["ar"])
    assert client.get(admin_url(target)).status_code == 302
    client.put(url, data=b"value=x", content_type="application/x-www-form-urlencoded")
    assert not StringTranslation.objects.exists()


def put_words(client, record, segment, words):
    url = reverse("wagtail_localize:edit_string_translation", args=[record.pk, segment.pk])
    return client.put(
        url, data=f"value={words}".encode(), content_type="application/x-www-form-urlencoded"
    )


def test_words_of_the_editor_are_kept_with_their_translator(client, case, people):
    target = begin_translation(case.source_page(), "ja", by=people["ja"])
    segment = StringSegment.objects.get(context__path="summary")
    client.force_login(people["ja"])
    assert put_words(client, LocalizeTranslation.objects.get(), segment, "要約").status_code == 201
    state = TextState.objects.get(object_key=target.translation_key, path="summary")
    assert (state.text, state.by, state.read_text) == ("要約", people["ja"], "")


def test_the_second_reader_confirms_on_the_page_and_it_goes_live(client, case, people):
    page = case.source_page()
    target = all_words(page, "ja", people["ja"])
    url = reverse("translate_read", args=[page.translation_key, "ja"])
    client.force_login(people["ja"])
    text = client.get(url).text
    assert 'name="seen"' not in text
    client.post(url, {"seen": reading_hash(page.translation_key, "ja")})
    target.refresh_from_db()
    assert not target.live
    client.force_login(people["ja2"])
    seen = re.search(r'name="seen" value="(\w+)"', client.get(url).text).group(1)
    assert client.post(url, {"seen": seen}).status_code == 302
    target.refresh_from_db()
    assert target.live
    client.force_login(people["ar"])
    assert client.get(url).status_code == 403


def test_the_list_holds_what_waits_and_desk_items_lead_there(client, case, people):
    from network.registry import desk_items

    page = case.source_page()
    desk = reverse("translate_desk")
    client.force_login(people["ja2"])
    assert reverse("translate_begin", args=[page.translation_key, "ja"]) in client.get(desk).text
    all_words(page, "ja", people["ja"])
    read = reverse("translate_read", args=[page.translation_key, "ja"])
    assert read in client.get(desk).text
    mine = [item.url for item in desk_items(people["ja2"])]
    assert mine == [read]
    assert list(desk_items(people["ja"])) == []  # waits for somebody else
    assert list(desk_items(people["ar"])) == []
    change_source(case, summary="Other words.")
    items = list(desk_items(people["ja"]))
    write = reverse("translate_text", args=[page.translation_key, "ja"])
    assert [item.url for item in items] == [write]
    client.force_login(people["reader"])
    assert client.get(desk).status_code == 403


def test_begin_leads_to_the_text(client, case, people):
    page = case.source_page()
    client.force_login(people["ja"])
    answer = client.post(reverse("translate_begin", args=[page.translation_key, "ja"]))
    write = reverse("translate_text", args=[page.translation_key, "ja"])
    assert answer["Location"] == write
    assert client.get(write).status_code == 200
    client.force_login(people["ar"])
    answer = client.post(reverse("translate_begin", args=[page.translation_key, "ja"]))
    assert answer.status_code == 403


def test_a_story_in_early_review_is_not_open_to_translation(client, people):
    case = make_live_story()
    type(case).objects.filter(pk=case.pk).update(stage="area_review", is_published=False)
    client.force_login(people["ja"])
    page = case.source_page()
    answer = client.post(reverse("translate_begin", args=[page.translation_key, "ja"]))
    assert answer.status_code == 404


# --- what never happens ------------------------------------------------------------------
def test_no_alias_no_synchronised_tree_no_stopped_translation(case, people):
    target = begin_translation(case.source_page(), "ja", by=people["ja"])
    target.alias_of = case.source_page().page_ptr
    with pytest.raises(PermissionDenied):
        target.save()
    english, french = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    with pytest.raises(PermissionDenied):
        LocaleSynchronization.objects.create(locale=french, sync_from=english)
    record = LocalizeTranslation.objects.get()
    record.enabled = False
    with pytest.raises(PermissionDenied):
        record.save()


def test_the_check_finds_aliases_and_synchronised_trees(case):
    def errors():
        return {error.id for error in run_checks(tags=["database"], databases=["default"])}

    assert not errors() & {"translations.E001", "translations.E002"}
    page = case.source_page()
    Page.objects.filter(pk=page.pk).update(alias_of=page.get_parent().pk)
    english, french = (Locale.objects.get(language_code=code) for code in ("en", "fr"))
    LocaleSynchronization.objects.bulk_create(
        [LocaleSynchronization(locale=french, sync_from=english)]
    )
    assert errors() >= {"translations.E001", "translations.E002"}


def test_pages_that_are_translated_hold_no_rich_text():
    assert [error for error in run_checks() if error.id == "translations.E003"] == []


@pytest.mark.django_db(transaction=True)
def test_two_translators_save_the_same_paragraph_at_once(people, case):
    """One of the two texts is kept, by both records; neither save fails."""
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    segment = StringSegment.objects.get(context__path="summary")
    barrier, errors = threading.Barrier(2), []

    def save(user, words):
        try:
            barrier.wait(timeout=90)
            StringTranslation.objects.update_or_create(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=Locale.objects.get(language_code="ja"),
                defaults={"data": words, "last_translated_by": user},
            )
        except Exception as error:  # noqa: BLE001 - the test reports whatever a thread met
            errors.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=save, args=(people[who], words))
        for who, words in (("ja", "一人目"), ("ja2", "二人目"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    connection.close()
    assert errors == []
    state = TextState.objects.get(object_key=page.translation_key, path="summary")
    words = StringTranslation.objects.get(context__path="summary")
    assert state.text == words.data
    assert state.text in ("一人目", "二人目")
    assert state.by == words.last_translated_by


# --- names and the glossary ---------------------------------------------------------------
def test_names_show_in_the_active_language_and_fall_back_to_english():
    from django import forms

    region = Region.objects.create(slug="r", name_en="Far East", name_ja="極東")
    field = forms.ModelChoiceField(Region.objects.filter(pk=region.pk))
    for code, name in (("ja", "極東"), ("ar", "Far East"), ("en", "Far East")):
        with translation.override(code):
            assert Region.objects.get(pk=region.pk).name == name
            assert [label for value, label in field.choices if value] == [name]


def test_the_translations_report_is_the_editors(client, people):
    client.force_login(people["ja"])
    assert client.get(reverse("wagtail_localize:translations_report")).status_code == 302
    client.force_login(people["editor"])
    assert client.get(reverse("wagtail_localize:translations_report")).status_code == 200


def test_the_text_of_a_month_is_named(case, people, client, story_frame):
    target = live_in(case, people, "ja")
    change_source(case, summary="Other words.")
    TextState.objects.filter(language="ja").update(
        changed_at=timezone.make_aware(datetime.datetime(2026, 3, 9, 12))
    )
    client.force_login(people["reader"])
    english = case.source_page()
    menu = client.get(english.url).text
    assert "Text of March 2026" in menu
    assert target.live
