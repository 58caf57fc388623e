"""Courses done: entered by the person, confirmed by their distributor's manager."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.working_days import local_day
from touchpoints.api import tell
from workshops.eligibility import forget_courses
from workshops.exceptions import TransitionRefused
from workshops.models import CourseRecord, EligibilityWatch, Programme
from workshops.permissions import can_confirm_course, can_withdraw_course
from workshops.transitions.wishing import ask_again

FIRST_YEAR = 1950  # nobody who works today was trained before


def enter_course(user, programme: Programme, done_on: datetime.date) -> CourseRecord:
    """Note a course in one's own history; it counts once confirmed. Twice changes nothing.

    Raises TransitionRefused for a day that is still to come where the person is.
    """
    if done_on > local_day(timezone.now(), user.time_zone):
        raise TransitionRefused(_("Enter a course once it is done."))
    if done_on.year < FIRST_YEAR:
        raise TransitionRefused(_("Check the year of this day."))
    with transaction.atomic():
        made, is_new = CourseRecord.objects.get_or_create(
            user=user, programme=programme, done_on=done_on
        )
        if is_new:
            tell("workshops.course_to_confirm", made)
    forget_courses(user)
    return made


def note_courses(wanted: Iterable[tuple], *, by) -> list[tuple[CourseRecord, bool]]:
    """Note many courses at once, (person, programme, day) each, as a list from elsewhere says.

    Those of people whom `by` may vouch for (or the site itself) count at once, also where they
    stood there unconfirmed; others wait for the manager, who is not written to for
    each. Returns the records that are new or confirmed now, with whether they
    are new. Three queries for any number, and one for each person who has not
    got their standing loaded.
    """
    wanted = list(wanted)
    try:
        return _noted(wanted, by)
    except IntegrityError:
        # Its owner entered one in the meantime: now it is found.
        return _noted(wanted, by)


def _noted(wanted: list[tuple], by) -> list[tuple[CourseRecord, bool]]:
    now = timezone.now()
    with transaction.atomic():
        people = {person.pk for person, _programme, _day in wanted}
        rows = CourseRecord.objects.select_for_update(of=("self",)).filter(user__in=people)
        rows = rows.order_by("pk")  # of two lists at once one waits for the other
        there = {(row.user_id, row.programme_id, row.done_on): row for row in rows}
        made, confirmed = [], []
        for person, programme, day in wanted:
            found = there.get((person.pk, programme.pk, day))
            record = found or CourseRecord(user=person, programme=programme, done_on=day)
            record.user, record.programme = person, programme
            counts = record.confirmed_at is None and (
                by.is_system or can_confirm_course(by, record)
            )
            if counts:
                record.confirmed_by, record.confirmed_at = by, now
            if found is None:
                made.append(record)
                there[person.pk, programme.pk, day] = record
            elif counts:
                confirmed.append(record)
        CourseRecord.objects.bulk_create(made, batch_size=500)
        CourseRecord.objects.bulk_update(
            confirmed, ["confirmed_by", "confirmed_at"], batch_size=500
        )
        EligibilityWatch.objects.open().filter(user__in=people).update(checked_at=None)
    return [(record, True) for record in made] + [(record, False) for record in confirmed]


def confirm_course(record: CourseRecord, *, by) -> CourseRecord:
    """Vouch for it: from now on it counts. Twice changes nothing. Raises PermissionDenied."""
    with transaction.atomic():
        found = CourseRecord.objects.select_for_update().get(pk=record.pk)
        if not can_confirm_course(by, found):
            raise PermissionDenied
        if found.confirmed_at is None:
            found.confirmed_by, found.confirmed_at = by, timezone.now()
            found.save(update_fields=["confirmed_by", "confirmed_at"])
            ask_again(found.user)
    forget_courses(record.user)
    return found


def withdraw_course(record: CourseRecord, *, by) -> None:
    """Take an entry back that nobody confirmed: its owner, or the manager who does not confirm it.

    Raises PermissionDenied, or TransitionRefused once it is confirmed.
    """
    with transaction.atomic():
        found = CourseRecord.objects.select_for_update().filter(pk=record.pk).first()
        if found is None:
            return
        if not can_withdraw_course(by, found):
            raise PermissionDenied
        if found.confirmed_at is not None:
            raise TransitionRefused(_("A confirmed course stays in the history."))
        found.delete()
    forget_courses(record.user)
