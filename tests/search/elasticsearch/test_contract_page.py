"""The contract's suite, answered by Elasticsearch: the search page."""

from tests.search.test_page import *  # noqa: F403
