"""Rows of the search page; what a person finds there is proven in tests/search."""

from tests.permissions.table import Row

ROWS = [
    Row("search", get=200, post=405, query="?q=parts"),
    Row("search_complete", get=200, post=405, query="?q=par"),
    Row("search_languages", get=405, post=302, data=lambda world: {"language": ["fa"]}),
    Row("opensearch", get=200, post=405),
]
ROWS += [
    Row("api-v1:search", get=200, post=405, query="?q=parts"),
    Row("api-v1:openapi-json", get=200, post=405),
    Row("api-v1:api-root", get=404, post=404),
    Row("api_not_found", get=404, post=404),
]
