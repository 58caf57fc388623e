"""Rows of the board, the figures of the flow, the coaching log."""

from tests.permissions.table import LOGIN, Row

CAMPAIGN = "campaigner neutral lead editor superuser"
NOT_ASKED = {"visitor": LOGIN, ...: 405}


def only(roles: str, answer: int, other: int = 403) -> dict:
    return {"visitor": LOGIN, roles: answer, ...: other}


def the_area(world):
    return [world.area.slug]


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
]
