"""The search by HTTP: the page's answers as JSON, and refusals as problem documents."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from search.upkeep import follow
from tests.factories import make_country, make_distributor, make_region, make_topic, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/search"
PROBLEM = "application/problem+json"


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    return client


def test_a_hit_and_its_page(signed_in, publish):
    region = make_region("middle-east")
    topic = make_topic("winter-tyres", name_en="Winter tyres")
    case = publish(
        "Parts <shortage>",
        "Stock & parts.",
        distributor=make_distributor(country=make_country(region=region)),
        process_steps=["own"],
        topics=(topic,),
    )
    page = case.source_page()
    follow()  # else a host's own index, beside PostgreSQL, is not whole yet and says so
    response = signed_in.get(ADDRESS, {"q": "parts shortage"})
    assert response.headers["Content-Type"].startswith("application/json")
    body = response.json()
    facets = body.pop("facets")
    assert body == {
        "language": "en",
        "total": 1,
        "page": 1,
        "page_size": 10,
        "hits": [
            {
                "key": f"story:{case.pk}",
                "language": "en",
                "title": "Parts <shortage>",
                "highlights": {
                    "title": "<mark>Parts</mark> &lt;<mark>shortage</mark>&gt;",
                    "text": body["hits"][0]["highlights"]["text"],
                },
                "url": f"http://testserver{page.url}",
                "type": "story",
                "region": ["middle-east"],
                "process": ["own"],
                "topic": ["winter-tyres"],
                "date": case.published_at.date().isoformat(),
            }
        ],
        "suggestion": None,
        "other_languages": {"total": 0, "hits": []},
        "engine": body["engine"],
        "degraded": False,
        "partial": False,
    }
    assert "Stock &amp; <mark>parts</mark>." in body["hits"][0]["highlights"]["text"]
    assert list(facets) == ["type", "region", "process", "topic", "language", "year"]
    assert facets["topic"] == [
        {"value": "winter-tyres", "label": "Winter tyres", "count": 1, "chosen": False}
    ]


def test_facets_sort_and_pages_as_on_the_page(signed_in, publish):
    for number in range(7):
        publish(f"Parts {number}", process_steps=["own" if number % 2 else "buy"])
    asked = {"q": "parts", "process": ["own", "buy"], "sort": "date", "page": 2, "page_size": 5}
    body = signed_in.get(ADDRESS, asked).json()
    assert (body["total"], len(body["hits"]), body["page"]) == (7, 2, 2)
    assert {v["value"]: (v["count"], v["chosen"]) for v in body["facets"]["process"]} == {
        "buy": (4, True),
        "own": (3, True),
    }
    assert signed_in.get(ADDRESS, {"q": "parts", "process": "own"}).json()["total"] == 3


def test_a_suggestion_and_other_languages(signed_in, publish):
    publish("Warehouse")
    body = signed_in.get(ADDRESS, {"q": "wharehouse"}).json()
    assert body["suggestion"] == {"text": "warehouse", "total": 1}
    body = signed_in.get(ADDRESS, {"q": "warehouse", "lang": "fa"}).json()
    assert (body["total"], body["other_languages"]["total"]) == (0, 1)
    assert body["other_languages"]["hits"][0]["language"] == "en"
    chosen = signed_in.get(ADDRESS, {"q": "warehouse", "lang": "fa", "language": "en"}).json()
    assert [hit["language"] for hit in chosen["hits"]] == ["en"]


def test_each_finds_what_they_may_see(client, publish, member):
    publish("Parts for all", audience="public")
    publish("Parts for members")
    assert client.get(ADDRESS, {"q": "parts"}).json()["total"] == 1
    client.force_login(member)
    assert client.get(ADDRESS, {"q": "parts"}).json()["total"] == 2


def test_the_language_is_asked_for_or_the_members_or_the_browsers(client, publish):
    publish("倉庫", language="ja", audience="public")

    def type_label(**asked) -> str:
        body = client.get(ADDRESS, {"q": "倉庫"} | asked.pop("query", {}), **asked).json()
        values = body["facets"]["type"]
        return body["language"], values[0]["label"] if values else ""

    assert type_label(headers={"Accept-Language": "ja"})[0] == "ja"
    assert type_label(headers={"Accept-Language": "xx"})[0] == "en"
    assert type_label(query={"lang": "ja"}, headers={"Accept-Language": "fr"})[0] == "ja"
    client.force_login(make_user(interface_language="ja"))
    language, label = type_label(headers={"Accept-Language": "fr"})
    assert (language, label != "Case story") == ("ja", True)


# --- refusals ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"page_size": "51"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"page": "x"}, "page"),
        ({"page": "9" * 6_000}, "page"),
        ({"sort": "DROP"}, "sort"),
        ({"lang": "xx"}, "lang"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_parameter_that_is_not_taken_is_named(client, query, name):
    response = client.get(ADDRESS, {"q": "parts"} | query)
    assert (response.status_code, response.headers["Content-Type"]) == (422, PROBLEM)
    body = response.json()
    assert (body["type"], body["status"]) == ("about:blank", 422)
    assert [item["name"] for item in body["parameters"]] == [name]


def test_too_many_requests_are_told_when_to_come_back(client, settings):
    settings.API_RATE = "2/d"
    answers = [client.get(ADDRESS, {"q": "parts"}) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == PROBLEM
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    assert Client(REMOTE_ADDR="192.0.2.1").get(ADDRESS).status_code == 200


@pytest.mark.parametrize(
    "address", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/search", "/api/v1/search/x"]
)
def test_what_is_not_there_is_a_problem_too(client, address):
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)


def test_only_reading_is_allowed():
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        response = getattr(strict, method)(ADDRESS)
        assert (response.status_code, response.headers["Content-Type"]) == (405, PROBLEM), method
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_head_and_options(client, publish):
    head = client.head(ADDRESS, {"q": "parts"})
    assert (head.status_code, head.content) == (200, b"")
    options = client.options(ADDRESS)
    assert options.status_code == 204
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_other_sites_may_not_read_and_caches_may_not_keep(client):
    response = client.get(ADDRESS, {"q": "parts"}, headers={"Origin": "https://else.example"})
    assert not [name for name in response.headers if name.startswith("Access-Control")]
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_refusals_are_in_the_askers_language(client, settings):
    settings.API_RATE = "0/d"
    english = client.get(ADDRESS).json()["title"]
    japanese = client.get(ADDRESS, {"lang": "ja"})
    assert japanese.headers["Content-Language"] == "ja"
    assert english == "Too many requests in a short time"
    assert japanese.json()["title"] != english


# --- description -----------------------------------------------------------------
def test_it_is_described(client):
    body = client.get("/api/v1/openapi.json").json()
    assert body["openapi"].startswith("3.")
    operations = body["paths"]["/api/v1/search"]
    assert list(operations) == ["get"]
    names = {p["name"]: p["schema"] for p in operations["get"]["parameters"]}
    assert {"q", "lang", "type", "region", "process", "topic", "language", "year", "sort"} | {
        "page",
        "page_size",
    } == set(names)
    assert names["page_size"]["maximum"] == 50
    assert set(operations["get"]["responses"]) == {"200", "422", "429"}


def test_the_answer_fits_its_description(client, publish):
    """Each property that is described is there, and no other."""
    publish("Parts", audience="public")
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    body = client.get(ADDRESS, {"q": "parts"}).json()
    assert set(body) == set(schemas["Found"]["properties"])
    assert set(body["hits"][0]) == set(schemas["FoundText"]["properties"])
    assert set(body["facets"]["type"][0]) == set(schemas["Value"]["properties"])


# --- anything ----------------------------------------------------------------------
TYPED = st.text(max_size=60) | st.text(alphabet='"-−* ()«»ab\0\u200f\u202e٣ก倉', max_size=40)


@pytest.mark.slow
@how(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    query=st.dictionaries(
        st.sampled_from("q lang type region topic language year sort page page_size x".split()),
        st.lists(TYPED, max_size=3),
    )
)
def test_any_address_is_answered(signed_in, publish, settings, query):
    settings.API_RATE = "100000/s"
    response = signed_in.get(ADDRESS, query)
    assert response.status_code in (200, 422)
    assert signed_in.get(ADDRESS, {"q": query.get("q", [""])[:1]}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("q=" + "x" * 5_000_000, 200), ("&".join(["type=a"] * 20_000), 400)],
    ids=["one value", "many values"],
)
def test_megabytes_are_answered_briefly(client, query, status):
    response = client.get(f"{ADDRESS}?{query}")
    assert response.status_code == status
    assert len(response.content) < 20_000
