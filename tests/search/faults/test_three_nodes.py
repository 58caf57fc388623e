"""A cluster of three nodes on one machine, one of them killed while it is written to."""

import threading

import pytest

from search import following
from search.api import mark_changed
from tests.search.faults.conftest import CLUSTER_PORT, use
from tests.search.faults.nodes import Nodes, until

WORD = "quokkafence"
STORIES = 30


@pytest.fixture
def cluster():
    nodes = Nodes("elasticsearch-cluster", [CLUSTER_PORT, CLUSTER_PORT + 1, CLUSTER_PORT + 2])
    nodes.start()
    yield nodes
    nodes.stop()


@pytest.fixture
def site(settings, cluster, db):
    yield from use(settings, cluster)


def test_one_of_three_killed_while_written_to(site, cluster, publish, ask, monkeypatch):
    monkeypatch.setattr(following, "_BATCH", 5)
    cluster.client.cluster.health(wait_for_status="green", timeout="120s")
    cases = [publish(f"{WORD} {number}") for number in range(STORIES)]
    # The node that holds the documents written to: worse than any other.
    holder = cluster.client.cat.shards(index=f"{_prefix()}en*", format="json", h="prirep,node")
    name = next(shard["node"] for shard in holder if shard["prirep"] == "p")
    killer = threading.Timer(0.1, cluster.kill, [int(name[-1]) - 1])
    killer.start()
    while killer.is_alive():
        for case in cases:
            mark_changed(case)
        site.sweep()
    killer.join()
    # Two nodes go on; nobody starts the third.
    site.heal()
    until(lambda: not ask(WORD).degraded, 30)
    assert ask(WORD).total == STORIES


def _prefix() -> str:
    from search import engines

    return engines.remote().cluster.prefix
