"""Rows of what people need to take part, and of a session's log."""

from tests.permissions.rows_workshops import TEAM, a_place
from tests.permissions.table import LOGIN, Row

ROWS = [
    Row(
        "session_needs",
        args=a_place("enrolled", asks=["diet"]),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author": 302, ...: 404},
        data=lambda world: {"diet": "No nuts"},
    ),
    Row(
        "session_log",
        args=a_place("enrolled"),
        get={"visitor": LOGIN, TEAM: 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
]
