"""What of the book waits: for editors their desk, for campaigners their local texts."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.registry import DeskItem, Menu, desk_items, desk_places
from silver_book.models import LocalText
from silver_book.permissions import can_publish_book, local_scopes, writes_locally

MINUTES_TO_COMPARE = 5
TITLE_LENGTH = 80


def register() -> None:
    """Called once, when the room starts."""
    desk_places.register("silver_book", places)
    desk_items.register("silver_book", items)


def items(user) -> Iterator[DeskItem]:
    """Local texts whose standard changed. None but campaigners cost a query: two or three."""
    if not writes_locally(user):
        return
    rows = LocalText.objects.to_review().of_scopes(local_scopes(user)).with_places()
    for local in rows.order_by("review_since", "pk"):
        yield DeskItem(
            title=Truncator(local.text).chars(TITLE_LENGTH),
            what=_("The standard changed beside this local text of %(place)s. Compare the two.")
            % {"place": local.place},
            url=reverse("local_text", args=[local.pk]),
            since=local.review_since,
            minutes=MINUTES_TO_COMPARE,
            state="returned",
            state_label=_("Standard changed"),
            action=pgettext("action", "Compare"),
            language=local.language,
        )


def places(user) -> Iterator[Menu]:
    """The book's desk, for editors."""
    if can_publish_book(user):
        yield Menu(_("Silver Book"), partial(reverse, "book_desk"), 35)
