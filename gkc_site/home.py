"""What belongs to no room on the home page: what waits for a member, what a visitor is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from network import registry
from network.permissions import can_enter_admin, is_member, managed_distributors, standing
from network.registry import DeskItem, HomeBlock, Menu

WAITING = 3
GLANCE_KEPT_S = 60


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


@dataclass(frozen=True)
class Glance:
    """What waits for a member, in one language: the first WAITING things, and how many."""

    items: tuple[DeskItem, ...]
    count: int


def waiting(request) -> list[DeskItem]:
    """This member's desk items as they are now, most urgent first; kept for the request."""
    if not hasattr(request, "_desk_items"):
        request._desk_items = list(registry.desk_items(request.user))
    return sorted(request._desk_items, key=lambda item: (item.due is None, item.due or item.since))


def glance(request) -> Glance:
    """The first things that wait and their number, for the home page and every masthead.

    Each room's items cost it queries, so what was found is kept for
    GLANCE_KEPT_S (s). A member's own action forgets it (`DeskCountMiddleware`);
    what others hand over shows within that time, on the desk itself at once.
    """
    key, language = glance_key(request.user), get_language()
    kept = cache.get(key) or {}
    if language not in kept or hasattr(request, "_desk_items"):
        items = waiting(request)
        kept[language] = Glance(tuple(_in_words(item) for item in items[:WAITING]), len(items))
        cache.set(key, kept, GLANCE_KEPT_S)
    return kept[language]


def glance_key(user) -> str:
    """Where it is kept, by language."""
    return f"desk-glance-{user.pk}"


def _in_words(item: DeskItem) -> DeskItem:
    """With texts instead of promises: they are kept for this language."""
    texts = ("title", "what", "state_label", "action")
    return replace(item, **{name: str(getattr(item, name)) for name in texts})


def blocks(request) -> Iterator[HomeBlock]:
    """The first three things that wait for a member; for a visitor, what the centre is."""
    if not is_member(request.user):
        yield HomeBlock("gkc_site/home/about.html", {}, order=15)
        return
    found = glance(request)
    if found.items:
        context = {"items": found.items, "more": found.count - len(found.items)}
        yield HomeBlock("gkc_site/home/waiting.html", context, order=5)
