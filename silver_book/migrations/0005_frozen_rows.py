"""The database itself refuses changes of what is frozen, whatever goes around the models.

- No update and no delete of an edition, its texts, and the words and pictures
  they point at.
- No text for an edition whose row exists: that row is written last.
- No update and no delete of a file that is ready.
"""

from django.db import migrations

FROZEN = ("edition", "editiontext", "frozentext", "frozenpicture")
EXISTS = "EXISTS (SELECT 1 FROM silver_book_edition WHERE number = NEW.edition_id)"


def rules():
    """(name, table, event, condition) of each trigger."""
    for table in FROZEN:
        for event in ("UPDATE", "DELETE"):
            yield f"{table}_{event.lower()}", table, event, None
    yield "editiontext_insert", "editiontext", "INSERT", EXISTS
    for event in ("UPDATE", "DELETE"):
        yield f"editionfile_{event.lower()}", "editionfile", event, "OLD.state = 'done'"


def make(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        if is_postgres:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION silver_book_frozen() RETURNS trigger AS $$ BEGIN "
                "RAISE EXCEPTION 'an edition is frozen' "
                "USING ERRCODE = 'integrity_constraint_violation'; "
                "END $$ LANGUAGE plpgsql"
            )
        for name, table, event, condition in rules():
            if is_postgres:
                # A condition with a query belongs into the body: WHEN takes none.
                if condition == EXISTS:
                    cursor.execute(
                        "CREATE OR REPLACE FUNCTION silver_book_closed() RETURNS trigger AS $$ "
                        f"BEGIN IF {EXISTS} THEN RAISE EXCEPTION 'an edition is frozen' "
                        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                        "RETURN NEW; END $$ LANGUAGE plpgsql"
                    )
                when = f"WHEN ({condition})" if condition and condition != EXISTS else ""
                function = "silver_book_closed" if condition == EXISTS else "silver_book_frozen"
                cursor.execute(
                    f"CREATE TRIGGER frozen_{name} BEFORE {event} ON silver_book_{table} "
                    f"FOR EACH ROW {when} EXECUTE FUNCTION {function}()"
                )
            else:
                when = f"WHEN {condition}" if condition else ""
                cursor.execute(
                    f"CREATE TRIGGER frozen_{name} BEFORE {event} ON silver_book_{table} "
                    f"FOR EACH ROW {when} BEGIN "
                    "SELECT RAISE(ABORT, 'an edition is frozen'); END"
                )


def drop(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, table, _event, _condition in rules():
            on = f" ON silver_book_{table}" if is_postgres else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS frozen_{name}{on}")
        if is_postgres:
            cursor.execute("DROP FUNCTION IF EXISTS silver_book_frozen(), silver_book_closed()")


class Migration(migrations.Migration):
    dependencies = [("silver_book", "0004_editions")]

    operations = [migrations.RunPython(make, drop)]
