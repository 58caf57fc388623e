"""Rows of the figures: executives and editors of the network, leads of their own areas."""

from tests.permissions.table import LOGIN, Row

READERS = "lead editor executive superuser"


def only(roles: str, answer: int) -> dict:
    return {"visitor": LOGIN, roles: answer, ...: 403}


NOT_ASKED = {"visitor": LOGIN, ...: 405}

ROWS = [
    Row("measures", get=only(READERS, 200), post=NOT_ASKED),
    Row("measures_csv", get=only(READERS, 200), post=NOT_ASKED),
    Row("journey", get=only(READERS, 200), post=NOT_ASKED),
    Row("journey_csv", get=only(READERS, 200), post=NOT_ASKED),
    Row("journey_pdf", get=only(READERS, 200), post=NOT_ASKED),
    Row(
        "journey_list",
        args=lambda world: ["published"],
        get=only(READERS, 200),
        post=NOT_ASKED,
    ),
    Row(
        "journey_list",
        args=lambda world: ["sold"],
        note="no step",
        get={"visitor": LOGIN, READERS: 404, ...: 403},
        post=NOT_ASKED,
    ),
]
