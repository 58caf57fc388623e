"""Yearly duties (R29): who owes which course, since when, until when. Computed from rows.

Whoever works at a dealer owes each current programme of yearly duty once a
calendar year. A distributor's own version counts for its parent.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from network.models import Membership
from network.permissions import holds, is_member, managed_distributors
from network.working_days import local_day
from workshops.audience import answers_everywhere, campaigned_areas
from workshops.models import CourseRecord, Programme


@dataclass(frozen=True)
class Duty:
    """One course that one person owes. `due` is the last day; `lab_key` leads to the lab: the
    distributor's own version of it where there is one."""

    user: object
    membership: object
    programme: object
    lab_key: str
    done_on: datetime.date | None  # the last time, if ever
    due: datetime.date
    today: datetime.date

    @property
    def is_overdue(self) -> bool:
        """A whole year passed without it."""
        return self.due < self.today

    @property
    def is_done(self) -> bool:
        """For this year."""
        return self.due.year > self.today.year

    @property
    def is_near(self) -> bool:
        """Overdue, or soon: people are reminded."""
        days = datetime.timedelta(days=settings.DUTY_REMIND_DAYS)
        return not self.is_done and self.due - days <= self.today

    @property
    def state(self) -> str:
        if self.is_overdue:
            return "overdue"
        return "done" if self.is_done else "due"


def employees() -> QuerySet[Membership]:
    """Current memberships at dealers, with all that a list names."""
    rows = Membership.objects.current().filter(dealer__isnull=False, user__is_active=True)
    return rows.select_related("user", "dealer", "distributor__country").order_by(
        "distributor__name", "dealer__name", "user__last_name", "user__first_name", "pk"
    )


def overseen_by(user) -> QuerySet[Membership]:
    """Dealers' employees whom this person looks after: a manager their distributors', a campaigner
    the area's; executives, administrators, and whose mandate is for everywhere, everybody."""
    rows = employees()
    if _sees_all(user):
        return rows
    if not is_member(user):
        return rows.none()
    areas = campaigned_areas(user)
    own = rows.filter(distributor__in=managed_distributors(user))
    return (own | rows.filter(distributor__country__review_area__in=areas)) if areas else own


def oversees(user) -> bool:
    """Whether anybody's duties are this person's to look after."""
    return is_member(user) and (
        _sees_all(user) or holds(user, "campaigner", "lead") or bool(managed_distributors(user))
    )


def _sees_all(user) -> bool:
    """A coordinator of one programme is not told of all dealers' people."""
    return holds(user, "executive", "administrator") or answers_everywhere(user)


def duties_of(rows: Iterable, now: datetime.datetime | None = None) -> list[Duty]:
    """What these employees owe, in their order, each by the day that it is where they are. Three
    queries: programmes, versions, records."""
    rows, now = list(rows), now or timezone.now()
    programmes = list(Programme.objects.in_catalogue().filter(is_yearly_duty=True, parent=None))
    if not rows or not programmes:
        return []
    versions = {
        (parent, firm): key
        for parent, firm, key in Programme.objects.in_catalogue()
        .filter(parent__in=programmes)
        .values_list("parent", "distributor", "key")
    }
    done = _last_done(rows, programmes)
    found, seen = [], set()
    for row in rows:
        for programme in programmes:
            if (row.user_id, programme.pk) in seen:  # at two dealers: owed once
                continue
            seen.add((row.user_id, programme.pk))
            last = done.get((row.user_id, programme.pk))
            found.append(
                Duty(
                    user=row.user,
                    membership=row,
                    programme=programme,
                    lab_key=versions.get((programme.pk, row.distributor_id), programme.key),
                    done_on=last,
                    due=due_on(
                        last, row.since, programme.duty_since or programme.created_at.date()
                    ),
                    today=local_day(now, row.user.time_zone),
                )
            )
    return found


def due_on(
    last: datetime.date | None, joined: datetime.date, begun: datetime.date
) -> datetime.date:
    """The last day of the year after the last time; of the first year for whoever never did it.

    The first year is that in which person and programme were both there, or
    the next where too little of it was left.
    """
    if last is not None:
        return datetime.date(last.year + 1, 12, 31)
    both = max(joined, begun) + datetime.timedelta(days=settings.DUTY_REMIND_DAYS)
    return datetime.date(both.year, 12, 31)


def _last_done(rows, programmes) -> dict[tuple[int, int], datetime.date]:
    """(user, programme) → the last day on which it was done, as confirmed. One query."""
    wanted = {programme.pk for programme in programmes}
    people = {row.user_id for row in rows}
    records = CourseRecord.objects.confirmed()
    if len(people) <= 300:
        records = records.filter(user__in=people)
    found: dict[tuple[int, int], datetime.date] = {}
    for user, programme, parent, day in records.order_by("done_on").values_list(
        "user", "programme", "programme__parent", "done_on"
    ):
        for pk in {programme, parent} & wanted:
            found[user, pk] = day
    return found
