"""Lets members ask at the book's sections (`review.registry.Askable`)."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from network.permissions import home_areas, is_member
from review.registry import Askable, register_askable
from silver_book.additions import FLAGGED_AS
from silver_book.flaggable import find, places
from silver_book.models import BookSectionPage


def visible(user, keys: Iterable[str]) -> set[str]:
    """The standard text is everybody's while it is live. One query."""
    wanted = {}
    for key in keys:
        try:
            wanted[uuid.UUID(key)] = key
        except ValueError:
            continue
    if not is_member(user) or not wanted:
        return set()
    live = BookSectionPage.objects.filter(translation_key__in=wanted, live=True)
    return {wanted[found] for found in live.values_list("translation_key", flat=True)}


def register() -> None:
    """Called once, when the room starts."""
    register_askable(
        Askable(
            kind=FLAGGED_AS,
            label=gettext_lazy("Section of the Silver Book"),
            find=find,
            may_see=lambda user, page: page.may_be_read_by(user),
            visible=visible,
            title=lambda page: page.title,
            url=lambda page: page.get_url() or "",
            places=places,
            authors=lambda key: (),
            area=lambda key, asker: next(iter(home_areas(asker)), None),
            is_rated=True,
        )
    )
