"""Keeps a dead or slow server from costing more than one request's timeout a pause."""

import contextlib
import random
import threading
import time
from collections.abc import Iterator

from search.engines.base import EngineUnavailable


class Breaker:
    """Closed: requests pass. After a failure: refused for a pause, then one is let through.

    The pause is `pause_s`; with `first_pause_s` it starts there and doubles with
    each failure, with jitter, so that many processes do not come back at once.
    One for each process and purpose; threads share it.
    """

    def __init__(self, pause_s: float, first_pause_s: float | None = None):
        self.pause_s = pause_s
        self.first_pause_s = first_pause_s
        self._lock = threading.Lock()
        self._failures = 0
        self._refuses_until = 0.0  # time.monotonic(); 0: closed

    @property
    def remaining_s(self) -> float:
        """How long requests will still be refused."""
        return max(0.0, self._refuses_until - time.monotonic())

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
                self._failures += 1
                self._refuses_until = time.monotonic() + self._pause_s()
            raise
        self.close()

    def _pause_s(self) -> float:
        if self.first_pause_s is None:
            return self.pause_s
        doubled = self.first_pause_s * 2 ** min(self._failures - 1, 16)
        return min(self.pause_s, doubled) * random.uniform(0.5, 1.0)

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
            self._failures = 0
            self._refuses_until = 0.0
