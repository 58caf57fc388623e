"""What is offered while one types, and how a browser asks for it."""

import json
import xml.etree.ElementTree as ET

import pytest

from search.api import mark_changed
from search.completion import MAX_ENTRIES
from tests.factories import make_user
from tests.factories.workshops import make_programme, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def entries(client, text: str, language: str = "en") -> list[dict]:
    return client.get(f"/{language}/search/complete/", {"q": text}).json()["entries"]


def titles(client, text: str, language: str = "en") -> list[str]:
    return [entry["text"] for entry in entries(client, text, language) if entry["url"]]


@pytest.mark.parametrize("typed", ["zep", "ZEPH", "motors zeph", "zéphyr mot"])
def test_words_of_a_title_the_last_begun(signed_in, publish, typed):
    case = publish("Zephyr motors")
    publish("Zebra", "Zephyr stands in the text only.")
    (entry,) = [e for e in entries(signed_in, typed) if e["url"]]
    assert entry == {
        "text": "Zephyr motors",
        "kind": "Case story",
        "url": case.source_page().url,
        "lang": "en",
        "dir": "ltr",
    }


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("ja", "倉庫火災後の部品供給", "倉"),
        ("ja", "倉庫火災後の部品供給", "倉庫火"),
        ("fa", "کتاب‌ها در انبار", "كتاب"),
        ("ar", "إعادة بناء المستودع", "اعاده بن"),
        ("th", "การจัดส่งอะไหล่", "การจัด"),
        ("zh-hans", "仓库火灾后的零件供应", "仓库"),
    ],
)
def test_in_every_script(signed_in, publish, language, title, typed):
    publish(title, language=language)
    assert titles(signed_in, typed, language) == [title]


def test_the_readers_further_languages_where_the_page_has_none(client, publish):
    client.force_login(make_user(interface_language="fa", further_languages=["en"]))
    publish("Zephyr motors")
    (entry,) = entries(client, "zephyr", "ja")
    assert (entry["lang"], entry["dir"]) == ("en", "ltr")


def test_not_more_than_a_hand_and_a_half(signed_in, publish):
    for number in range(12):
        publish(f"Zephyr {number}")
    assert len(entries(signed_in, "zephyr")) == MAX_ENTRIES


def test_hidden_titles_do_not_push_seen_ones_out(client, publish):
    for number in range(12):
        publish(f"Zephyr {number}")
    publish("Zephyr everybody may see, longest of all", audience="public")
    assert titles(client, "zephyr") == ["Zephyr everybody may see, longest of all"]


@pytest.mark.parametrize("typed", ["", " ", "-", '"', "* OR", "\0", "x" * 3_000, "NEAR(", "'"])
def test_silly_beginnings_are_answered(signed_in, publish, typed):
    publish("Zephyr")
    assert titles(signed_in, typed) == []


def test_queries_do_not_grow_with_titles(signed_in, publish, django_assert_max_num_queries):
    for number in range(20):
        publish(f"Zephyr {number}")
    entries(signed_in, "zephyr")  # a host with an index of its own follows here
    with django_assert_max_num_queries(10):
        entries(signed_in, "zephyr")


def test_completing_is_limited(client, settings):
    settings.COMPLETION_RATE = "2/d"
    answers = [client.get("/en/search/complete/", {"q": "z"}) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 86_400


def test_nothing_is_kept_by_caches(client):
    assert "no-store" in client.get("/en/search/complete/?q=z").headers["Cache-Control"]


# --- browsers -----------------------------------------------------------------------
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_browsers_get_their_own_form(signed_in, publish):
    case = publish("Zephyr motors")
    response = signed_in.get("/en/search/complete/", {"q": "zeph", "format": "opensearch"})
    assert response.headers["Content-Type"].startswith("application/x-suggestions+json")
    assert json.loads(response.content) == [
        "zeph",
        ["Zephyr motors"],
        ["Case story"],
        [f"http://testserver{case.source_page().url}"],
    ]


@pytest.mark.parametrize("language", ["en", "ar", "pt-br", "zh-hans"])
def test_the_description_is_in_the_pages_language(client, language):
    response = client.get(f"/{language}/opensearch.xml")
    assert response.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ET.fromstring(response.content)
    assert len(root.find(f"{OPENSEARCH}ShortName").text) <= 16
    urls = {url.get("type"): url.get("template") for url in root.findall(f"{OPENSEARCH}Url")}
    assert urls["text/html"] == f"http://testserver/{language}/search/?q={{searchTerms}}"
    assert urls["application/x-suggestions+json"] == (
        f"http://testserver/{language}/search/complete/?format=opensearch&q={{searchTerms}}"
    )


def test_every_page_names_the_description(client):
    html = client.get("/ar/").content.decode()
    assert 'type="application/opensearchdescription+xml" href="/ar/opensearch.xml"' in html


def test_who_asks_for_nothing_yet_sees_what_was_published_last_and_no_date_to_come(
    signed_in, publish
):
    publish("Zephyr motors")
    session = make_session(make_programme("values", name="Values"), in_days=400)
    mark_changed(session.programme)
    mark_changed(session)
    page = signed_in.get("/en/search/").content.decode()
    assert "Zephyr motors" in page
    assert session.number not in page
    # It is found all the same.
    assert session.number in signed_in.get("/en/search/", {"q": session.number}).content.decode()
