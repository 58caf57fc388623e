"""The engines behind the contract; reached through search.api only."""

from functools import lru_cache

from django.conf import settings

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine


@lru_cache
def _engine(name: str) -> Engine:
    engines = {EmbeddedEngine.name: EmbeddedEngine}
    return engines[name]()


def current() -> Engine:
    """The engine that settings.SEARCH_ENGINE names. Raises KeyError for an unknown one."""
    return _engine(settings.SEARCH_ENGINE)


def embedded() -> EmbeddedEngine:
    """The embedded engine, whichever one answers readers."""
    return _engine(EmbeddedEngine.name)
