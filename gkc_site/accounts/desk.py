"""What waits for a distributor's manager, or for an administrator where it has no other: posts and
years that members entered (R27)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gkc_site.accounts.queries import unconfirmed, unvouched
from network.permissions import is_administrator, is_member, managed_distributors
from network.registry import DeskItem, desk_items


def post_items(user) -> Iterator[DeskItem]:
    """Posts to confirm, in one line: one query; for administrators another of those whom no manager
    can vouch for."""
    if not is_member(user):
        return
    if firms := managed_distributors(user):
        yield from _item(user, unconfirmed(firms), _("Posts of your members"))
    if is_administrator(user):
        title = _("Posts of members without another manager")
        yield from _item(user, unvouched(), title, "?unvouched=1")


def _item(user, people, title: str, query: str = "") -> Iterator[DeskItem]:
    waiting = list(people.exclude(pk=user.pk).values_list("date_joined", flat=True))
    if not waiting:
        return
    yield DeskItem(
        title=title,
        what=_(
            "Members entered their post or years of experience. "
            "Courses that ask for experience open once you confirm them."
        ),
        url=reverse("people_members") + query,
        since=min(waiting),
        minutes=len(waiting),
        state="submitted",
        state_label=_("To confirm"),
        action=_("Look at them"),
    )


def register() -> None:
    """Called once, when the site starts."""
    desk_items.register("accounts.posts", post_items)
