"""What waits for a distributor's manager: posts and years that members entered (R27)."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from network.models import User
from network.permissions import is_member, managed_distributors
from network.registry import DeskItem, desk_items


def unconfirmed(firms):
    """Active members of the firms with a post or years that nobody confirmed."""
    entered = ~Q(post="") | Q(years_of_experience__isnull=False)
    return User.objects.members_of(*firms).filter(entered, post_confirmed_at__isnull=True)


def post_items(user) -> Iterator[DeskItem]:
    """Posts to confirm, in one line: one query."""
    firms = managed_distributors(user) if is_member(user) else []
    if not firms:
        return
    waiting = list(unconfirmed(firms).exclude(pk=user.pk).values_list("date_joined", flat=True))
    if not waiting:
        return
    yield DeskItem(
        title=_("Posts of your members"),
        what=_(
            "Members entered their post or years of experience. "
            "Courses that ask for experience open once you confirm them."
        ),
        url=reverse("people_members"),
        since=min(waiting),
        minutes=len(waiting),
        state="submitted",
        state_label=_("To confirm"),
        action=_("Look at them"),
    )


def register() -> None:
    """Called once, when the site starts."""
    desk_items.register("accounts.posts", post_items)
