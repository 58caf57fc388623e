"""What the tests of a module share: made once, in a transaction round all of theirs."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import translation


@contextmanager
def round_the_tests(django_db_blocker):
    """Rows made inside stay for the module's tests; each of these is rolled back to them.

    For fixtures with `scope="module"`; they ask for `django_db_setup` first, and yield inside.
    Not beside a test with transactions of its own: it gives back the whole database.
    """
    # In English whatever the file before left active: translated columns follow it.
    english = translation.override("en")
    with django_db_blocker.unblock(), english, transaction.atomic():
        yield
        transaction.set_rollback(True)
