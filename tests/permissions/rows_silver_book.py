"""Rows of the book beside its pages: the standard text is open to everyone."""

from tests.permissions.table import Row

ROWS = [
    Row("practice_matrix", get=200, post=405),
    Row("practice_cell", get=200, post=405, args=lambda world: ["own", "after-sales"]),
    Row("practice_cell", get=404, post=405, args=lambda world: ["own", "no-such"], note="unknown"),
]
