"""People are reminded of what they owe this year: in time, and once a month at most."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from touchpoints.api import tell
from workshops.duties import duties_of, employees
from workshops.models import DutyReminder

A_RUN = 500  # people a sweep: the next beat takes the next ones


def remind_of_duties(now: datetime.datetime | None = None) -> int:
    """Mail whoever has a duty that is near or overdue and was not mailed this month.

    Computed from state: safe to be killed and to run twice. Returns how many.
    """
    now = now or timezone.now()
    month = timezone.localdate(now).replace(day=1)
    told = set(DutyReminder.objects.filter(month=month).values_list("user", flat=True))
    rows = employees().exclude(user__in=told) if len(told) <= A_RUN else employees()
    near: dict[int, list] = {}
    for duty in duties_of(rows, now):
        if duty.is_near and duty.user.pk not in told:
            near.setdefault(duty.user.pk, []).append(duty)
    reminded = 0
    for owed in list(near.values())[:A_RUN]:
        oldest = min(owed, key=lambda duty: (duty.due, duty.programme.pk))
        try:
            with transaction.atomic():
                made = DutyReminder.objects.create(
                    user=oldest.user, programme=oldest.programme, month=month
                )
                tell("workshops.duty_due", made)
        except IntegrityError:  # another worker was first
            continue
        reminded += 1
    return reminded
