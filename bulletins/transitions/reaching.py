"""Reaching whom the release did not: recorded by hand, or sent again after a correction."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.models import BulletinIssue, HandDelivery, IssueStage
from bulletins.permissions import can_record_delivery
from network.models import Distributor, Membership
from touchpoints.api import add_recipients
from touchpoints.models import Mailing

# How long after its release an issue is sent to whom it did not reach (days).
GOES_ON_FOR = datetime.timedelta(days=60)


def record_delivery(
    issue: BulletinIssue,
    distributor: Distributor,
    *,
    by,
    given_on: datetime.date,
    given_to: str,
    way: str,
) -> HandDelivery:
    """A campaigner delivered a released issue by other means.

    Raises PermissionDenied, or TransitionRefused where the issue is not out, the
    day lies before its release or in the future, or it was recorded already.
    """
    if not can_record_delivery(by, distributor):
        raise PermissionDenied
    with transaction.atomic():
        found = BulletinIssue.objects.select_for_update().get(pk=issue.pk)
        if found.stage != IssueStage.RELEASED:
            raise TransitionRefused(_("This issue is not released yet."))
        # A day's slack on both sides: it is another date elsewhere.
        slack = datetime.timedelta(days=1)
        first, last = found.released_at.date() - slack, timezone.now().date() + slack
        if not first <= given_on <= last:
            raise TransitionRefused(_("Enter a day between the release and today."))
        if found.by_hand.filter(distributor=distributor, taken_back_at=None).exists():
            raise TransitionRefused(_("A delivery to this distributor is recorded already."))
        return HandDelivery.objects.create(
            issue=found,
            distributor=distributor,
            given_on=given_on,
            given_to=given_to,
            way=way,
            by=by,
        )


def take_back_delivery(record: HandDelivery, *, by) -> None:
    """What was recorded was wrong; it stays as history. A second call changes nothing."""
    if not can_record_delivery(by, record.distributor):
        raise PermissionDenied
    HandDelivery.objects.filter(pk=record.pk, taken_back_at=None).update(
        taken_back_at=timezone.now(), taken_back_by=by
    )


def reach_again(now: datetime.datetime | None = None) -> int:
    """Send recent issues to contacts who can be reached only now: named since, or with an
    address that was corrected. Computed from state, so it may run at any time and twice.

    Returns how many mails were queued. Two queries where there is nothing to do,
    and one more an issue.
    """
    now = now or timezone.now()
    queued = 0
    recent = BulletinIssue.objects.released().filter(released_at__gt=now - GOES_ON_FOR)
    for key in [once_key(pk) for pk in recent.values_list("pk", flat=True)]:
        mailing = Mailing.objects.filter(once_key=key).first()
        if mailing is None:
            continue
        alive = mailing.deliveries.filter(state__in=["queued", "sent", "complained"])
        reached = alive.values("distributor_id")
        people = alive.filter(user__isnull=False).values("user_id")
        missed = (
            Membership.objects.current()
            .contacts()
            .filter(distributor__is_active=True, user__is_system=False)
            .filter(distributor__in=mailing.deliveries.values("distributor_id"))
            .exclude(user__email="")
            .exclude(user__in=people)
            .exclude(distributor__in=reached.filter(distributor__isnull=False))
            .select_related("user", "distributor")
        )
        recipients = [
            (m.user, m.distributor, m.user.email, m.user.interface_language, "") for m in missed
        ]
        if recipients:
            queued += add_recipients(mailing, recipients)
    return queued


def once_key(issue_pk: int) -> str:
    """What makes an issue's mailing the only one."""
    return f"bulletins.issue:{issue_pk}"
