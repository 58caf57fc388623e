"""The page of a text at work: without script, with htmx, and where two write at once."""

import pytest
from django.urls import reverse

from tests.translations.conftest import all_words, change_source
from translations.api import begin_translation, confirm_reading, translate_page
from translations.models import FormerWords, TextState, TypedWords
from translations.side_by_side import units

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(case, people, client):
    """A story that was begun in Japanese; its translator is signed in."""
    page = case.source_page()
    begin_translation(page, "ja", by=people["ja"])
    client.force_login(people["ja"])
    return page


def url(page, name="translate_text", language="ja"):
    return reverse(name, args=[page.translation_key, language])


def posted(page, user, place, *words, **more):
    """What the form of a paragraph sends."""
    (unit,) = [unit for unit in units(page, "ja", user) if unit.key == place]
    data = {"place": place, "action": "done"}
    for line, text in zip(unit.lines, words, strict=True):
        n = line.number
        data |= {
            f"path-{n}": line.paragraph.path,
            f"seen-{n}": line.paragraph.version,
            f"number-{n}": line.save_number,
            f"text-{n}": text,
        }
    return data | more


def text_of(page, path):
    return TextState.objects.get(object_key=page.translation_key, language="ja", path=path).text


def test_done_leads_to_the_next_paragraph(client, page, people):
    answer = client.post(url(page), posted(page, people["ja"], "title", "題"))
    assert text_of(page, "title") == "題"
    assert answer["Location"] == f"{url(page)}?at=summary#u-summary"
    assert 'id="t-summary-0"' in client.get(answer["Location"]).text


def test_with_htmx_both_paragraphs_and_the_counts_come_back(client, page, people):
    answer = client.post(url(page), posted(page, people["ja"], "title", "題"), headers=HTMX)
    html = answer.text
    assert html.index('id="u-title"') < html.index('id="u-summary"')
    assert html.count("data-now") == 1
    for place in ("counts", "done", "next"):
        assert f'id="{place}"' in html
    assert "<html" not in html


def test_a_paragraph_opens_alone(client, page):
    html = client.get(url(page), {"at": "summary"}, headers=HTMX).text
    assert html.count('class="pair"') == 1
    assert client.get(url(page), {"at": "nowhere"}).status_code == 404


def test_what_is_typed_is_kept_and_comes_back(client, page, people):
    data = posted(page, people["ja"], "summary", "要約 99", n="0")
    answer = client.post(url(page, "translate_save"), data, headers=HTMX)
    assert answer.status_code == 200
    assert 'data-s="saved"' in answer.text
    assert text_of(page, "summary") == ""
    assert "要約 99" in client.get(url(page), {"at": "summary"}).text


def test_what_is_typed_while_somebody_was_faster_is_told(client, page, people):
    data = posted(page, people["ja"], "summary", "遅い", n="0")
    translate_page(page, "ja", {"summary": "速い"}, by=people["ja2"])
    answer = client.post(url(page, "translate_save"), data, headers=HTMX)
    assert 'data-s="failed"' in answer.text
    assert people["ja2"].display_name in answer.text
    conflict = client.post(url(page), data)
    assert conflict.status_code == 409
    assert "速い" in conflict.text
    assert "遅い" in conflict.text
    assert text_of(page, "summary") == "速い"
    left = posted(page, people["ja"], "summary", "遅い", action="theirs")
    assert client.post(url(page), left).status_code == 302
    assert (text_of(page, "summary"), TypedWords.objects.count()) == ("速い", 0)
    assert FormerWords.objects.get().text == "遅い"


def test_what_a_button_says_is_shown_in_place(client, page, people):
    data = posted(page, people["ja"], "summary", " ")
    told = "Write the translation first."
    assert told in client.post(url(page), data, headers=HTMX).text
    assert told not in client.get(url(page)).text  # said once
    answer = client.post(url(page), data, follow=True)
    assert answer.text.count(told) == 1


def test_keep_for_later_works_without_script(client, page, people):
    client.post(url(page), posted(page, people["ja"], "summary", "途中", action="keep"))
    assert TypedWords.objects.get().text == "途中"
    assert "You began to type" in client.get(url(page)).text


def test_lost_numbers_and_unused_terms_are_told(client, page, people, case):
    change_source(case, summary="A dealer answers within 24 hours.")
    data = posted(page, people["ja"], "summary", "すぐに答える。", n="0")
    told = client.post(url(page, "translate_save"), data, headers=HTMX).text
    assert "24" in told
    assert "販売店" in told
    good = posted(page, people["ja"], "summary", "販売店は24時間以内に答える。", n="0")
    assert "warn" not in client.post(url(page, "translate_save"), good, headers=HTMX).text


def test_the_difference_to_the_earlier_original_is_shown(client, page, people, case):
    all_words(page, "ja", people["ja"])
    confirm_reading(page.translation_key, "ja", by=people["ja2"])
    before = page.summary
    change_source(case, summary=before.replace("morning", "evening"))
    html = client.get(url(page)).text
    assert "<del>morning</del><ins>evening</ins>" in html
    assert before in html
    only = client.get(url(page), {"only": "todo"}).text
    assert only.count('class="pair"') == 1


def test_a_suggestion_is_put_into_the_field_and_what_stood_there_is_kept(
    client, page, people, case
):
    from tests.translations.test_memory import SOURCE, TARGET, remember

    remember(people)
    change_source(case, summary=SOURCE)
    html = client.get(url(page), {"at": "summary"}).text
    assert TARGET in html
    button = html.split('value="use-memory-')[1].split('"')[0]
    data = posted(page, people["ja"], "summary", "途中", action=f"use-memory-{button}")
    client.post(url(page), data)
    assert TypedWords.objects.get().text == TARGET
    assert FormerWords.objects.get().text == "途中"
    assert text_of(page, "summary") == ""
    data = posted(page, people["ja"], "summary", "x", action="use-memory-999999-0")
    assert client.post(url(page), data).status_code == 404


def test_former_words_are_put_back_into_the_field(client, page, people):
    translate_page(page, "ja", {"summary": "前の"}, by=people["ja2"])
    client.post(url(page), posted(page, people["ja"], "summary", "今の"))
    row = FormerWords.objects.get()
    data = posted(page, people["ja"], "summary", "今の", action=f"use-former-{row.pk}-0")
    client.post(url(page), data)
    assert TypedWords.objects.get().text == "前の"


def test_the_page_stands_right_to_left_beside_left_to_right(client, page, people):
    begin_translation(page, "ar", by=people["ar"])
    client.force_login(people["ar"])
    html = client.get(url(page, language="ar")).text
    assert '<p lang="en" dir="ltr">' in html
    assert 'lang="ar" dir="rtl" maxlength' in html


def test_the_texts_queries_do_not_grow_with_its_paragraphs(
    client, page, django_assert_max_num_queries
):
    client.get(url(page))
    with django_assert_max_num_queries(60):
        client.get(url(page))


def test_the_second_reader_sees_what_to_look_at(client, page, people, case):
    change_source(case, summary="Within 24 hours.")
    translate_page(page, "ja", {"summary": "すぐに。"}, by=people["ja"])
    client.force_login(people["ja2"])
    html = client.get(url(page, "translate_read")).text
    assert "A number of the original is missing: 24." in html
