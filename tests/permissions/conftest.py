"""The world that the table's rows are asked in."""

import pytest
from django.db import transaction

from tests.permissions.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once; every request is rolled back to it, and it goes with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        made.prepare()
        yield made
        transaction.set_rollback(True)
