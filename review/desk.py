"""What waits for reviewers, leads, editors and translators: lines of 'Waiting for you'."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.languages import autonym
from network.permissions import holds, is_member
from network.registry import DeskItem, Menu, desk_items, desk_places
from review.registry import QueueRow, reviewables


def items(user) -> Iterator[DeskItem]:
    """One line a thing. Two queries for somebody for whom nothing waits."""
    if not is_member(user):
        return
    for reviewable in reviewables():
        for row in reviewable.waiting(user):
            yield _item(row)


def _item(row: QueueRow) -> DeskItem:
    what, action = {
        "review": (_("Review this story from %(place)s."), _("Review")),
        "assign": (
            _("Nobody can take this story from %(place)s. Name a reviewer."),
            pgettext("action", "Name"),
        ),
        "translate": (
            _("The reviewer does not read this language. Put the story into %(language)s."),
            _("Translate"),
        ),
    }[row.kind]
    url = reverse("review_case", args=[row.key])
    if row.kind == "translate":
        url = reverse("review_translate", args=[row.key]) + "?" + urlencode({"to": row.to_language})
    return DeskItem(
        title=row.title,
        what=what % {"place": row.place, "language": autonym(row.to_language)},
        url=url,
        since=row.since,
        due=row.due,
        minutes=row.minutes,
        state=row.state,
        state_label=row.state_label,
        action=action,
        language=row.language,
    )


def places(user) -> Iterator[Menu]:
    """The review desk, for whoever reviews."""
    if holds(user, "campaigner", "lead", "editor"):
        yield Menu(_("Review desk"), partial(reverse, "review_desk"), 20)


def register() -> None:
    """Called once, from the app's ready()."""
    desk_places.register("review", places)
    desk_items.register("review", items)
