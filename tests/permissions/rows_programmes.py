"""Rows of the programme desk: coordinators and administrators; a version's lab is its keeper's."""

from django.utils import timezone

from tests.factories.workshops import make_lab, make_programme
from tests.permissions.rows_session_desk import CLOSED, HIDDEN, ONLY_GET, TEAM
from tests.permissions.table import LOGIN, Row
from workshops.transitions.tailoring import tailor


def a_programme(**fields):
    return lambda world: [make_programme(**fields).key]


def a_version(world):
    """The version of the story's distributor, with a lab."""
    made = tailor(make_lab(), world.distributor, "en", by=world.users["administrator"])
    return [made.key]


MADE = {
    "title": "Parts basics",
    "level": "start",
    "entry": "open",
    "place_kind": "person",
    "pass_mark": "80",
    "fee_share": "50",
}

ROWS = [
    Row("programme_list", get=CLOSED, post=ONLY_GET),
    Row(
        "programme_new",
        get=CLOSED,
        post={"visitor": LOGIN, TEAM: 302, ...: 403},
        data=lambda world: MADE,
    ),
    Row(
        "programme_edit",
        args=a_programme(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: MADE,
    ),
    Row(
        "programme_edit",
        note="a distributor's version",
        args=a_version,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 422, ...: 404},  # nothing typed
    ),
    Row(
        "programme_archive",
        args=a_programme(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 422, ...: 404},  # no reason
    ),
    Row(
        "programme_unarchive",
        args=a_programme(archived_at=timezone.now()),
        get=ONLY_GET,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
    ),
    Row(
        "programme_text",
        args=a_programme(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 409, ...: 404},  # no mark of what was seen
    ),
    Row(
        "programme_lab",
        args=a_programme(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 409, ...: 404},
    ),
    Row(
        "programme_lab",
        note="a distributor's version",
        args=a_version,
        get={"visitor": LOGIN, f"manager {TEAM}": 200, ...: 404},
        post={"visitor": LOGIN, f"manager {TEAM}": 409, ...: 404},
    ),
]
