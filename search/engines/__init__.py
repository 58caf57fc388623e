"""The engines behind the contract; reached through search.api only."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from search.engines.elasticsearch import ElasticsearchEngine

# By path: an embedded site has no use for the client, and starts sooner without.
ENGINES = {
    "embedded": "search.engines.embedded.EmbeddedEngine",
    "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
}


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
