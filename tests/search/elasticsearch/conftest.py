"""The search suite with Elasticsearch in place of the embedded engine."""

import itertools

import pytest
from django.test import Client

from tests.search.elasticsearch.server import (  # noqa: F401 - fixtures
    _indexes,
    _prefix,
    catch_up,
    elasticsearch_url,
    engine,
)

# A database that is rolled back gives a key again, and the server remembers for a moment
# how new the document was that the test before had by that name.
_pks = itertools.count(10_000)


def pytest_collection_modifyitems(items):
    """Everything in this folder needs the server."""
    for item in items:
        if "tests/search/elasticsearch/" in item.nodeid:
            item.add_marker("es")


@pytest.fixture(autouse=True)
def _elasticsearch_answers(engine):  # noqa: F811
    """Every test of this folder asks the server."""


@pytest.fixture
def publish(publish):
    """The contract's own way to publish, by a key that no other test used."""

    def published(*args, **kwargs):
        return publish(*args, pk=next(_pks), **kwargs)

    return published


@pytest.fixture
def ask(ask, catch_up):  # noqa: F811
    """The contract's own way to ask, after the index has followed."""

    def asked(*args, **kwargs):
        catch_up()
        page = ask(*args, **kwargs)
        assert (page.engine, page.degraded) == ("elasticsearch", False)
        return page

    return asked


@pytest.fixture
def client(catch_up):  # noqa: F811
    """A browser whose pages are asked for after the index has followed."""

    class FollowingClient(Client):
        def get(self, *args, **kwargs):
            catch_up()
            return super().get(*args, **kwargs)

    return FollowingClient()
