"""The contract's suite, answered by Elasticsearch: words that stand for one another."""

from tests.search.test_vocabulary import *  # noqa: F403
