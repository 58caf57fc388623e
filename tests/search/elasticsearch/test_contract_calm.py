"""The contract's suite, answered by Elasticsearch: calm."""

from tests.search.test_calm import *  # noqa: F403
