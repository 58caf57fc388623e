"""Atom and JSON Feed: the same permissions as the pages, read by a real parser."""

import datetime
import json

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.feeding import feed_sources
from bulletins.models import Case, CaseStoryPage
from tests.factories.network import make_country, make_distributor, make_region, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import FeedToken
from touchpoints.transitions import make_feed_address, revoke_feed_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    """One of each audience, in a home region."""
    region = make_region("far-east")
    firm = make_distributor(country=make_country(region=region))
    made = {
        audience: make_case(published=True, audience=audience, distributor=firm, title=audience)
        for audience in ("public", "network", "region")
    }
    made["draft"] = make_case(title="draft", distributor=firm)
    return made


def titles(client, address, form="atom") -> set[str]:
    body = client.get(address).content
    if form == "json":
        return {item["title"] for item in json.loads(body)["items"]}
    parsed = feedparser.parse(body)
    assert not parsed.bozo, parsed.bozo_exception
    return {entry.title for entry in parsed.entries}


def own(user, name="stories", form="atom", language="en") -> str:
    _token, secret = make_feed_address(user)
    return f"/{language}/feeds/{secret}/{name}.{form}"


@pytest.mark.parametrize("form", ["atom", "json"])
def test_each_sees_in_a_feed_what_they_may_read(client, cases, form):
    public = f"/en/feeds/stories.{form}"
    neighbour = make_user(distributor=make_distributor(country=cases["region"].distributor.country))
    stranger = make_user(distributor=make_distributor())
    assert titles(client, public, form) == {"public"}
    client.force_login(stranger)  # the public address is nobody's own
    assert titles(client, public, form) == {"public"}
    client.logout()
    assert titles(client, own(stranger, form=form), form) == {"public", "network"}
    assert titles(client, own(neighbour, form=form), form) == {"public", "network", "region"}
    assert titles(client, own(make_user("editor"), form=form), form) == {
        "public",
        "network",
        "region",
    }


@pytest.mark.parametrize("source", ["stories", "bulletins", "news"])
def test_each_feed_equals_what_the_queryset_shows(client, cases, source):
    assert source in {found.name for found in feed_sources()}
    make_issue(released=True, cases=(cases["network"], cases["public"]))
    member = make_user(distributor=make_distributor())
    parsed = feedparser.parse(client.get(own(member, source)).content)
    readable = set(Case.objects.readable_by(member).values_list("number", flat=True))
    if source == "stories":
        assert {entry.id.rpartition(":")[2] for entry in parsed.entries} == readable
    if source == "bulletins":
        [entry] = parsed.entries
        assert "network" in entry.summary
        visitor = feedparser.parse(client.get("/en/feeds/bulletins.atom").content)
        assert "public" in visitor.entries[0].summary
        assert "network" not in visitor.entries[0].summary


def test_an_entry_says_all_that_a_program_needs(client, cases):
    parsed = feedparser.parse(client.get("/ar/feeds/stories.atom").content)
    assert parsed.version == "atom10"
    assert parsed.feed.language == "ar"
    [entry] = parsed.entries
    case = cases["public"]
    assert entry.id == f"tag:gkc.example,2026:story:{case.number}"
    assert entry.link.startswith("http")
    assert "/ar/stories/" in entry.link
    assert entry.summary_detail.language == "en"  # not translated: says so
    assert entry.updated_parsed is not None
    item = json.loads(client.get("/ar/feeds/stories.json").content)
    assert item["version"] == "https://jsonfeed.org/version/1.1"
    assert item["items"][0]["id"] == entry.id
    assert item["items"][0]["language"] == "en"


def test_by_region(client, cases):
    other = make_region("far-west")
    firm = make_distributor(country=make_country(region=other))
    make_case(published=True, audience="public", distributor=firm, title="west")
    assert titles(client, "/en/feeds/stories.atom?region=far-west") == {"west"}
    assert titles(client, "/en/feeds/stories.atom?region=far-east") == {"public"}
    assert client.get("/en/feeds/stories.atom?region=nowhere").status_code == 404


def test_asked_again_nothing_new_is_304_and_a_change_is_not(client, cases):
    address = "/en/feeds/stories.atom"
    first = client.get(address)
    known = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(address, **known).status_code == 304
    since = {"HTTP_IF_MODIFIED_SINCE": first["Last-Modified"]}
    assert client.get(address, **since).status_code == 304
    later = timezone.now() + datetime.timedelta(hours=1)
    pages = CaseStoryPage.objects.filter(case=cases["public"])
    pages.update(title="Changed", last_published_at=later)
    assert client.get(address, **known).status_code == 200
    assert client.get(address, **since).status_code == 200


def test_an_empty_feed_is_valid_and_stays_the_same(client):
    answers = [client.get("/en/feeds/stories.atom") for _ in range(2)]
    assert answers[0]["ETag"] == answers[1]["ETag"]
    assert not feedparser.parse(answers[0].content).bozo


def test_guessed_revoked_and_closed_addresses(client):
    user = make_user(distributor=make_distributor())
    token, secret = make_feed_address(user, "Phone")
    address = f"/en/feeds/{secret}/stories.atom"
    answer = client.get(address)
    assert (answer.status_code, "private" in answer["Cache-Control"]) == (200, True)
    assert secret not in token.hash
    assert FeedToken.objects.filter(hash__contains=secret).count() == 0
    assert client.get("/en/feeds/guess/stories.atom").status_code == 404
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(address).status_code == 410
    type(user).objects.filter(pk=user.pk).update(is_active=True)
    revoke_feed_address(token, by=user)
    assert client.get(address).status_code == 410


def test_a_story_that_leaves_leaves_the_feed(client, cases):
    address = own(make_user(distributor=make_distributor()))
    assert "network" in titles(client, address)
    Case.objects.filter(pk=cases["network"].pk).update(audience="region")
    assert "network" not in titles(client, address)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("source", "queries"), [("stories", 8), ("bulletins", 10)])
def test_queries_do_not_grow(client, django_assert_max_num_queries, number, source, queries):
    for n in range(number):
        case = make_case(published=True, audience="public")
        make_issue(datetime.date(2027, n + 1, 1), released=True, cases=(case,))
    client.get("/en/feeds/stories.atom")  # the site's root paths are cached
    with django_assert_max_num_queries(queries):
        client.get(f"/en/feeds/{source}.atom")


def test_the_pages_say_where_their_feed_is(client, cases):
    page = client.get("/en/stories/").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/en/feeds/stories.atom"' in page
    assert "/en/feeds/bulletins.json" in client.get("/en/bulletins/").content.decode()


# --- the page where a member makes and ends them -------------------------------------------
def test_an_address_is_shown_once_and_ends(client):
    user = make_user(distributor=make_distributor())
    client.force_login(user)
    page = client.post(reverse("mail_feeds"), {"label": "Phone"})
    address = page.context["fresh"][0]["addresses"][0][1]
    assert address in page.content.decode()
    path = "/" + address.split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert path not in client.get(reverse("mail_settings")).content.decode()
    other = make_feed_address(make_user())[0]
    assert client.post(reverse("mail_feeds"), {"revoke": other.pk}).status_code == 404
    client.post(reverse("mail_feeds"), {"revoke": user.feed_tokens.get().pk})
    assert client.get(path).status_code == 410
