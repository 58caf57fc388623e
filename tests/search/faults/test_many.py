"""Twenty writers and eight searchers at once, a worker beside them, each on its own connection."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from search import engines
from search.api import mark_changed, search
from search.contract import SearchRequest
from search.models import SearchDocument
from tests.search.faults.conftest import use
from tests.search.faults.nodes import until

WRITERS, SEARCHERS, ROUNDS = 20, 8, 3
WORD = "quokkafence"


@pytest.fixture
def site(settings, node, transactional_db):
    settings.ELASTICSEARCH_TIMEOUT_S = 10.0  # 29 threads on a small machine
    yield from use(settings, node)


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_and_eight_searchers(site, publish):
    cases = [publish(f"{WORD} {number}", audience="public") for number in range(WRITERS)]
    before = {row.key: row.version for row in SearchDocument.objects.filter(language="en")}
    site.heal()
    errors: list[Exception] = []
    over = threading.Event()
    together = threading.Barrier(WRITERS + SEARCHERS + 1)

    def write(case) -> None:
        for number in range(ROUNDS):
            page = case.source_page()
            page.summary = f"Round {number} of {WORD}"
            page.save()
            mark_changed(case)

    def ask() -> None:
        # A breath between two questions: else eight threads keep the interpreter's lock from
        # the writer that holds the database's.
        while not over.wait(0.05):
            page = search(SearchRequest(WORD, "en", AnonymousUser()))
            assert page.total == WRITERS, page

    def work() -> None:
        while not over.wait(0.2):
            site.sweep()

    def alone(act, *arguments) -> None:
        try:
            together.wait()
            act(*arguments)
        except Exception as error:  # told below, in the main thread
            errors.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=alone, args=(write, case)) for case in cases]
    others = [threading.Thread(target=alone, args=(ask,)) for _n in range(SEARCHERS)]
    others.append(threading.Thread(target=alone, args=(work,)))
    for thread in [*writers, *others]:
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in others:
        thread.join()
    assert errors == []
    for case in cases:
        row = SearchDocument.objects.get(key=f"story:{case.pk}", language="en")
        assert row.version == before[row.key] + ROUNDS  # no change was lost
    site.heal()
    until(lambda: _last_round() == WRITERS, 10)


def _last_round() -> int:
    engines.remote().refresh()
    request = SearchRequest(f'"round {ROUNDS - 1} of {WORD}"', "en", AnonymousUser())
    page = search(request)
    assert page.engine == "elasticsearch"
    return page.total
