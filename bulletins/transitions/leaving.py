"""What becomes of a person's stories and reviews when they leave their distributor.

Part of the departure's own transaction (network.signals.member_left): either
the person is gone and everything handed on, or neither.
"""

from django.utils import timezone

from bulletins.models import Case, CoAuthorship, HandOver, Partaking, Stage
from bulletins.transitions.core import STEP_OF
from bulletins.transitions.standing_in import replace_gone
from touchpoints.api import tell

# Stages in which somebody must go on with a story, or see it through.
ON_THE_WAY = [*STEP_OF, Stage.DRAFT, Stage.SUBMITTED, Stage.CHANGES_REQUESTED, Stage.READY]


def part_from(user, *, distributor, by) -> None:
    """Hand on the reviews that `user` can no longer decide; tell managers of stories left behind.

    A review stays with whoever still holds the mandate for it. Of a story its
    distributor names a new author (`name_author`; published ones wait on the
    desk alone). Author and co-authors keep the name, while `is_author` ends
    the rights.
    `distributor` is None where only an account was closed.
    """
    # An answer in their hands is the managers' again.
    handed = HandOver.objects.open().filter(to=user)
    if distributor is not None:
        handed = handed.filter(distributor=distributor)
    handed.update(ended_at=timezone.now())
    # Nobody writes along from elsewhere.
    asked = CoAuthorship.objects.open().filter(user=user)
    if distributor is not None:
        asked = asked.filter(case__distributor=distributor)
    asked.update(state=Partaking.TAKEN_BACK, ended_at=timezone.now())
    for case in Case.objects.filter(stage__in=list(STEP_OF), holder=user).order_by("pk"):
        replace_gone(case, user, by=by)
    authored = Case.objects.filter(stage__in=ON_THE_WAY, author=user).order_by("pk")
    if distributor is not None:
        authored = authored.filter(distributor=distributor)
    for case in authored:
        tell("bulletins.author_left", case, who=user.pk)
