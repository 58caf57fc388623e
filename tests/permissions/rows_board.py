"""Rows of the board, the figures of the flow, the coaching log."""

import datetime

from django.utils import timezone

from bulletins.models import CoachingNote
from tests.permissions.table import LOGIN, Row

CAMPAIGNERS = "campaigner lead"
LOG_READERS = "campaigner lead editor executive superuser"

READERS = "lead editor executive superuser"
CAMPAIGN = "campaigner neutral lead editor superuser"
NOT_ASKED = {"visitor": LOGIN, ...: 405}


def only(roles: str, answer: int, other: int = 403) -> dict:
    return {"visitor": LOGIN, roles: answer, ...: other}


def the_area(world):
    return [world.area.slug]


def the_firm(world):
    return [world.distributor.code]


def a_date(world):
    note = CoachingNote.objects.create(
        distributor=world.distributor,
        whom="Huda",
        text="Parts.",
        next_on=timezone.localdate() + datetime.timedelta(days=7),
        by=world.users["lead"],
    )
    return [note.pk]


ROWS = [
    Row("board", get=only(CAMPAIGN, 200), post=NOT_ASKED),
    Row(
        "board",
        note="one stage",
        query="?stage=area_review",
        get=only(CAMPAIGN, 200),
        post=NOT_ASKED,
    ),
    Row(
        "board_limits",
        args=the_area,
        get=only("lead", 200),
        post=only("lead", 302),
        data=lambda world: {"area_review": 5},
    ),
    Row("flow", get=only(READERS, 200), post=NOT_ASKED),
    Row("flow_csv", get=only(READERS, 200), post=NOT_ASKED),
    Row("coaching_log", get=only(f"{LOG_READERS} neutral", 200), post=NOT_ASKED),
    Row(
        "coaching",
        args=the_firm,
        get=only(LOG_READERS, 200),
        post=only(CAMPAIGNERS, 302),
        data=lambda world: {"whom": "Huda", "text": "The figures of May."},
    ),
    Row("coaching_settle", args=a_date, get=NOT_ASKED, post=only(CAMPAIGNERS, 302)),
]
