"""Rows of the trainer's desk."""

from tests.factories.workshops import make_session
from tests.permissions.table import LOGIN, Row

TEAM = "trainer coordinator administrator superuser"


def a_taught_session(world):
    return [make_session(trainers=[world.users["trainer"]]).number]


def of_another(world):
    return [make_session().number]


ROWS = [
    Row("teaching", get={"visitor": LOGIN, TEAM: 200, ...: 403}, post={"visitor": LOGIN, ...: 405}),
    Row(
        "teaching_session",
        args=a_taught_session,
        get={"visitor": LOGIN, TEAM: 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "teaching_session",
        note="of another trainer",
        args=of_another,
        get={"visitor": LOGIN, "coordinator administrator superuser": 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
]
