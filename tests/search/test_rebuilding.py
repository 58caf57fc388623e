"""An index that is made anew says so, goes on after a stop, and is made by one worker."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from search import engines
from search.api import compare, is_rebuilding, rebuild
from search.engines.embedded import PREFIX
from search.engines.store import store
from search.following import embedded_consumer
from search.upkeep import follow
from tests.search.conftest import keys

NOTE = "Until that is done, some texts are not found."


class Stopped(Exception):
    """Ends a rebuild in the middle."""


def lose_index() -> None:
    """As after an update that makes the index in another form."""
    engines.embedded().prepare()
    for table in ("docs", "meta"):
        store().rows(f"ALTER TABLE {PREFIX}{table} RENAME TO gkcindex_s0a0_{table}")
    engines.embedded().prepare()


def said(client) -> tuple[bool, str | None, bool]:
    """What page, probe and API say: 'not whole', the index's note, 'partial'."""
    page = client.get(reverse("search"), {"q": "parts"}).content.decode()
    checks = client.get("/healthz/ready").json()["checks"]
    api = client.get("/api/v1/search", {"q": "parts"}).json()
    return NOTE in page, checks["index"].get("note"), api["partial"]


def test_a_site_that_was_never_updated_says_nothing_of_rebuilding(publish, client):
    publish("Parts")
    if not engines.embedded().is_transactional:
        follow()  # a host that is new beside others has them to catch up with
    assert said(client) == (False, None, False)


def test_everybody_is_told_while_the_index_is_made_anew(publish, client, ask, capsys):
    case = publish("Parts")
    follow()
    lose_index()
    assert said(client) == (True, "rebuilding", True)
    call_command("search_status")
    assert "rebuilding yes" in capsys.readouterr().out
    # What is published meanwhile is found at once.
    later = publish("Parts again")
    assert f"story:{later.pk}" in keys(ask("parts"))
    assert is_rebuilding()
    follow()
    assert said(client) == (False, None, False)
    assert set(keys(ask("parts"))) == {f"story:{case.pk}", f"story:{later.pk}"}
    assert compare().is_empty
    call_command("search_status")
    assert "rebuilding no" in capsys.readouterr().out


def test_a_rebuild_that_was_stopped_goes_on_where_it_was(publish, ask):
    for number in range(3):
        publish(f"Parts {number}")
    follow()
    reached = []

    def stop(done: int, total: int) -> None:
        reached.append(done)
        if done == 3:
            raise Stopped

    lose_index()
    with pytest.raises(Stopped):
        rebuild(progress=stop)
    assert is_rebuilding()
    assert reached == [1, 2, 3]
    written = rebuild(progress=lambda done, total: reached.append(done))
    assert reached[3] == 4
    assert ask("parts").total == 3
    assert written < len(engines.embedded().versions())
    assert not is_rebuilding()
    assert compare().is_empty
    # The next one begins at the beginning.
    rebuild(progress=lambda done, total: reached.append(-done))
    assert -1 in reached


def test_what_goes_while_a_rebuild_rests_is_not_in_it(publish, ask):
    first, second = publish("Parts one"), publish("Parts two")
    follow()
    with pytest.raises(Stopped):
        rebuild(progress=stop_at_the_last)
    for case in (first, second):
        type(case).objects.filter(pk=case.pk).update(is_published=False)
    # Nobody noted it: the rebuild looks for itself at what it has not reached.
    rebuild()
    assert f"story:{second.pk}" not in keys(ask("parts"))


def stop_at_the_last(done: int, total: int) -> None:
    if done == total - 1:
        raise Stopped


def test_one_worker_of_a_host_follows_at_a_time(publish):
    publish("Parts")
    lose_index()
    assert is_rebuilding()
    claim = f"search:follow:{embedded_consumer()}"
    cache.add(claim, "1")
    assert follow() == 0
    assert is_rebuilding()
    cache.delete(claim)
    assert follow() > 0
    assert not is_rebuilding()
    assert cache.get(claim) is None
