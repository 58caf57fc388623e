"""Where the figures are reached from: the desk of those who read them."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from gkc_site.measures.permissions import can_see_measures
from network.registry import Menu, desk_places


def register() -> None:
    """Called once, when the site starts."""
    desk_places.register("measures", places)


def places(user) -> Iterator[Menu]:
    """For executives, editors and leads."""
    if can_see_measures(user):
        yield Menu(_("Measures"), partial(reverse, "measures"), 46)
