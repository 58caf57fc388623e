"""Editors' picks: for exactly these words, in the reader's language, for those who may see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from bulletins.transitions import withdraw_case
from search.picks import picks
from silver_book.models import BookIndexPage
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pick():
    """pick('words', page) or pick('words', external_link_url=…): an editor's choice."""

    def made(words: str, page=None, **fields):
        query = Query.objects.get_or_create(query_string=words.lower())[0]
        return SearchPromotion.objects.create(query=query, page=page, **fields)

    return made


def shown(client, text: str, language: str = "en", **query) -> list[tuple[str, str]]:
    response = client.get(f"/{language}/search/", {"q": text} | query)
    return [(p.title, p.language) for p in response.context["picks"]]


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


@pytest.mark.parametrize("typed", ["Pärts shortage", " parts   SHORTAGE ", "parts shortage"])
def test_for_these_words_however_written(signed_in, publish, pick, typed):
    case = publish("Empty trays")
    pick("parts shortage", case.source_page(), description="Start <here>.")
    html = signed_in.get("/en/search/", {"q": typed}).content.decode()
    assert "Chosen by the editors" in html
    assert f'href="{case.source_page().url}"' in html
    assert "Start &lt;here&gt;." in html


def test_not_for_other_words_and_not_on_later_pages(signed_in, publish, pick):
    pick("parts shortage", publish("Empty trays").source_page())
    assert shown(signed_in, "parts") == []
    assert shown(signed_in, "parts shortage", page="2") == []
    assert shown(signed_in, "") == []


def test_the_readers_translation_is_shown_where_there_is_one(client, publish, add_language, pick):
    client.force_login(make_user(interface_language="fa", further_languages=["ja"]))
    case = publish("Empty trays")
    pick("parts", case.source_page())
    assert shown(client, "parts", "fa") == [("Empty trays", "en")]
    add_language(case, "ja", "空の箱")
    assert shown(client, "parts", "fa") == [("空の箱", "ja")]
    add_language(case, "fa", "سینی خالی")
    assert shown(client, "parts", "fa") == [("سینی خالی", "fa")]
    assert shown(client, "parts", "ja") == [("空の箱", "ja")]


def test_only_for_those_who_may_see_the_page(client, publish, pick, member):
    hidden = publish("Members only", audience="network")
    public = publish("For all", audience="public")
    for case in (hidden, public):
        pick("parts", case.source_page())
    assert shown(client, "parts") == [("For all", "en")]
    client.force_login(member)
    assert shown(client, "parts") == [("Members only", "en"), ("For all", "en")]


def test_a_withdrawn_page_is_shown_to_nobody(client, publish, pick):
    editor = make_user("editor")
    client.force_login(editor)
    case = publish("Wrong figures")
    pick("parts", case.source_page())
    assert shown(client, "parts") == [("Wrong figures", "en")]
    withdraw_case(case, by=editor, reason="Wrong figures.")
    assert shown(client, "parts") == []


def test_a_room_without_content_is_not_shown(signed_in, pick):
    book = BookIndexPage.objects.get(locale__language_code="en")
    assert book.numchild == 0
    pick("book", book)
    assert shown(signed_in, "book") == []


def test_an_address_elsewhere(client, pick):
    pick("parts", external_link_url="https://parts.example/", external_link_text="Parts desk")
    html = client.get("/en/search/", {"q": "parts"}).content.decode()
    assert '<a href="https://parts.example/">Parts desk</a>' in html


def test_readers_queries_are_not_recorded(signed_in, publish):
    publish("Parts")
    for text in ("parts", "partts", "nothing at all"):
        signed_in.get("/en/search/", {"q": text})
        signed_in.get("/api/v1/search", {"q": text})
        signed_in.get("/en/search/complete/", {"q": text})
    assert (Query.objects.count(), QueryDailyHits.objects.count()) == (0, 0)


def test_editors_keep_them_in_the_admin(client, publish):
    editor = make_user("editor")
    client.force_login(editor, "gkc_site.accounts.backends.MemberBackend")
    page = publish("Empty trays").source_page()
    add = reverse("wagtailsearchpromotions:add")
    assert client.get(add).status_code == 200
    form = {
        "query_string": "Parts Shortage",
        "editors_picks-TOTAL_FORMS": "1",
        "editors_picks-INITIAL_FORMS": "0",
        "editors_picks-MIN_NUM_FORMS": "0",
        "editors_picks-MAX_NUM_FORMS": "1000",
        "editors_picks-0-page": str(page.pk),
        "editors_picks-0-description": "",
        "editors_picks-0-ORDER": "1",
    }
    assert client.post(add, form).status_code == 302
    assert shown(client, "parts shortage") == [("Empty trays", "en")]
    assert reverse("wagtailsearchpromotions:search_terms") not in (
        client.get(reverse("wagtailadmin_home")).content.decode()
    )


def test_the_cost_does_not_grow_with_choices_for_other_words(publish, pick, member):
    page = publish("Empty trays").source_page()
    pick("parts", page)
    seen = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert [found.title for found in picks("parts", ["en"], member)] == ["Empty trays"]
        seen.append(len(captured))
        for number in range(20):
            pick(f"other {number}", page)
    assert seen[0] == seen[1]
