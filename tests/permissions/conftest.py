"""The world that the table's rows are asked in."""

import pytest

from tests.permissions.world import World
from tests.shared import round_the_tests


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once; every request is rolled back to it, and it goes with the module."""
    with round_the_tests(django_db_blocker):
        made = World()
        made.prepare()
        yield made
