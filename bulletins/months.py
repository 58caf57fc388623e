"""Months of issues: counted, and those that have none (R12)."""

import datetime


def shift(month: datetime.date, by: int) -> datetime.date:
    """The first day of the month, `by` months later.

    >>> shift(datetime.date(2026, 12, 1), 2)
    datetime.date(2027, 2, 1)
    """
    count = month.year * 12 + month.month - 1 + by
    return datetime.date(count // 12, count % 12 + 1, 1)


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
