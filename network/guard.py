"""Whether a room's own transition is running in this thread.

Wagtail has many ways to publish a page or advance a workflow. Models and
signal receivers ask a room's guard, so that every one of them is refused but
the room's (docs/adr/0002).
"""

import contextlib
import threading
from collections.abc import Callable, Iterator


class Guard:
    """One for each room. `refuse` makes the exception that says why, in translated words."""

    def __init__(self, refuse: Callable[[], Exception]):
        self.refuse = refuse
        self._running = threading.local()

    @contextlib.contextmanager
    def inside_transition(self) -> Iterator[None]:
        """Mark the block as one of the room's transitions; re-entrant."""
        self._running.depth = getattr(self._running, "depth", 0) + 1
        try:
            yield
        finally:
            self._running.depth -= 1

    def is_inside_transition(self) -> bool:
        """Whether the caller runs inside one."""
        return getattr(self._running, "depth", 0) > 0

    def check_inside_transition(self) -> None:
        """Raises what `refuse` makes, outside of one."""
        if not self.is_inside_transition():
            raise self.refuse()
