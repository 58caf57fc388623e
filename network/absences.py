"""Days away and clock lengths: one function a change, each in one transaction, each in the log."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from network.exceptions import TransitionRefused
from network.models import CLOCK_LIMITS, Absence, ReviewArea, User
from network.permissions import can_enter_absence, can_set_clocks
from network.signals import absence_changed
from network.working_days import local_day

LONGEST = datetime.timedelta(days=366)


def enter_absence(
    person: User, *, since: datetime.date, until: datetime.date, by, note: str = ""
) -> Absence:
    """Note that a person is away from a day until a day, both included.

    Raises PermissionDenied, or TransitionRefused for days that are over, out
    of order, or more than a year.
    """
    with transaction.atomic():
        if not can_enter_absence(by, person):
            raise PermissionDenied
        if until < since:
            raise TransitionRefused(_("The last day comes before the first one."))
        if until < local_day(timezone.now(), person.time_zone):
            raise TransitionRefused(_("These days are over already."))
        if until - since > LONGEST:
            raise TransitionRefused(_("At most a year, please. Enter more later."))
        absence = Absence.objects.create(
            user=person, since=since, until=until, note=note.strip(), entered_by=by
        )
        _changed(absence, "network.enter_absence", by)
        return absence


def remove_absence(absence: Absence, *, by) -> None:
    """Take days away out again. Raises PermissionDenied."""
    with transaction.atomic():
        if not can_enter_absence(by, absence.user):
            raise PermissionDenied
        _changed(absence, "network.remove_absence", by, delete=True)


def _changed(absence: Absence, action: str, by, *, delete: bool = False) -> None:
    person = absence.user
    # Of the note nothing stands in the log: it may say more than the lead need keep.
    days = {"since": absence.since.isoformat(), "until": absence.until.isoformat()}
    if delete:
        absence.delete()
    log(person, action, user=by, data=days)
    absence_changed.send(Absence, user=person)


def set_clock_lengths(area: ReviewArea, *, by, **days: int) -> None:
    """Set how many working days the area's reviewers and authors have, from now on.

    Clocks that run keep theirs. `days` are area_days, neutral_days and
    author_days. Raises PermissionDenied, or TransitionRefused outside the
    network's limits (CLOCK_LIMITS).
    """
    with transaction.atomic():
        area = ReviewArea.objects.select_for_update().get(pk=area.pk)
        if not can_set_clocks(by, area):
            raise PermissionDenied
        before = {}
        for name, value in days.items():
            shortest, longest = CLOCK_LIMITS[name]
            if not shortest <= value <= longest:
                raise TransitionRefused(
                    _("Between %(shortest)s and %(longest)s working days, please.")
                    % {"shortest": shortest, "longest": longest}
                )
            if getattr(area, name) != value:
                before[name] = getattr(area, name)
                setattr(area, name, value)
        if before:
            area.save(update_fields=list(before))
            after = {name: days[name] for name in before}
            log(area, "network.set_clocks", user=by, data={"before": before, "after": after})
