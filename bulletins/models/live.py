"""Stories and issues go live, or off, by a transition of this room only."""

from bulletins.guard import GUARD
from network.models.live import LiveByTransition as AnyLiveByTransition
from network.models.live import changes_what_is_live


class LiveByTransition(AnyLiveByTransition):
    """See `network.models.live`."""

    guard = GUARD

    class Meta:
        abstract = True


__all__ = ["LiveByTransition", "changes_what_is_live"]
