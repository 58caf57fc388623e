"""What the tests of a module share: made once, in a transaction round all of theirs."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def round_the_tests(django_db_blocker):
    """Rows made inside stay for the module's tests; each of these is rolled back to them.

    For fixtures with `scope="module"`; they ask for `django_db_setup` first, and yield inside.
    Not beside a test with transactions of its own: it gives back the whole database.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
