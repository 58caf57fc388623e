"""Elasticsearch is down: the host's embedded index answers within a second, and says so.

On both databases: with PostgreSQL the host's own file follows before it is asked.
"""

import socket
import time

import pytest
from django.urls import reverse

from search import engines
from search.api import mark_changed, search
from search.contract import SearchRequest
from search.engines.elasticsearch import client as connections
from search.following import ELASTICSEARCH, behind, follow_elasticsearch
from tests.search.conftest import counts, keys
from tests.search.faults.nodes import starved_s

pytestmark = pytest.mark.slow

WORD = "quokkafence"


@pytest.fixture
def refusing():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def silent():
    """The address of a server that takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture(params=["refusing", "silent"])
def down(request, settings):
    """The site with Elasticsearch, which is away or hangs; a test's own breaker."""
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URLS = [request.getfixturevalue(request.param)]
    settings.ELASTICSEARCH_WRITE_TIMEOUT_S = 0.5
    connections.connection.cache_clear()
    yield
    connections.connection.cache_clear()


def timed(work):
    """(result, seconds), without those that this thread waited for a processor."""
    start, before = time.perf_counter(), starved_s()
    result = work()
    return result, time.perf_counter() - start - (starved_s() - before)


def test_the_embedded_index_answers_within_a_second_and_says_so(down, publish, ask):
    story = publish(f"The {WORD}", "Parts were short.", process_steps=["own"])
    ask(WORD)  # what a host does once: its index made, its breaker opened
    connections.connection.cache_clear()
    page, seconds = timed(lambda: ask(WORD))
    assert (page.engine, page.degraded, page.total) == ("embedded", True, 1)
    assert keys(page) == [f"story:{story.pk}"]
    assert counts(page, "process") == {"own": 1}
    assert seconds < 1.0


def test_the_page_says_so(down, publish, client):
    publish(f"The {WORD}", audience="public")
    client.get(reverse("search"), {"q": WORD})
    connections.connection.cache_clear()
    response, seconds = timed(lambda: client.get(reverse("search"), {"q": WORD}))
    assert "The full search is not answering at the moment." in response.content.decode()
    assert WORD in response.content.decode()
    assert seconds < 1.0


def test_what_is_published_and_withdrawn_meanwhile_is_right(down, publish, ask):
    first = publish(f"{WORD} one")
    assert ask(WORD).total == 1
    second = publish(f"{WORD} two")
    follow_elasticsearch()
    assert set(keys(ask(WORD))) == {f"story:{first.pk}", f"story:{second.pk}"}
    type(first).objects.filter(pk=first.pk).update(is_published=False)
    mark_changed(first)
    follow_elasticsearch()
    page = ask(WORD)
    assert (keys(page), page.total, page.degraded) == ([f"story:{second.pk}"], 1, True)
    # Nothing is lost: all of it waits for the server.
    waiting = set(behind(ELASTICSEARCH).values_list("key", flat=True))
    assert {f"story:{first.pk}", f"story:{second.pk}"} <= waiting


def test_who_may_not_see_it_does_not_find_it(down, publish, visitor):
    publish(f"The {WORD}", audience="members")
    page = search(SearchRequest(WORD, "en", visitor))
    assert (page.engine, page.degraded, page.total, page.hits) == ("embedded", True, 0, ())
    assert page.suggestion is None


@pytest.mark.postgres
def test_a_host_beside_postgresql_answers_from_a_file_of_its_own(down, settings, publish, ask):
    assert not engines.embedded().is_transactional
    publish(f"The {WORD}")
    assert ask(WORD).total == 1
    with open(settings.SEARCH_INDEX_PATH, "rb") as file:
        assert file.read(15) == b"SQLite format 3"
