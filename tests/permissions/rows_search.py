"""Rows of the search page; what a person finds there is proven in tests/search."""

from tests.permissions.table import Row

ROWS = [Row("search", get=200, post=405, query="?q=parts")]
