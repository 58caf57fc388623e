"""What belongs to no room on the home page: what waits for a member, what a visitor is told."""

from collections.abc import Iterator

from network import registry
from network.permissions import is_member
from network.registry import HomeBlock

WAITING = 3


def register() -> None:
    """Called once, when the site starts."""
    registry.home_blocks.register("gkc_site", blocks)


def waiting(request) -> list:
    """This member's desk items, most urgent first; kept for the request."""
    if not hasattr(request, "_desk_items"):
        request._desk_items = list(registry.desk_items(request.user))
    return sorted(request._desk_items, key=lambda item: (item.due is None, item.due or item.since))


def blocks(request) -> Iterator[HomeBlock]:
    """The first three things that wait for a member; for a visitor, what the centre is."""
    if not is_member(request.user):
        yield HomeBlock("gkc_site/home/about.html", {}, order=15)
        return
    items = waiting(request)
    if items:
        context = {"items": items[:WAITING], "more": len(items) - len(items[:WAITING])}
        yield HomeBlock("gkc_site/home/waiting.html", context, order=5)
