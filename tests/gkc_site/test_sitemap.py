"""The sitemap lists what a visitor may read, by language, and nothing else."""

import datetime
from xml.etree import ElementTree

import pytest
from wagtail.models import get_page_models

from gkc_site.sitemaps import EVERYBODYS, PublicPages
from network.models import GkcPage
from tests.factories import make_case, make_issue, make_story_page

pytestmark = pytest.mark.django_db
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def entries(client, query: str = "") -> dict[str, dict[str, str]]:
    """Address → language tag → address of the twin."""
    response = client.get(f"/sitemap.xml{query}")
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)
    return {
        url.find("s:loc", NS).text: {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NS)
        }
        for url in root.findall("s:url", NS)
    }


def of_stories(found) -> list[str]:
    return sorted(address for address in found if "/stories/20" in address)


def test_only_what_everybody_may_read_is_listed(client):
    public = make_case(published=True, audience="public")
    make_case(published=True, audience="public", cleared=False, title="Not cleared")
    make_case(published=True, title="Network")
    make_case(published=True, audience="region", title="Region")
    make_case(title="Draft")
    assert of_stories(entries(client)) == [f"http://testserver{public.source_page().url}"]


def test_each_page_names_its_twins_and_no_unpublished_one(client):
    case = make_case(published=True, audience="public")
    english = f"http://testserver{case.source_page().url}"
    page = make_story_page(case, "ar", "سؤال", live=True)
    make_story_page(case, "ja", "下書き", live=False)
    arabic = f"http://testserver{page.url}"
    found = entries(client)
    assert of_stories(found) == sorted([english, arabic])
    assert found[english] == found[arabic] == {"en": english, "ar": arabic}


def test_released_issues_are_listed_planned_ones_are_not(client):
    make_issue(released=True)
    make_issue(datetime.date(2026, 12, 1))
    issues = [address for address in entries(client) if "/bulletins/20" in address]
    assert [address.removeprefix("http://testserver") for address in issues] == [
        "/en/bulletins/2026/11/"
    ]


def test_home_is_listed_in_every_language(client):
    found = entries(client)
    assert "http://testserver/en/" in found
    assert found["http://testserver/en/"]["ja"] == "http://testserver/ja/"


def test_every_listed_address_answers_a_visitor(client):
    make_case(published=True, audience="public")
    make_issue(released=True)
    english = [address for address in entries(client) if "/en/" in address]
    assert len(english) == 5
    for address in english:
        assert client.get(address).status_code == 200, address


def test_every_page_type_is_decided_upon():
    assert set(EVERYBODYS) == {model for model in get_page_models() if issubclass(model, GkcPage)}


def test_a_long_list_goes_on_in_files_that_robots_names(client, monkeypatch):
    monkeypatch.setattr(PublicPages, "limit", len(PublicPages().pages) - 1)
    assert len(entries(client, "?p=2")) == 1
    assert client.get("/sitemap.xml?p=3").status_code == 404
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("Sitemap")] == [
        "Sitemap: http://testserver/sitemap.xml",
        "Sitemap: http://testserver/sitemap.xml?p=2",
    ]


def test_robots_leaves_desks_alone(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /en/desk/", "Disallow: /fa/share/"} <= set(lines)
    assert "Disallow: /" not in lines


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_stories(count, django_assert_num_queries):
    for _ in range(count):
        make_case(published=True, audience="public")
    sitemap = PublicPages()
    with django_assert_num_queries(22):
        assert len(sitemap.pages) > count
