"""A node of these tests' own, sweeps as a worker makes them, and pages as readers ask for them."""

import contextlib
import os
import time

import pytest
from django.core.cache import cache
from django.core.management import call_command

from search import engines
from search.engines.base import EngineUnavailable
from search.engines.elasticsearch import client as connections
from search.tasks import follow_elasticsearch
from search.upkeep import compare
from tests.search.faults.nodes import Nodes, starved_s, until

NODE_PORT = int(os.environ.get("GKC_TEST_FAULTS_PORT", "19240"))
CLUSTER_PORT = NODE_PORT + 3
# How long Elasticsearch is away while stories are published (s): longer in `make soak`.
OUTAGE_S = float(os.environ.get("GKC_SOAK_S", "20"))


def pytest_collection_modifyitems(items):
    """Everything in this folder needs the server, one process at a time."""
    for item in items:
        if "tests/search/faults/" in item.nodeid:
            item.add_marker("es")
            item.add_marker("slow")


@pytest.fixture(scope="session")
def _node():
    node = Nodes("elasticsearch", [NODE_PORT])
    node.start()
    yield node
    node.stop()


@pytest.fixture
def node(_node):
    """A node that is up, whatever the test before did to it."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        _node.resume()
    _node.start()
    return _node


@pytest.fixture
def site(settings, node, db):
    """The site with Elasticsearch, indexes whole and empty of stories."""
    yield from use(settings, node)


def use(settings, nodes):
    """Let the site use these nodes, and leave indexes whole and empty."""
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URLS = nodes.urls
    settings.ELASTICSEARCH_PREFIX = f"gkcfault-{os.getpid()}-"
    settings.ELASTICSEARCH_PAUSE_S = 2.0
    settings.ELASTICSEARCH_WRITE_TIMEOUT_S = 10.0
    connections.connection.cache_clear()
    cache.clear()
    site = Site(nodes)
    site.heal()
    yield site
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        nodes.resume()
    nodes.start()
    connections.connection.cache_clear()
    site.heal()
    engines.remote().empty()


class Site:
    """What goes on beside a test: the worker's sweep, and readers."""

    def __init__(self, nodes: Nodes):
        self.nodes = nodes

    def sweep(self) -> None:
        """One beat of the worker."""
        follow_elasticsearch()

    def differs(self) -> str:
        """What Elasticsearch lacks or has too much; '' where nothing."""
        found = compare(engines.remote())
        return "" if found.is_empty else str(found)

    def heal(self, seconds: float = 90) -> None:
        """Sweep until Elasticsearch is whole: nobody but the worker helps."""

        def is_whole() -> bool:
            self.sweep()
            try:
                return not self.differs()
            except EngineUnavailable:  # it is not back yet
                return False

        until(is_whole, seconds, every_s=0.5)
        call_command("search_reconcile")  # exits with 1 where anything differs


def timed(ask, *args, **kwargs):
    """(page, seconds) of one question.

    Without what this thread waited for a processor: other tests and builds share
    the machine, and Elasticsearch is what the reader must not wait for.
    """
    start, before = time.perf_counter(), starved_s()
    page = ask(*args, **kwargs)
    return page, time.perf_counter() - start - (starved_s() - before)


def assert_answered_by_embedded(ask, text: str, total: int) -> None:
    """Within a second, with a note, and right."""
    page, seconds = timed(ask, text)
    assert (page.engine, page.degraded, page.total) == ("embedded", True, total)
    assert seconds < 1.0
