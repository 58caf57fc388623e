"""The demo's catalogue: the sources' programmes, example dates, people in every state."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings

from gkc_site.demo.book import CONTENT
from gkc_site.demo.people import load_people
from gkc_site.demo.workshops import load_workshops
from network.registry import resolve_references
from search.api import drain, embedded_consumer, search
from search.contract import SearchRequest
from tests.shared import round_the_tests
from workshops.models import Enrolment, Programme, Session

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """How much the demo's workshops are, loaded once for these tests."""
    home = tmp_path_factory.mktemp("demo-home")
    with override_settings(GKC_HOME=home), round_the_tests(django_db_blocker):
        load_people()
        yield load_workshops()


@pytest.fixture
def demo(loaded, settings):
    settings.DEMO_MODE = True
    return loaded


def test_the_catalogue_holds_the_sources_programmes_and_loads_once(demo, client, rf):
    assert demo == (12, 13)
    assert load_workshops() == (0, 0)
    assert set(Session.objects.values_list("state", flat=True)) == {
        "open",
        "confirmed",
        "planned",
        "cancelled",
    }
    assert not Session.objects.filter(is_example=False).exists()
    states = set(Enrolment.objects.values_list("state", flat=True))
    assert states >= {"enrolled", "waiting", "requested", "nominated"}
    found = client.get("/en/workshops/").content.decode()
    assert "12 programmes" in found
    assert "11 sessions" in found
    for programme in Programme.objects.all():
        assert client.get(f"/en/workshops/{programme.key}/").status_code == 200
    for session in Session.objects.exclude(state="planned"):
        assert client.get(f"/en/workshops/sessions/{session.number}/").status_code == 200


def test_every_workshop_that_the_book_names_is_found(demo, rf):
    request = rf.get("/en/")
    request.user = AnonymousUser()
    named = {
        name
        for text in (CONTENT / "en").rglob("*.md")
        for line in text.read_text(encoding="utf-8").splitlines()
        if line.startswith("workshops: [")
        for name in json.loads(line.removeprefix("workshops: "))
    }
    assert len(named) == 12
    assert set(resolve_references(request, "workshop", named)) == named


def test_search_finds_programmes_and_dates(demo):
    while drain(embedded_consumer()):
        pass
    answer = search(SearchRequest("covenant", "en", AnonymousUser()))
    assert "Lexus brand study: seven days" in {hit.title for hit in answer.hits}
    filters = {"type": ("session",)}
    answer = search(SearchRequest("Nagoya", "en", AnonymousUser(), filters=filters))
    assert [hit.title.split(" · ")[0] for hit in answer.hits] == [
        "TWSM Discovery: eight days in Japan"
    ]
    answer = search(SearchRequest("Torrance", "en", AnonymousUser(), filters=filters))
    assert answer.total == 0  # planned: seen by its team only
