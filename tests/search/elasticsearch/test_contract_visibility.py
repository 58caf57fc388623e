"""The contract's suite, answered by Elasticsearch: who may find what."""

from tests.search.test_visibility import *  # noqa: F403
