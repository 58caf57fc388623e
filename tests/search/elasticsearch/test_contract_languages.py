"""The contract's suite, answered by Elasticsearch: languages."""

from tests.search.test_languages import *  # noqa: F403
