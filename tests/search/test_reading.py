"""The languages a person reads: a member's profile, a visitor's cookie."""

import pytest

from tests.factories import make_user

pytestmark = pytest.mark.django_db

SAVE = "/en/search/languages/"


def choose(client, *codes, **headers):
    return client.post(SAVE, {"language": codes}, headers=headers)


def offered(client, language="en") -> list[str]:
    page = client.get(f"/{language}/search/", {"q": "zephyr"})
    return [code for code, _name in page.context["reading"]["names"]]


def test_a_visitor_begins_with_the_page_and_english(client):
    assert offered(client, "fa") == ["fa", "en"]
    assert offered(client, "en") == ["en"]


def test_a_visitors_choice_is_kept(client):
    choose(client, "fa", "ja")
    assert offered(client, "en") == ["en", "ja", "fa"]
    choose(client)
    assert offered(client, "fa") == ["fa"]


def test_a_visitors_cookie_may_hold_anything(client):
    client.cookies["gkc_reading_languages"] = "xx.fa..<b>.fa"
    assert offered(client) == ["en", "fa"]


def test_a_members_choice_is_their_profile(client):
    member = make_user(interface_language="fa", further_languages=["it", "de"])
    client.force_login(member)
    assert offered(client) == ["en", "fa", "it", "de"]
    choose(client, "de", "ja", "en", "it", "xx")
    member.refresh_from_db()
    assert member.further_languages == ["it", "de", "en", "ja"]
    assert "gkc_reading_languages" not in client.cookies
    choose(client)
    member.refresh_from_db()
    assert (member.interface_language, member.further_languages) == ("fa", [])


def test_it_goes_back_to_the_search_it_came_from(client):
    here = "http://testserver/en/search/?q=zephyr&language=fa"
    assert choose(client, "fa", Referer=here).headers["Location"] == here
    assert choose(client, "fa").headers["Location"] == "/en/search/"
    there = choose(client, "fa", Referer="https://elsewhere.example/").headers["Location"]
    assert there == "/en/search/"


def test_the_choice_is_counted_beside_the_results(client, publish):
    publish("Zephyr one", audience="public")
    publish("Zephyr یک", language="fa", audience="public")
    choose(client, "fa")
    html = client.get("/en/search/", {"q": "zephyr"}).content.decode()
    assert 'name="language" value="fa"' in html.split('id="facets"')[1]
    assert 'href="?q=zephyr&amp;language=ja&amp;language=es' in html  # all others
