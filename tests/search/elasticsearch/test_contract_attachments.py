"""The contract's suite, answered by Elasticsearch: attachments."""

from tests.search.test_attachments import *  # noqa: F403

# A worker sees only what is committed: there is no rolled back change for it.
del test_what_is_rolled_back_is_found_again  # noqa: F821
