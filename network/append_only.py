"""Rows that are only added to: refused by the model, by every QuerySet, and by the database.

A later migration that rebuilds such a table on SQLite drops its triggers and
must make them again with `lock`; tests ask for them.
"""

import contextlib
from collections.abc import Iterable, Iterator

from django.db import connection, models, transaction

SAID = "history is only added to"
EVENTS = ("UPDATE", "DELETE")


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and inserts only. Raises RuntimeError: no way of the site asks for more."""

    def update(self, **values):
        raise RuntimeError("History never changes.")

    def bulk_update(self, *args, **kwargs):
        raise RuntimeError("History never changes.")

    def delete(self):
        raise RuntimeError("History is never deleted.")

    delete.queryset_only = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise RuntimeError("History never changes.")
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """Saved when it is made, never again."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Raises RuntimeError on change: history is only added to."""
        if not self._state.adding:
            raise RuntimeError("History never changes.")
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args, **kwargs):
        """Raises RuntimeError: history is never removed."""
        raise RuntimeError("History is never deleted.")


def lock(
    cursor, vendor: str, table: str, columns: Iterable[str], *, may_empty="", may_go="FALSE"
) -> None:
    """Let the database refuse every UPDATE and DELETE of a table.

    But for `may_empty`, a column that may become NULL (its row elsewhere was
    deleted), and for rows of which the SQL condition `may_go` (over OLD) holds.
    """
    fixed = [name for name in columns if name != may_empty]
    same = " AND ".join(_same(vendor, name) for name in fixed)
    refuse = {"UPDATE": f"NOT ({same} AND NEW.{may_empty} IS NULL)" if may_empty else "TRUE"}
    refuse["DELETE"] = f"NOT ({may_go})"
    for event in EVENTS:
        name = _name(table, event)
        if vendor == "postgresql":
            row = "NEW" if event == "UPDATE" else "OLD"
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
                f"IF {refuse[event]} THEN RAISE EXCEPTION '{SAID}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {row}; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"WHEN {refuse[event]} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )


def unlock(cursor, vendor: str, table: str) -> None:
    """Take the triggers of `lock` away: a migration that is undone."""
    for event in EVENTS:
        name = _name(table, event)
        on = f" ON {table}" if vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


@contextlib.contextmanager
def unlocked(model, **rules) -> Iterator[models.QuerySet]:
    """A plain QuerySet of a locked table, for example data and benchmarks alone.

    `rules` are those its migration gave `lock`: locked again afterwards, or
    rolled back with it. Nothing of the site that people use comes here.
    """
    table, vendor = model._meta.db_table, connection.vendor
    columns = [field.column for field in model._meta.concrete_fields]
    with transaction.atomic():
        with connection.cursor() as cursor:
            if vendor == "postgresql":
                connection.check_constraints()  # none of a table in use can be dropped
            unlock(cursor, vendor, table)
        yield models.QuerySet(model)
        with connection.cursor() as cursor:
            if vendor == "postgresql":
                connection.check_constraints()
            lock(cursor, vendor, table, columns, **rules)


def _name(table: str, event: str) -> str:
    return f"only_grows_{table}_{event.lower()}"


def _same(vendor: str, column: str) -> str:
    same = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    return f'NEW."{column}" {same} OLD."{column}"'
