"""Rows of the figures of the workshops."""

from tests.permissions.table import LOGIN, Row

SEE = "campaigner neutral lead coordinator editor executive administrator superuser"

ROWS = [
    Row(
        name,
        get={"visitor": LOGIN, SEE: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    )
    for name in ("workshop_figures", "workshop_figures_csv")
]
