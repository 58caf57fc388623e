"""The search page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.factories import make_country, make_distributor, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def get(client, language: str = "en", **query):
    return client.get(f"/{language}/search/", query)


def test_its_address_has_the_language():
    with translation.override("pt-br"):
        assert reverse("search") == "/pt-br/search/"


def test_a_hit_has_marks_place_and_address(signed_in, publish):
    region = make_region("middle-east")
    distributor = make_distributor(country=make_country(region=region))
    case = publish("Parts <shortage>", "Stock & parts.", distributor=distributor)
    html = get(signed_in, q="parts shortage").content.decode()
    assert "<mark>Parts</mark> &lt;<mark>shortage</mark>&gt;" in html
    assert "Stock &amp; <mark>parts</mark>." in html
    assert f'href="{case.source_page().url}"' in html
    assert "1 result</strong>" in html


def test_facets_are_check_boxes_with_counts(signed_in, publish):
    publish("Parts one", process_steps=["own"])
    publish("Parts two", process_steps=["buy"])
    html = get(signed_in, q="parts", process="own").content.decode()
    assert 'name="process" value="own" checked' in html
    assert 'name="process" value="buy">' in html
    assert "?q=parts" in html  # the chip that takes the choice away


def test_pages_are_addresses(signed_in, publish):
    for number in range(11):
        publish(f"Parts {number}")
    first = get(signed_in, q="parts").content.decode()
    assert 'href="?q=parts&amp;page=2"' in first
    assert first.count('<article class="hit">') == 10
    second = get(signed_in, q="parts", page="2").content.decode()
    assert second.count('<article class="hit">') == 1
    assert get(signed_in, q="parts", page="9").headers["Location"] == "/en/search/?q=parts&page=2"


def test_the_suggestion_leads_to_its_count(signed_in, publish):
    publish("Warehouse")
    html = get(signed_in, q="wharehouse").content.decode()
    assert 'href="?q=warehouse"' in html
    assert "(1 result)" in html


def test_htmx_gets_the_part_and_the_count(signed_in, publish):
    publish("Parts")
    response = signed_in.get("/en/search/", {"q": "parts"}, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="count" hx-swap-oob="innerHTML"' in html
    assert "HX-Request" in response.headers["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in signed_in.get("/en/search/", {"q": "parts"}, headers=back).content


def test_a_hit_in_another_language_keeps_its_own_direction(signed_in, publish):
    publish("The empty tray")
    html = get(signed_in, "fa", q="tray").content.decode()
    assert 'lang="en" dir="ltr" hreflang="en">The empty <mark>tray</mark>' in html


def test_counts_have_the_languages_digits(signed_in, publish):
    for number in range(3):
        publish(f"قطعه {number}", language="fa")
    assert "۳" in get(signed_in, "fa", q="قطعه").content.decode()


SILLY = [
    "",
    " ",
    "-",
    "- - -",
    '"',
    '"""',
    '"unbalanced',
    "!?*(){}[]^~:",
    "\0\0\0",
    "a\0b",
    "x" * 2_000,
    "ab " * 700,
    "NEAR(a b)",
    "title:x OR",
    "* AND NOT",
    "' OR 1=1 --",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202e\u200f\u200c",
    "%s %(x)s {}",
]


@pytest.mark.parametrize("language", ["en", "ja", "fa", "th"])
@pytest.mark.parametrize("text", SILLY, ids=range(len(SILLY)))
def test_silly_queries_get_a_calm_page(signed_in, publish, language, text):
    publish("Parts")
    response = get(signed_in, language, q=text)
    assert response.status_code == 200
    assert '<div class="empty">' in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "x"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"sort": "DROP"},
        {"type": "<b>"},
        {"year": "2026'"},
        {"region": ["a"] * 500},
        {"colour": "red"},
    ],
)
def test_a_strange_address_gets_a_page(signed_in, publish, query):
    publish("Parts")
    response = signed_in.get("/en/search/", {"q": "parts"} | query, follow=True)
    assert response.status_code == 200
    assert "<b>" not in response.content.decode().split('id="found"')[1]


def test_searching_is_limited(client, settings):
    settings.SEARCH_RATE = "5/d"
    answers = [get(client, q="parts").status_code for _n in range(6)]
    assert answers == [200] * 5 + [429]


@pytest.mark.slow
def test_the_pages_queries_do_not_grow_with_hits(signed_in, publish):
    region = make_region("middle-east")
    firm = make_distributor(country=make_country(region=region))
    seen = []
    for number in range(30):
        publish(f"Parts {number}", distributor=firm, process_steps=["own"])
        if number in (5, 9, 29):
            get(signed_in, q="parts")
            with CaptureQueriesContext(connection) as captured:
                get(signed_in, q="parts")
            seen.append(len(captured))
    assert seen == [seen[0]] * 3
    assert seen[0] <= 22


def test_only_reading_is_allowed(client):
    assert client.post("/en/search/").status_code in (403, 405)
