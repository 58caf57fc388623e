"""What becomes of a person's stories and reviews when they leave their distributor.

Part of the departure's own transaction (network.signals.member_left): either
the person is gone and everything handed on, or neither.
"""

from django.utils.translation import gettext as _

from bulletins.models import Case, Stage
from bulletins.permissions import can_decide_case
from bulletins.transitions.core import STEP_OF, changing, source_page
from bulletins.transitions.reviewing import give_to, next_reviewer
from review.api import Decision, close_review
from touchpoints.api import tell

# Stages of a story on its way, after submission: somebody must see it through.
ON_THE_WAY = [*STEP_OF, Stage.SUBMITTED, Stage.CHANGES_REQUESTED, Stage.READY]


def part_from(user, *, distributor, by) -> None:
    """Hand on the reviews that `user` can no longer decide; tell managers of stories left behind.

    A review stays with whoever still holds the mandate for it. Stories stay
    their author's; a co-author keeps the name, while `is_author` ends the
    rights. `distributor` is None where only an account was closed.
    """
    for case in Case.objects.filter(stage__in=list(STEP_OF), holder=user).order_by("pk"):
        _hand_on(case, user, by=by)
    authored = Case.objects.filter(stage__in=ON_THE_WAY, author=user).order_by("pk")
    if distributor is not None:
        authored = authored.filter(distributor=distributor)
    for case in authored:
        tell("bulletins.author_left", case, who=user.pk)


def _hand_on(case: Case, user, *, by) -> None:
    """Give the step to the next eligible person, or to nobody: then the lead is told."""
    with changing(case) as locked:
        step = STEP_OF.get(locked.stage)
        if step is None or locked.holder_id != user.pk or can_decide_case(user, locked, step):
            return
        reason = _("%(name)s left and can no longer review it.") % {"name": user.display_name}
        revision = source_page(locked).get_latest_revision()
        nominee = next_reviewer(locked, step, without=user)
        close_review(locked, decision=Decision.HANDED_ON, by=by, reason=reason)
        give_to(locked, nominee, step=step, by=by, reason=reason, revision=revision)
