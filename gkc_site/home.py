"""What belongs to no room on the home page: what waits for a member, what a visitor is told."""

from collections.abc import Iterator
from functools import partial

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _

from network import registry
from network.permissions import can_enter_admin, is_member, managed_distributors, standing
from network.registry import HomeBlock, Menu

WAITING = 3
COUNT_KEPT_S = 60


def register() -> None:
    """Called once, when the site starts."""
    registry.home_blocks.register("gkc_site", blocks)
    registry.desk_places.register("gkc_site", places)


def places(user) -> Iterator[Menu]:
    """The firm's members, one's own profile, and the admin."""
    leads = any(mandate.role == "lead" for mandate in standing(user).mandates)
    if managed_distributors(user) or leads:
        yield Menu(_("Members"), partial(reverse, "people_members"), 50)
    yield Menu(_("Profile"), partial(reverse, "profile"), 60)
    if can_enter_admin(user):
        yield Menu(_("Administration"), partial(reverse, "wagtailadmin_home"), 70)


def waiting(request) -> list:
    """This member's desk items, most urgent first; kept for the request."""
    if not hasattr(request, "_desk_items"):
        request._desk_items = list(registry.desk_items(request.user))
    return sorted(request._desk_items, key=lambda item: (item.due is None, item.due or item.since))


def waiting_count(request) -> int:
    """How many there are, for the masthead of every page.

    Each room's items cost it queries, so the number is kept for COUNT_KEPT_S
    (s). A member's own action forgets it (`DeskCountMiddleware`); what others
    hand over shows within that time, on the desk itself at once.
    """
    key = count_key(request.user)
    if hasattr(request, "_desk_items"):
        cache.set(key, len(request._desk_items), COUNT_KEPT_S)
        return len(request._desk_items)
    kept = cache.get(key)
    if kept is None:
        kept = len(waiting(request))
        cache.set(key, kept, COUNT_KEPT_S)
    return kept


def count_key(user) -> str:
    """Where the number is kept."""
    return f"desk-count-{user.pk}"


def blocks(request) -> Iterator[HomeBlock]:
    """The first three things that wait for a member; for a visitor, what the centre is."""
    if not is_member(request.user):
        yield HomeBlock("gkc_site/home/about.html", {}, order=15)
        return
    items = waiting(request)
    if items:
        context = {"items": items[:WAITING], "more": len(items) - len(items[:WAITING])}
        yield HomeBlock("gkc_site/home/waiting.html", context, order=5)
