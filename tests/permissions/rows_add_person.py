"""Rows of the page on which a coordinator enrols one person."""

from tests.factories.workshops import make_session, make_trainee
from tests.permissions.rows_session_desk import HIDDEN, TEAM, a_session
from tests.permissions.table import LOGIN, Row

ROWS = [
    Row(
        "session_add_person",
        args=a_session(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 409, ...: 404},
    ),
    Row(
        "session_add_person",
        note="a trainer of it",
        args=lambda world: [make_session(trainers=[world.users["trainer"]]).number],
        query="?q=table",
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"person": make_trainee().pk},
    ),
]
