"""The plan of twelve months: each with its issue, or with the gap that it is (R12)."""

import datetime
from dataclasses import dataclass

from bulletins.models import BulletinIssue, IssueProposal

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """A month of the plan; without an issue it is a gap."""

    first: datetime.date
    issue: BulletinIssue | None
    is_past: bool  # its last day is over: a gap that stays
    proposals: int = 0  # that wait for an answer


def shift(month: datetime.date, by: int) -> datetime.date:
    """The first day of the month, `by` months later.

    >>> shift(datetime.date(2026, 12, 1), 2)
    datetime.date(2027, 2, 1)
    """
    count = month.year * 12 + month.month - 1 + by
    return datetime.date(count // 12, count % 12 + 1, 1)


def plan(today: datetime.date) -> list[Month]:
    """Gaps since the first issue that went out, then this month and the eleven after it.

    Months that have their issue out are history and left out. Two queries.
    """
    this = today.replace(day=1)
    issues = {i.month: i for i in BulletinIssue.objects.with_story_count().order_by("month")}
    waiting: dict[datetime.date, int] = {}
    for month in IssueProposal.objects.open().values_list("month", flat=True):
        waiting[month] = waiting.get(month, 0) + 1
    released = [month for month, issue in issues.items() if issue.stage == "released"]
    first = min([*released, *issues, this])
    wanted = []
    month = min(first, this)
    while month < shift(this, MONTHS):
        issue = issues.get(month)
        is_past = month < this
        if not (is_past and issue is not None and issue.stage == "released"):
            wanted.append(Month(month, issue, is_past, waiting.get(month, 0)))
        month = shift(month, 1)
    return wanted


def gaps(months: list[datetime.date], *, until: datetime.date | None = None) -> list[datetime.date]:
    """Months without an issue between the first and the last of these, or `until` (left out).

    >>> gaps([datetime.date(2026, 3, 1), datetime.date(2026, 1, 1)])
    [datetime.date(2026, 2, 1)]
    """
    if not months:
        return []
    found, month, held = [], min(months), set(months)
    last = until or max(months)
    while month < last:
        if month not in held:
            found.append(month)
        month = shift(month, 1)
    return found
