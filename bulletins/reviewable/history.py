"""A story's events in words, for its log."""

from collections.abc import Iterator

from django.urls import reverse

from bulletins.models import Case
from bulletins.timeline import LOG_WORDS
from review.registry import HistoryRow


def history(case: Case) -> Iterator[HistoryRow]:
    """All events, oldest first. One query."""
    for event in case.events.select_related("by", "holder", "on_behalf_of"):
        person = event.on_behalf_of or event.holder
        yield HistoryRow(
            at=event.at,
            what=LOG_WORDS.get(event.verb, event.verb),
            by=event.by.display_name,
            reason=event.reason,
            holder=person.display_name if person else "",
        )


def files(case: Case) -> list[tuple[str, str]]:
    """Where the log can be taken along: (kind of file, address)."""
    return [
        (form.upper(), reverse("case_log_file", args=[case.number, form]))
        for form in ("csv", "json")
    ]
