"""A real Elasticsearch for tests: fixtures for the folders that want one.

It is used where one runs (GKC_TEST_ELASTICSEARCH_URL, or the port of
`scripts/services`), else started by that script, and stopped at the end.
"""

import os
import subprocess

import pytest

from search import engines
from search.engines.elasticsearch import client as connections
from search.following import ELASTICSEARCH, behind, follow_elasticsearch
from search.rebuilding import rebuild_elasticsearch
from tests.processes import ROOT
from tests.search.faults.nodes import until

SERVICES = ROOT / "scripts" / "services"


def services(*arguments: str) -> str:
    """Call scripts/services."""
    done = subprocess.run(
        [SERVICES, *arguments], check=True, timeout=300, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="session")
def elasticsearch_url():
    """The server's address."""
    given = os.environ.get("GKC_TEST_ELASTICSEARCH_URL")
    if given:
        yield given
        return
    was_up = "elasticsearch: up" in services("status", "elasticsearch")
    services("start", "elasticsearch")
    yield f"http://127.0.0.1:{os.environ.get('ELASTICSEARCH_PORT', '19200')}"
    if not was_up:
        services("stop", "elasticsearch")


@pytest.fixture(scope="session")
def _prefix(worker_id):
    return f"gkctest-{os.getpid()}-{worker_id}-"


@pytest.fixture(scope="session")
def _indexes(elasticsearch_url, _prefix):
    """Indexes of this worker, made once and dropped at the end."""
    yield _prefix
    from elasticsearch import Elasticsearch  # noqa: TID251 - the fake's edge is the server itself

    client = Elasticsearch(elasticsearch_url, request_timeout=30)
    for name in client.indices.get(index=f"{_prefix}*", allow_no_indices=True):
        client.indices.delete(index=name)


@pytest.fixture
def engine(settings, elasticsearch_url, _indexes, db):
    """Elasticsearch answers readers; its indexes are empty."""
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URLS = [elasticsearch_url]
    settings.ELASTICSEARCH_PREFIX = _indexes
    # Two cores, several workers and the server share this machine.
    settings.ELASTICSEARCH_TIMEOUT_S = 10.0
    settings.ELASTICSEARCH_PAUSE_S = 1.0
    connections.connection.cache_clear()
    engine = engines.remote()
    for language in engine.wrong_languages():
        rebuild_elasticsearch(language)
    engine.empty()
    return engine


@pytest.fixture
def catch_up(engine):
    """What a worker and a second do: Elasticsearch holds all that was noted."""

    def caught_up() -> None:
        follow_elasticsearch()
        if behind(ELASTICSEARCH).exists():
            # The test before left documents of the same names, deleted a moment ago.
            until(lambda: follow_elasticsearch() or not behind(ELASTICSEARCH).exists(), 10)
        engine.refresh()

    return caught_up
