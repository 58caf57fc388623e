"""The plan of twelve months: each with its issue, or with the gap that it is (R12)."""

import datetime
from dataclasses import dataclass

from bulletins.models import BulletinIssue, IssueProposal
from bulletins.months import shift

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """A month of the plan; without an issue it is a gap."""

    first: datetime.date
    issue: BulletinIssue | None
    is_past: bool  # its last day is over: a gap that stays
    is_now: bool = False  # the month that runs: a gap unless an issue comes
    proposals: int = 0  # that wait for an answer


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
            wanted.append(Month(month, issue, is_past, month == this, waiting.get(month, 0)))
        month = shift(month, 1)
    return wanted
