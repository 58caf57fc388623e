"""The engines behind the contract; reached through search.api only."""

import contextlib
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import Engine, EngineUnavailable
from search.engines.embedded import EmbeddedEngine
from search.engines.store import FileStore

if TYPE_CHECKING:
    from search.engines.elasticsearch import ElasticsearchEngine

# By path: an embedded site has no use for the client, and starts sooner without.
ENGINES = {
    "embedded": "search.engines.embedded.EmbeddedEngine",
    "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
}

# A reader is not kept waiting so long; an evaluation on a busy machine may be.
_PATIENCE_S = 30.0


@lru_cache
def _engine(name: str) -> Engine:
    return import_string(ENGINES[name])()


def current() -> Engine:
    """The engine that settings.SEARCH_ENGINE names. Raises KeyError for an unknown one."""
    return _engine(settings.SEARCH_ENGINE)


def embedded() -> EmbeddedEngine:
    """The embedded engine, whichever one answers readers."""
    return _engine("embedded")


def remote() -> "ElasticsearchEngine | None":
    """Elasticsearch, where it answers readers."""
    return _engine("elasticsearch") if settings.SEARCH_ENGINE == "elasticsearch" else None


@dataclass(frozen=True)
class Throwaway:
    """An empty engine that leaves nothing behind.

    `settle()` makes all that was written findable and gives the index's bytes.
    """

    engine: Engine
    settle: Callable[[], int]


@contextlib.contextmanager
def throwaway(name: str) -> Iterator[Throwaway]:
    """An engine of its own for an evaluation; gone afterwards, also when it is broken off.

    The real index and the database are not asked. Raises EngineUnavailable.
    """
    if name == "elasticsearch":
        with _throwaway_indexes() as made:
            yield made
        return
    with tempfile.TemporaryDirectory(prefix="gkc-search-", ignore_cleanup_errors=True) as home:
        place = FileStore(Path(home) / "index.sqlite3")
        try:
            engine = EmbeddedEngine(place)
            engine.ensure_schema()
            yield Throwaway(engine, place.settle)
        finally:
            place.close()


@contextlib.contextmanager
def _throwaway_indexes() -> Iterator[Throwaway]:
    """Elasticsearch indexes under a prefix that nothing else has."""
    if not settings.ELASTICSEARCH_URLS:
        raise EngineUnavailable("GKC_ELASTICSEARCH_URL names no server.")
    engine = _patient(import_string(ENGINES["elasticsearch"]))(
        prefix=f"gkc-eval-{uuid.uuid4().hex[:12]}-"
    )

    def settle() -> int:
        engine.refresh()
        return engine.size()

    try:
        engine.ensure_schema()
        yield Throwaway(engine, settle)
    except BaseException:
        # What broke it off is to be told, not that the server is away for this too.
        with contextlib.suppress(EngineUnavailable):
            engine.drop()
        raise
    engine.drop()


def _patient(kind: type) -> type:
    """An engine that measures how long an answer takes, and so waits for it."""

    class Patient(kind):
        @property
        def cluster(self):
            return replace(super().cluster, timeout_s=_PATIENCE_S, pause_s=0.0)

    return Patient
