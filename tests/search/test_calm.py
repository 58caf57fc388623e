"""Whatever is typed gets a calm page with a way on, and never an error."""

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from network import registry
from tests.factories import make_topic

pytestmark = pytest.mark.django_db

ANYTHING = how(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TYPED = st.text(max_size=60) | st.text(alphabet='"-−* ()«»ab\0\u200f\u202e٣ก倉', max_size=40)


@pytest.fixture
def site(client, member, publish, settings):
    """Something to find, signs included; nobody is held back."""
    settings.SEARCH_RATE = settings.COMPLETION_RATE = settings.API_RATE = "10000/s"
    publish("A parts - shortage ab", language="en")
    publish("倉庫", language="ja")
    client.force_login(member)
    return client


@pytest.mark.slow
@ANYTHING
@given(text=TYPED, language=st.sampled_from(["en", "ja", "fa", "th", "fr"]))
def test_any_text_gets_a_page(site, text, language):
    assert site.get(f"/{language}/search/", {"q": text}).status_code == 200
    assert site.get(f"/{language}/search/complete/", {"q": text}).status_code == 200


@pytest.mark.slow
@ANYTHING
@given(
    st.dictionaries(
        st.sampled_from(["q", "type", "region", "topic", "language", "year", "sort", "page"]),
        st.lists(TYPED, max_size=3),
    )
)
def test_any_address_gets_a_page(site, query):
    assert site.get("/en/search/", query, follow=True).status_code == 200


def test_the_empty_page_leads_on(client, member, publish):
    topic = make_topic("winter-tyres", name_en="Winter & tyres")
    case = publish("First reply", topics=(topic,))
    client.force_login(member)
    html = client.get("/en/search/").content.decode()
    assert "What are you looking for?" in html
    assert 'href="?q=Winter%20%26%20tyres"' in html
    assert f'href="{case.source_page().url}"' in html


def test_so_does_a_silly_one(client, member, publish):
    publish("First reply")
    client.force_login(member)
    html = client.get("/en/search/", {"q": "-"}).content.decode()
    assert "Nothing found" in html
    assert "First reply" in html


def test_the_main_places_are_named_where_nothing_is_found(client):
    for asked in ("", "zxqzxq"):
        places = client.get("/en/search/", {"q": asked}).content.decode()
        places = places[places.index('id="places"') :]
        places = places[: places.index("</nav>")]
        for menu in registry.menus(AnonymousUser()):
            assert f'href="{menu.url()}">{menu.label}</a>' in places


def test_what_was_chosen_stays_while_the_field_is_empty(client, member, publish):
    case = publish("First reply")
    client.force_login(member)
    address = "/en/search/?q=&process=own&process=buy&year=2026"
    html = client.get(address).content.decode()
    assert "What are you looking for?" in html
    assert "Nothing found" not in html
    assert f'href="{case.source_page().url}"' in html
    # Seen, to be taken back, and asked for with the words typed next.
    assert 'href="?q=&amp;process=buy&amp;year=2026"' in html
    for name, value in (("process", "own"), ("process", "buy"), ("year", "2026")):
        hidden = f'<input type="hidden" form="search" name="{name}" value="{value}">'
        assert html.count(hidden) == 1
    found = client.get("/en/search/?q=reply&process=own").content.decode()
    assert 'type="hidden" form="search"' not in found


def test_it_leads_to_nothing_that_may_not_be_seen(client, publish):
    topic = make_topic("winter-tyres", name_en="Winter tyres")
    publish("First reply", topics=(topic,))
    html = client.get("/en/search/").content.decode()
    assert "First reply" not in html
    assert "Winter tyres" not in html
    publish("Second reply", topics=(topic,), audience="public")
    html = client.get("/en/search/").content.decode()
    assert "Second reply" in html
    assert "Winter tyres" in html


@pytest.mark.parametrize("sign", ["ก", "倉", "٣", "😀", "“"])
def test_two_thousand_characters_of_any_script_get_a_page(client, publish, sign):
    response = client.get("/en/search/", {"q": sign * 2_000, "page": 9}, follow=True)
    assert response.status_code == 200
    assert "Nothing found" in response.content.decode()


def test_too_long_an_address_leads_to_one_with_what_is_looked_up(client, publish):
    for number in range(2):
        publish(f"倉庫 {number}", language="ja", audience="public")
    asked = {"q": "倉庫 " + "倉" * 1_998, "type": "story", "page": 9}
    response = client.get("/ja/search/", asked, follow=True)
    assert response.status_code == 200
    assert len(response.redirect_chain) == 2
    assert response.context["address"].filters == {"type": ("story",)}
    assert response.context["answer"].total == 2
    # Not encoded it is shorter than what it leads to.
    bare = f"q={'倉' * 1_000}&page=9"
    assert client.get(f"/ja/search/?{bare}", follow=True).status_code == 200
    # Filters go where they alone are too long.
    many = {"q": "倉庫", "topic": ["題" * 50 + str(n) for n in range(50)]}
    response = client.get("/ja/search/", many, follow=True)
    assert response.context["address"].filters == {}
    assert response.context["answer"].total == 2


def test_choosing_languages_from_too_long_an_address_leads_to_search(client):
    address = "/en/search/?q=" + "x" * 20_000
    response = client.post("/en/search/languages/", {"next": address, "language": "fa"})
    assert (response.status_code, response.headers["Location"]) == (302, "/en/search/")


@pytest.mark.parametrize(
    "query",
    ["q=" + "x" * 5_000_000, "q=parts&" + "&".join(["type=a"] * 20_000), "&" * 3_000_000],
    ids=["one value", "many values", "no value"],
)
def test_megabytes_are_answered_briefly(client, query):
    response = client.get(f"/en/search/?{query}", follow=True)
    assert response.status_code == 200
    assert len(response.content) < 200_000
