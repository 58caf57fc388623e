"""Keeps a dead or slow server from costing more than one request's timeout a pause."""

import contextlib
import threading
import time
from collections.abc import Iterator

from search.engines.base import EngineUnavailable


class Breaker:
    """Closed: requests pass. After a failure: refused for `pause_s`, then one is let through.

    One for each process and purpose; threads share it.
    """

    def __init__(self, pause_s: float):
        self.pause_s = pause_s
        self._lock = threading.Lock()
        self._refuses_until = 0.0  # time.monotonic(); 0: closed

    @property
    def is_open(self) -> bool:
        """Whether the next request would be refused."""
        return time.monotonic() < self._refuses_until

    @contextlib.contextmanager
    def guard(self, *failures: type[Exception]) -> Iterator[None]:
        """Let a request through, and learn from it. Raises EngineUnavailable while open.

        One of `failures` opens the breaker, and is raised on.
        """
        self._enter()
        try:
            yield
        except failures:
            with self._lock:
                self._refuses_until = time.monotonic() + self.pause_s
            raise
        self.close()

    def _enter(self) -> None:
        with self._lock:
            if not self._refuses_until:
                return
            now = time.monotonic()
            if now < self._refuses_until:
                raise EngineUnavailable("it lately did not answer")
            # This one tries; the others wait for what it finds.
            self._refuses_until = now + self.pause_s

    def close(self) -> None:
        """Let all through."""
        with self._lock:
            self._refuses_until = 0.0
