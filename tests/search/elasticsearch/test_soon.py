"""With an idle worker: found, and gone from hits, counts and suggestions, within two seconds."""

import datetime
import time

import pytest
from django.db import connection
from django.utils import timezone

from bulletins.guard import inside_transition
from bulletins.models import Case, CaseStoryPage
from search.api import mark_changed, search
from search.contract import SearchRequest
from search.tasks import follow_elasticsearch
from tests.factories import make_country, make_distributor, make_region
from tests.search.conftest import counts, keys
from tests.search.faults.nodes import starved_s, until

WORD = "quokkafence"
MISTYPED = "quokkafennce"
LIMIT_S = 2.0


def now() -> float:
    """Seconds, without those that this thread waited for a processor."""
    return time.perf_counter() - starved_s()


@pytest.fixture
def asked(member):
    """Ask without a refresh or a drain before."""

    def asked(text: str):
        return search(SearchRequest(text, "en", member))

    return asked


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something and commit it: the worker is called, and works at once."""

    def act(change, *arguments) -> float:
        connection.run_on_commit.clear()  # what the preparations have asked for
        with django_capture_on_commit_callbacks() as callbacks:
            change(*arguments)
        assert [callback.__name__ for callback in callbacks].count("_send_follow") == 1
        start = now()
        follow_elasticsearch(lately=True)
        return start

    return act


def test_a_published_story_is_found(asked, publish, committed):
    made = []
    start = committed(lambda: made.append(publish(f"The {WORD}")))
    until(lambda: keys(asked(WORD)) == [f"story:{made[0].pk}"], 3 * LIMIT_S, every_s=0.05)
    assert now() - start < LIMIT_S


def unpublish(case) -> None:
    Case.objects.filter(pk=case.pk).update(is_published=False)


def withdraw(case) -> None:
    Case.objects.filter(pk=case.pk).update(is_published=False, stage="withdrawn")


def restrict(case) -> None:
    Case.objects.filter(pk=case.pk).update(audience="region")


def expire(case) -> None:
    pages = CaseStoryPage.objects.filter(case=case)
    pages.update(live=False, expired=True, expire_at=timezone.now() - datetime.timedelta(hours=1))


def move(case) -> None:
    """Out of the tree that everybody reads: not live there."""
    CaseStoryPage.objects.filter(case=case).update(live=False)


def delete(case) -> None:
    with inside_transition():
        for page in CaseStoryPage.objects.filter(case=case):
            page.delete()


@pytest.mark.parametrize("change", [unpublish, withdraw, restrict, expire, move, delete])
def test_what_may_no_longer_be_seen_is_gone(asked, publish, committed, change, catch_up):
    far = make_distributor(country=make_country(region=make_region("far-away")))
    case, twin = (
        publish(f"{WORD} {number}", distributor=far, process_steps=["own"]) for number in (1, 2)
    )
    catch_up()
    assert asked(WORD).total == 2

    def changed() -> None:
        change(case)
        mark_changed(case)

    start = committed(changed)

    def is_gone() -> bool:
        for text in (WORD, MISTYPED):
            page = asked(text)
            # At once on the page: the database decides. In counts as soon as the index follows.
            assert keys(page) == [f"story:{twin.pk}"]
            if page.total != 1 or counts(page, "process") != {"own": 1}:
                return False
        return asked(MISTYPED).suggestion.total == 1

    until(is_gone, 3 * LIMIT_S, every_s=0.05)
    assert now() - start < LIMIT_S
