"""A session is given again: copies every week or month, at the same hour of the wall clock."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.localize import list_text, number_text
from workshops import when
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import SeatQuota, Session, SessionState
from workshops.permissions import can_plan_session
from workshops.transitions.core import changing
from workshops.transitions.sessions import busy_trainers, plan_session

MAX_COPIES = 26


class Every(models.TextChoices):
    """How far apart."""

    WEEK = "week", gettext_lazy("Every week")
    FORTNIGHT = "fortnight", gettext_lazy("Every two weeks")
    MONTH = "month", gettext_lazy("Every month, on the same weekday of it")


_COPIED = (
    *("languages", "time_zone", "place_kind", "country_id", "city", "venue", "link", "seats"),
    *("minimum", "fee_amount", "fee_currency", "fee_share", "is_example"),
)


@dataclass(frozen=True)
class Copy:
    """A session that was made, and who of the team teaches elsewhere on its days."""

    session: Session
    busy: tuple[str, ...] = ()


def repeat_session(session: Session, *, by, every: str, times: int) -> list[Copy]:
    """Plan `times` copies of a session, each so far after the one before.

    Hours stay those of the wall clock where it happens, over a change of the
    clocks too. Deadlines and kept seats move along; the newest materials are
    taken. A trainer who teaches elsewhere then is left out of that copy, which
    says so. Only the team sees them until they are opened. Raises
    PermissionDenied, DoneAlready for copies that stand, or TransitionRefused for
    some that do, or a number or session that cannot be.
    """
    if not 1 <= times <= MAX_COPIES:
        raise TransitionRefused(
            _("A session is repeated between 1 and %(most)s times.")
            % {"most": number_text(MAX_COPIES)}
        )
    with changing(session) as locked, transaction.atomic():
        if not can_plan_session(by, locked.programme):
            raise PermissionDenied
        if locked.state == SessionState.CANCELLED:
            raise TransitionRefused(_("This session has been cancelled."))
        distances = list(_distances(locked.first_day, every, times))
        _refuse_repeated(locked, distances)
        return [_copy(locked, days, by=by) for days in distances]


def _refuse_repeated(session: Session, distances: list[int]) -> None:
    """Raises DoneAlready where all these copies stand, TransitionRefused where some do. Inside
    `changing`: of two clicks the second finds the copies of the first."""
    wanted = [when.moved(session.starts_at, days, session.zone) for days in distances]
    rows = Session.objects.filter(repeat_of=session, starts_at__in=wanted)
    there = list(rows.exclude(state=SessionState.CANCELLED))
    if not there:
        return
    names = {"days": list_text(when.days_text(one) for one in there)}
    if {one.starts_at for one in there} == set(wanted):
        raise DoneAlready(_("These copies are planned already: %(days)s.") % names)
    raise TransitionRefused(
        _(
            "Some of these copies are planned already: %(days)s. "
            "Choose other days, or repeat the last one of them."
        )
        % names
    )


def _distances(first: datetime.date, every: str, times: int) -> Iterator[int]:
    """Days from the first session to each copy."""
    for number in range(1, times + 1):
        if every == Every.MONTH:
            yield (_same_weekday(first, when.later(first, number)) - first).days
        else:
            yield number * (14 if every == Every.FORTNIGHT else 7)


def _same_weekday(day: datetime.date, month: datetime.date) -> datetime.date:
    """The second Tuesday of the month for the second Tuesday; the last where it has no fifth."""
    first = month + datetime.timedelta(days=(day.weekday() - month.weekday()) % 7)
    found = first + datetime.timedelta(weeks=(day.day - 1) // 7)
    return found if found < when.later(month, 1) else found - datetime.timedelta(weeks=1)


def _copy(session: Session, days: int, *, by) -> Copy:
    zone, team = session.zone, list(session.trainers.all())

    def later(moment):
        return moment and when.moved(moment, days, zone)

    made = plan_session(
        session.programme,
        by=by,
        days=[(later(day.starts_at), later(day.ends_at)) for day in session.days.all()],
        enrol_until=later(session.enrol_until),
        cancel_until=later(session.cancel_until),
        decide_on=session.decide_on and session.decide_on + datetime.timedelta(days=days),
        repeat_of=session,
        **{name: getattr(session, name) for name in _COPIED},
    )
    SeatQuota.objects.bulk_create(
        [
            SeatQuota(
                session=made,
                region_id=quota.region_id,
                review_area_id=quota.review_area_id,
                seats=quota.seats,
                held_until=min(later(quota.held_until), made.enrol_until),
            )
            for quota in session.quotas.all()
        ]
    )
    people, busy = busy_trainers(made, team)
    made.trainers.set([person for person in people if person.pk not in busy])
    return Copy(made, tuple(person.display_name for person in people if person.pk in busy))
