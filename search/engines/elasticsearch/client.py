"""How the server is reached: settings, one client a process, errors by what they ask of us."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.engines.base import EngineUnavailable
from search.engines.elasticsearch.breaker import Breaker

# A server that is busy, or whose part is gone for now.
_BUSY = frozenset({429, 500, 502, 503, 504})


# A writer comes back so soon (s), then ever later.
_FIRST_PAUSE_S = 1.0


@dataclass(frozen=True)
class Cluster:
    """Where the server is and how it is spoken to. Times in seconds."""

    urls: tuple[str, ...]
    prefix: str
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca: str = ""
    timeout_s: float = 0.5
    write_timeout_s: float = 15.0
    pause_s: float = 60.0
    plugins: tuple[str, ...] = ()

    @classmethod
    def from_settings(cls, prefix: str | None = None) -> "Cluster":
        """As the site's settings say; `prefix` for indexes of one's own."""
        cluster = cls(
            urls=tuple(settings.ELASTICSEARCH_URLS),
            prefix=settings.ELASTICSEARCH_PREFIX,
            user=settings.ELASTICSEARCH_USER,
            password=settings.ELASTICSEARCH_PASSWORD,
            api_key=settings.ELASTICSEARCH_API_KEY,
            ca=settings.ELASTICSEARCH_CA,
            timeout_s=settings.ELASTICSEARCH_TIMEOUT_S,
            write_timeout_s=settings.ELASTICSEARCH_WRITE_TIMEOUT_S,
            pause_s=settings.ELASTICSEARCH_PAUSE_S,
            plugins=tuple(settings.ELASTICSEARCH_PLUGINS),
        )
        return replace(cluster, prefix=prefix) if prefix is not None else cluster


class Connection:
    """A client for reading and writing, and a breaker for each.

    Readers wait for half a second and then take the embedded engine; writers
    may wait, nobody does for them.
    """

    def __init__(self, cluster: Cluster):
        self.cluster = cluster
        self.reading = Breaker(cluster.pause_s)
        self.writing = Breaker(cluster.pause_s, first_pause_s=_FIRST_PAUSE_S)
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._pid = 0

    @property
    def client(self) -> Elasticsearch:
        """This process's client; a forked process makes its own."""
        with self._lock:
            if self._client is None or self._pid != os.getpid():
                self._client = _client(self.cluster)
                self._pid = os.getpid()
            return self._client

    @contextlib.contextmanager
    def asking(self, timeout_s: float | None = None) -> Iterator[Elasticsearch]:
        """A client for questions. Whatever goes wrong becomes EngineUnavailable."""
        client = self.client.options(request_timeout=timeout_s or self.cluster.timeout_s)
        try:
            with self.reading.guard(TransportError, ServerBusy), naming_busy():
                yield client
        except (TransportError, ApiError, ServerBusy) as error:
            raise EngineUnavailable(short(error)) from error

    @contextlib.contextmanager
    def telling(self) -> Iterator[Elasticsearch]:
        """A client for writes. What goes wrong and is not handled becomes EngineUnavailable."""
        client = self.client.options(request_timeout=self.cluster.write_timeout_s)
        try:
            with self.writing.guard(TransportError, ServerBusy), naming_busy():
                yield client
        except (TransportError, ApiError, ServerBusy) as error:
            raise EngineUnavailable(short(error)) from error


class ServerBusy(Exception):
    """The server answers that it cannot serve now."""


@contextlib.contextmanager
def naming_busy() -> Iterator[None]:
    """Tell 'later' from 'never' among the server's answers."""
    try:
        yield
    except ApiError as error:
        if error.meta.status in _BUSY or "cluster_block" in str(error):
            raise ServerBusy(short(error)) from error
        raise


def short(error: Exception) -> str:
    """An error for a log line: the server's errors may hold whole requests."""
    return f"{type(error).__name__}: {error}"[:300]


def _client(cluster: Cluster) -> Elasticsearch:
    keys = {}
    if cluster.api_key:
        keys["api_key"] = cluster.api_key
    elif cluster.user:
        keys["basic_auth"] = (cluster.user, cluster.password)
    if cluster.ca:
        keys["ca_certs"] = cluster.ca
    return Elasticsearch(
        list(cluster.urls),
        # Another node is tried where one refuses the connection, which takes no time;
        # never after a timeout, which would cost the reader another one.
        max_retries=len(cluster.urls) - 1,
        retry_on_timeout=False,
        retry_on_status=(),
        **keys,
    )


@lru_cache(maxsize=8)
def connection(cluster: Cluster) -> Connection:
    """This process's connection."""
    return Connection(cluster)
