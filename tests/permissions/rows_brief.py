"""Rows of the country briefs: executives, editors, and leads of the country's area."""

import datetime

from gkc_site.models import VisitNote
from tests.permissions.table import LOGIN, Row

READERS = "lead editor executive superuser"
LOGGERS = "editor executive superuser"


def only(roles: str, answer: int) -> dict:
    return {"visitor": LOGIN, roles: answer, ...: 403}


NOT_ASKED = {"visitor": LOGIN, ...: 405}


def a_note(world):
    """Of the lead's own country."""
    note = VisitNote.objects.create(
        country=world.distributor.country,
        visited_on=datetime.date(2026, 10, 1),
        text="Cars wait in the rain.",
        by=world.users["executive"],
    )
    return [note.pk]


ROWS = [
    Row("country_briefs", get=only(READERS, 200), post=NOT_ASKED),
    Row(
        "country_brief",
        args=lambda world: ["sa"],
        note="of the lead's area; the post without words",
        get=only(READERS, 200),
        post=only(LOGGERS, 422),
    ),
    Row(
        "country_brief",
        args=lambda world: ["de"],
        note="of another area; the post without words",
        get=only(LOGGERS, 200),
        post=only(LOGGERS, 422),
    ),
    Row(
        "country_brief_pdf",
        args=lambda world: ["de"],
        note="of another area",
        get=only(LOGGERS, 200),
        post=NOT_ASKED,
    ),
    Row(
        "visit_propose",
        args=a_note,
        note="nothing chosen",
        get=NOT_ASKED,
        post=only("lead", 422),
    ),
    Row(
        "visit_begin",
        args=a_note,
        note="nobody chosen",
        get=NOT_ASKED,
        post=only(READERS, 422),
    ),
]
