"""One node: killed, away, stopped, full, with a wrong index. Then whole again, without help."""

import threading
import time

import pytest

from search import engines, following
from search.api import mark_changed
from search.engines.base import EngineUnavailable
from search.models import Blockage, ConsumerVersion, DeadLetter
from search.rebuilding import rebuild_elasticsearch
from tests.factories import make_distributor
from tests.search.conftest import keys
from tests.search.faults.conftest import OUTAGE_S, assert_answered_by_embedded
from tests.search.faults.nodes import until

WORD = "quokkafence"


@pytest.fixture
def stories(publish):
    """stories(n) → n more published stories about the word."""
    made = []
    # One for all: a distributor of each story's own would be in a country of its own,
    # and ten minutes publish more stories than there are codes for.
    home = make_distributor()

    def more(count: int) -> list:
        made.extend(publish(f"{WORD} {len(made) + n}", distributor=home) for n in range(count))
        return made

    return more


def test_killed_during_a_bulk(site, node, stories, ask, monkeypatch):
    monkeypatch.setattr(following, "_BATCH", 5)
    cases = stories(40)
    killer = threading.Timer(0.05, node.kill)
    killer.start()
    while killer.is_alive():  # batch upon batch, until one of them finds nobody
        for case in cases:
            mark_changed(case)
        site.sweep()
    killer.join()
    assert_answered_by_embedded(ask, WORD, 40)
    node.start()
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 40


def test_killed_during_a_rebuild(site, node, stories, ask, monkeypatch):
    monkeypatch.setattr(following, "_BATCH", 5)
    stories(20)
    site.heal()
    killed = []

    def kill_once() -> None:
        if not killed:
            node.kill()
            killed.append(True)

    with pytest.raises(EngineUnavailable):
        rebuild_elasticsearch("en", progress=kill_once)
    assert_answered_by_embedded(ask, WORD, 20)
    node.start()
    site.heal()
    assert engines.remote().wrong_languages() == []  # the sweep has ended the rebuild
    assert not ConsumerVersion.objects.filter(consumer__startswith="rebuild@").exists()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 20


def test_a_rebuild_that_was_ended_goes_on_where_it_was(site, stories, ask, monkeypatch):
    monkeypatch.setattr(following, "_BATCH", 5)
    cases = stories(20)
    site.heal()
    before = ask(WORD)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_elasticsearch("en", progress=stop)
    assert keys(ask(WORD)) == keys(before)  # the old index is read meanwhile
    mark_changed(cases[0])
    total = following.behind("nobody").filter(language="en").count()
    assert rebuild_elasticsearch("en") in (total - 5, total - 4)
    site.heal()
    assert ask(WORD).total == 20


def test_away_for_a_while_of_publishing(site, node, stories, ask):
    stories(3)
    site.heal()
    node.kill()
    end, count = time.monotonic() + OUTAGE_S, 3
    pause = threading.Event()
    while time.monotonic() < end:
        stories(1)
        count += 1
        site.sweep()
        assert_answered_by_embedded(ask, WORD, count)
        pause.wait(1)
    assert following.behind(following.ELASTICSEARCH).count() >= count - 3
    node.start()
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == count


def test_a_node_that_answers_nothing(site, node, stories, ask):
    """A reader waits for it once a pause, and gets the page within a second all the same."""
    stories(3)
    site.heal()
    assert not ask(WORD).degraded
    node.pause()
    for _n in range(3):
        assert_answered_by_embedded(ask, WORD, 3)
    stories(1)
    assert_answered_by_embedded(ask, WORD, 4)
    node.resume()
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 4


def test_a_full_disk(site, node, stories, ask):
    """The server's own flood stage blocks its indexes; they open again by themselves."""
    stories(3)
    site.heal()
    stages = {"low": "1%", "high": "1%", "flood_stage": "2%"}
    name = "cluster.routing.allocation.disk.watermark"
    limits = {f"{name}.{stage}": value for stage, value in stages.items()}
    node.client.cluster.put_settings(persistent=limits)
    try:
        until(lambda: _blocked(site), 60, every_s=0.5)
        stories(2)
        site.sweep()
        blockage = Blockage.objects.get(consumer="elasticsearch")
        assert "flood-stage" in blockage.reason
        assert not DeadLetter.objects.exists()
        # It reads, but takes nothing: after a while its answers would lack what is new.
        until(lambda: ask(WORD).degraded, 30, every_s=1)
        assert_answered_by_embedded(ask, WORD, 5)
    finally:
        node.client.cluster.put_settings(persistent=dict.fromkeys(limits))
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 5
    assert not Blockage.objects.exists()


def _blocked(site) -> bool:
    prefix = engines.remote().cluster.prefix
    found = site.nodes.client.indices.get_settings(index=f"{prefix}*")
    return any("blocks" in index["settings"]["index"] for index in found.values())


def test_an_index_with_another_mapping(site, node, stories, ask):
    """Somebody made the index by hand: the worker makes it anew, and puts no document aside."""
    stories(3)
    site.heal()
    prefix = engines.remote().cluster.prefix
    client = node.client
    for name in client.indices.get_alias(name=f"{prefix}en"):
        client.indices.delete(index=name)
    client.indices.create(
        index=f"{prefix}en-000099",
        aliases={f"{prefix}en": {}, f"{prefix}en-write": {}},
        mappings={"properties": {"title": {"type": "date"}}},
    )
    assert_answered_by_embedded(ask, WORD, 3)
    stories(1)
    following.follow_elasticsearch()
    assert not DeadLetter.objects.exists()
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 4


def test_an_index_that_is_gone(site, node, stories, ask):
    stories(3)
    site.heal()
    prefix = engines.remote().cluster.prefix
    for name in node.client.indices.get_alias(name=f"{prefix}en"):
        node.client.indices.delete(index=name)
    assert_answered_by_embedded(ask, WORD, 3)
    site.heal()
    until(lambda: not ask(WORD).degraded, 10)
    assert ask(WORD).total == 3
