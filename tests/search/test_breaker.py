"""The breaker: a dead or slow server costs one request's timeout a pause. No server is needed."""

import socket
import threading
import time

import pytest

from search.engines.base import EngineUnavailable
from search.engines.elasticsearch.breaker import Breaker
from search.engines.elasticsearch.client import Cluster, Connection


class Down(Exception):
    """What the guarded call raises."""


def fail(breaker: Breaker) -> None:
    with pytest.raises(Down), breaker.guard(Down):
        raise Down


def test_after_a_failure_nobody_asks_for_a_pause():
    breaker = Breaker(pause_s=60)
    fail(breaker)
    with pytest.raises(EngineUnavailable), breaker.guard(Down):
        pytest.fail("a request went through")
    assert 59 < breaker.remaining_s <= 60


def test_after_the_pause_one_tries_and_closes_it():
    breaker = Breaker(pause_s=0.05)
    fail(breaker)
    threading.Event().wait(0.06)
    with breaker.guard(Down):
        # While it tries, the others wait for what it finds.
        with pytest.raises(EngineUnavailable), breaker.guard(Down):
            pytest.fail("a second one tried")
    with breaker.guard(Down):
        pass
    assert breaker.remaining_s == 0


def test_another_error_is_no_failure_of_the_server():
    breaker = Breaker(pause_s=60)
    with pytest.raises(ValueError), breaker.guard(Down):
        raise ValueError
    with breaker.guard(Down):
        pass


def test_pauses_of_writers_grow_with_jitter_up_to_a_limit():
    breaker = Breaker(pause_s=8, first_pause_s=1)
    lengths = []
    for _n in range(6):
        breaker._failures += 1
        lengths.append(breaker._pause_s())
    for length, longest in zip(lengths, [1, 2, 4, 8, 8, 8], strict=True):
        assert longest / 2 <= length <= longest
    assert len(set(lengths)) == 6


@pytest.fixture
def silent():
    """The address of a server that takes connections and answers nothing; who connected."""
    listening = socket.create_server(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", listening
    listening.close()


def test_a_silent_server_costs_one_timeout_a_pause(silent):
    url, listening = silent
    connection = Connection(Cluster((url,), "gkc-", timeout_s=0.3, pause_s=60))

    def ask() -> float:
        start = time.perf_counter()
        with pytest.raises(EngineUnavailable), connection.asking() as client:
            client.msearch(searches=[{}, {}])
        return time.perf_counter() - start

    assert 0.3 <= ask()
    listening.settimeout(1)
    listening.accept()
    for _n in range(20):
        ask()
    listening.settimeout(0.1)
    with pytest.raises(TimeoutError):  # nobody else has knocked
        listening.accept()


def test_a_closed_door_costs_nothing_and_is_not_knocked_at_again():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    connection = Connection(Cluster((url,), "gkc-", pause_s=60))
    for _n in range(3):
        with pytest.raises(EngineUnavailable), connection.asking() as client:
            client.info()
    assert connection.reading.remaining_s > 50
