"""The log of stories as rows for other programs: of one story, an area or a region."""

import csv
import json
from collections.abc import Iterator

from bulletins.models import CaseEvent
from bulletins.permissions import AMONG_REVIEWERS
from bulletins.timeline import LOG_WORDS
from network.tables import plain_cell

COLUMNS = ("story", "at", "verb", "what", "from", "to", "by", "then_with", "for", "reason")


def rows(cases, *, with_internal: bool) -> Iterator[list[str]]:
    """Every event of the cases, by story, oldest first; times in UTC. One query, memory flat.

    Why a reviewer did not take a story, or a lead named another, is left out
    without `with_internal`. Notes are no part of the log.
    """
    events = CaseEvent.objects.filter(case__in=cases.values("pk")).order_by("case__number", "pk")
    for event in events.select_related("case", "by", "holder", "on_behalf_of").iterator(500):
        hidden = event.verb in AMONG_REVIEWERS and not with_internal
        yield [
            event.case.number,
            event.at.isoformat(timespec="seconds"),
            event.verb,
            str(LOG_WORDS.get(event.verb, event.verb)),
            event.old,
            event.new,
            event.by.display_name,
            event.holder.display_name if event.holder else "",
            event.on_behalf_of.display_name if event.on_behalf_of else "",
            "" if hidden else event.reason,
        ]


class _Line:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(found) -> Iterator[str]:
    """With the mark that spreadsheets read UTF-8 by; no cell is a formula to them."""
    out = csv.writer(_Line())
    yield "\ufeff" + out.writerow(COLUMNS)
    for row in found:
        yield out.writerow([plain_cell(cell) for cell in row])


def as_json(found) -> Iterator[str]:
    """A list of objects, a line each."""
    yield "["
    for order, row in enumerate(found):
        line = json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
        yield (",\n" if order else "\n") + line
    yield "\n]\n"
