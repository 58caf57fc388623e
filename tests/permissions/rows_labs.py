"""Rows of online labs and yearly duties: members take them; managers and campaigners see who did
not."""

from tests.factories.workshops import make_lab
from tests.permissions.table import LOGIN, Row

FIRMLESS = "editor executive administrator superuser"  # no member of any distributor
OVERSEERS = "manager campaigner neutral lead coordinator executive administrator superuser"


def a_lab(world):
    return [make_lab().key]


def a_version(world):
    """The lab of the version that the story's distributor made."""
    return [make_lab(parent=make_lab(), distributor=world.distributor).key]


def a_step(world):
    lab = make_lab()
    return [lab.key, str(lab.pages.get().lessons[0].id)]


ROWS = [
    Row(
        "lab",
        args=a_lab,
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, FIRMLESS: 409, ...: 302},
    ),
    Row(
        "lab",
        note="of a distributor’s version",
        args=a_version,
        get={"visitor": LOGIN, "reader neutral translator": 404, ...: 200},
        post={
            "visitor": LOGIN,
            "reader neutral translator": 404,
            "author own_author co_author manager": 302,
            ...: 409,
        },
    ),
    Row(
        "lab_step",
        args=a_step,
        note="without a run one is led to the lab",
        get={"visitor": LOGIN, ...: 302},
        post={"visitor": LOGIN, ...: 302},
    ),
    Row(
        "duty_list",
        get={"visitor": LOGIN, OVERSEERS: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "duty_csv",
        get={"visitor": LOGIN, OVERSEERS: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
]
