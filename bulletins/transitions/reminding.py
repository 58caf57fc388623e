"""Reminders of answers that are owed: computed from state, at most one mail a week a person.

A reminder is due when some story has waited for AFTER_DAYS working days of the
person's country, today is one of them, and the last reminder is a week old.
"""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from bulletins.models import HandOver, Response
from bulletins.response_messages import open_for
from bulletins.response_queries import asked_cases
from network.models import Membership, User
from network.permissions import standing, with_standing
from network.working_days import is_working_day, working_days_between
from touchpoints.api import tell_once
from touchpoints.exceptions import AlreadyTold
from touchpoints.models import Mailing

KIND = "bulletins.response_reminder"
WEEK = datetime.timedelta(days=7)
BATCH = 200  # people looked at in one go: what a killed sweep does again


def remind_responders(now: datetime.datetime | None = None) -> int:
    """Remind whoever is due, each once. Returns how many.

    Safe in many processes and to be killed: the week's key makes a second
    reminder fail, and what was not told is found again.
    """
    now = now or timezone.now()
    told = 0
    people = _candidates(now)
    for start in range(0, len(people), BATCH):
        found = User.objects.filter(pk__in=people[start : start + BATCH], is_active=True)
        for person in with_standing(found.exclude(email="").exclude(is_system=True)):
            told += _remind(person, now)
    return told


def _candidates(now: datetime.datetime) -> list[int]:
    """Keys of who may owe a word and had no reminder this week. Five queries, whatever there is.

    A distributor owes one where it settled fewer stories than are asked of it.
    """
    asked = asked_cases().filter(in_issue__issue__released_at__lt=now)
    total = asked.order_by().count()
    if not total:
        return []
    own = dict(asked.order_by().values_list("distributor").annotate(n=Count("pk")))
    settled = dict(
        Response.objects.settled()
        .filter(case__in=asked.order_by())
        .order_by()
        .values_list("distributor")
        .annotate(n=Count("pk"))
    )
    contacts = Membership.objects.current().contacts().filter(distributor__is_active=True)
    people = {
        person
        for person, firm in contacts.values_list("user", "distributor")
        if settled.get(firm, 0) < total - own.get(firm, 0)
    }
    people |= set(HandOver.objects.open().values_list("to", flat=True))
    last = Mailing.objects.filter(kind=KIND, created_at__gt=now - WEEK)
    reminded = set(last.values_list("object_key", flat=True))
    label = User._meta.label_lower
    return sorted(pk for pk in people if f"{label}:{pk}" not in reminded)


def _remind(person: User, now: datetime.datetime) -> bool:
    country = _country_of(person)
    today = timezone.localtime(now).date()
    if country is None or not is_working_day(country, today):
        return False
    longest = min((day for day in _waiting_since(open_for(person)) if day), default=None)
    if longest is None or (
        working_days_between(country, longest, today) < settings.RESPONSE_REMIND_AFTER_DAYS
    ):
        return False
    year, week, _day = today.isocalendar()
    try:
        tell_once(
            KIND,
            person,
            f"{KIND}:{person.pk}:{year}-{week:02}",
            [(person, None, person.email, person.interface_language, "")],
        )
    except AlreadyTold:
        return False
    return True


def _waiting_since(found: list[tuple]) -> Iterator[datetime.date | None]:
    """For each (distributor, story) the day from which the answer is waited for: the release of
    the story's issue, or the day of a promise or a wait that has passed. One query."""
    given = Response.objects.filter(
        case__in={case.pk for _firm, case in found},
        distributor__in={firm.pk for firm, _case in found},
    )
    until = {
        (firm, case): day for firm, case, day in given.values_list("distributor", "case", "until")
    }
    for distributor, case in found:
        place = getattr(case, "in_issue", None)
        if (day := until.get((distributor.pk, case.pk))) is not None:
            yield day
        elif place is None or place.issue.released_at is None:
            yield None
        else:
            yield timezone.localtime(place.issue.released_at).date()


def _country_of(person: User):
    """Whose working days count: those of the first firm that the person belongs to."""
    firms = standing(person).memberships
    return firms[0].distributor.country if firms else None
