"""PostgreSQL's advisory locks: for what no row stands for.

They have one space of keys in a database: each of ours stands here. One is
held until the transaction ends. SQLite has one writer at a time, and needs none.
"""

from django.db import connection

TREE = 7_140_523  # the page tree (network.tree)
TEACHING = 7_140_524  # who teaches when (workshops)


def advisory_lock(key: int) -> None:
    """Wait until nobody else holds it. Inside a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
