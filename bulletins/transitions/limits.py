"""Limits on work in progress."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.flow.board import COLUMNS
from bulletins.flow.rules import can_set_limits
from bulletins.models import StageLimit
from bulletins.models.flow import MOST_LIMIT
from network.models import ReviewArea
from network.transitions import log


def set_limits(area: ReviewArea, *, by, limits: dict[str, int | None]) -> None:
    """Set how many stories of an area stand in a stage at most; None takes a limit away.

    Stages that are not named keep theirs. Raises PermissionDenied, or
    TransitionRefused for a number or stage that has no limit.
    """
    with transaction.atomic():
        area = ReviewArea.objects.select_for_update().get(pk=area.pk)
        if not can_set_limits(by, area):
            raise PermissionDenied
        kept = dict(StageLimit.objects.filter(area=area).values_list("stage", "most"))
        changed = {stage: most for stage, most in limits.items() if kept.get(stage) != most}
        for stage, most in changed.items():
            if stage not in COLUMNS or (most is not None and not 1 <= most <= MOST_LIMIT):
                raise TransitionRefused(
                    _("Between %(least)s and %(most)s stories, please.")
                    % {"least": 1, "most": MOST_LIMIT}
                )
            if most is None:
                StageLimit.objects.filter(area=area, stage=stage).delete()
            else:
                StageLimit.objects.update_or_create(area=area, stage=stage, defaults={"most": most})
        if changed:
            before = {stage: kept.get(stage) for stage in changed}
            log(area, "bulletins.set_limits", user=by, data={"before": before, "after": changed})
