"""The contract's suite, answered by Elasticsearch: what is found, ranking, facets, suggestions."""

from tests.search.test_answers import *  # noqa: F403
