"""People that many of these tests need."""

import pytest

from tests.factories.network import make_user


@pytest.fixture
def coordinator():
    """Of every programme."""
    return make_user("coordinator")


@pytest.fixture
def trainer():
    """Who teaches."""
    return make_user("trainer")


@pytest.fixture
def browser(client, coordinator):
    """The coordinator's."""
    client.force_login(coordinator)
    return client
