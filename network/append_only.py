"""Rows that are only added to: refused by the model, by every QuerySet, and by the database.

A later migration that rebuilds such a table on SQLite drops its triggers and
must make them again with `locking`; tests ask for them. SQLite refuses to
rebuild a table that another one's trigger names (`RULES`): such a migration
begins with `unlocking` and ends with `locking`.
"""

import contextlib
from collections.abc import Iterable, Iterator

from django.db import connection, migrations, models, transaction

SAID = "history is only added to"
EVENTS = ("UPDATE", "DELETE", "INSERT")


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and inserts only: no way of the site asks for more.

    Raises what `refusal` makes of a sentence; a RuntimeError, where a room has no word of its own.
    """

    refusal = RuntimeError

    def update(self, **values):
        raise self.refusal("History never changes.")

    def bulk_update(self, *args, **kwargs):
        raise self.refusal("History never changes.")

    def delete(self):
        raise self.refusal("History is never deleted.")

    delete.queryset_only = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise self.refusal("History never changes.")
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """Saved when it is made, never again.

    `RULES` are those that its newest migration gave `locking`.
    """

    RULES: dict = {}
    refusal = RuntimeError

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Raises `refusal` on change: history is only added to."""
        if not self._state.adding:
            raise self.refusal("History never changes.")
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args, **kwargs):
        """Raises `refusal`: history is never removed."""
        raise self.refusal("History is never deleted.")


def lock(
    cursor,
    vendor: str,
    table: str,
    columns: Iterable[str],
    *,
    may_empty="",
    may_change="FALSE",
    may_go="FALSE",
    may_come="TRUE",
    said=SAID,
) -> None:
    """Let the database refuse every UPDATE and DELETE of a table, with the words `said`.

    But for `may_empty`, a column that may become NULL (its row elsewhere was
    deleted), and for rows of which the SQL condition `may_change`, or `may_go`
    (both over OLD), holds. A new row needs `may_come` (over NEW).
    """
    fixed = [name for name in columns if name != may_empty]
    same = " AND ".join(_same(vendor, name) for name in fixed)
    emptied = f"({same} AND NEW.{may_empty} IS NULL)" if may_empty else "FALSE"
    refuse = {
        "UPDATE": f"NOT ({may_change}) AND NOT {emptied}",
        "DELETE": f"NOT ({may_go})",
    }
    if may_come != "TRUE":
        refuse["INSERT"] = f"NOT ({may_come})"
    for event, condition in refuse.items():
        name = _name(table, event)
        if vendor == "postgresql":
            row = "OLD" if event == "DELETE" else "NEW"
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{said}' "
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
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )


def unlock(cursor, vendor: str, table: str) -> None:
    """Take the triggers of `lock` away: a migration that is undone."""
    for event in EVENTS:
        name = _name(table, event)
        on = f" ON {table}" if vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def locking(app_label: str, **rules: dict) -> migrations.RunPython:
    """A migration's step: `lock` the tables of models by name, each with its rules.

    A table that is locked already is locked anew.
    """

    def make(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        with schema_editor.connection.cursor() as cursor:
            for name, given in rules.items():
                meta = apps.get_model(app_label, name)._meta
                columns = [field.column for field in meta.concrete_fields]
                unlock(cursor, vendor, meta.db_table)
                lock(cursor, vendor, meta.db_table, columns, **given)

    def drop(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        with schema_editor.connection.cursor() as cursor:
            for name in rules:
                unlock(cursor, vendor, apps.get_model(app_label, name)._meta.db_table)

    return migrations.RunPython(make, drop)


def unlocking(app_label: str, **rules: dict) -> migrations.RunPython:
    """A migration's step before one that changes a table which triggers name: take these away.

    `rules` are those that the models, by name, are locked with at that point:
    what is undone is locked with them. A `locking` after the change belongs to it.
    """
    back = locking(app_label, **rules)
    return migrations.RunPython(back.reverse_code, back.code)


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
