"""Whether a transition of ours is running in this thread.

Wagtail has many ways to publish a page or advance a workflow. Models and
signal receivers ask here, so that every one of them is refused but ours
(docs/adr/0002).
"""

import contextlib
import threading
from collections.abc import Iterator

from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused

_running = threading.local()


@contextlib.contextmanager
def inside_transition() -> Iterator[None]:
    """Mark the block as one of our transitions; re-entrant."""
    _running.depth = getattr(_running, "depth", 0) + 1
    try:
        yield
    finally:
        _running.depth -= 1


def is_inside_transition() -> bool:
    """Whether the caller runs inside one."""
    return getattr(_running, "depth", 0) > 0


def check_inside_transition() -> None:
    """Raises TransitionRefused outside of one."""
    if not is_inside_transition():
        raise TransitionRefused(
            _("Stories and issues go live by their review or release only, not by this action.")
        )
