"""The database itself refuses changes of what happened to stories and issues."""

from django.db import migrations

from network.append_only import lock, unlock

CASES = "bulletins_caseevent"
ISSUES = "bulletins_issueevent"


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    case_event = apps.get_model("bulletins", "CaseEvent")
    columns = [field.column for field in case_event._meta.concrete_fields]
    with schema_editor.connection.cursor() as cursor:
        lock(
            cursor,
            vendor,
            CASES,
            columns,
            # A draft's revisions go with it; of a submitted story none is deleted alone.
            may_empty="revision_id",
            may_go=f"NOT EXISTS (SELECT 1 FROM {CASES} AS other "
            "WHERE other.case_id = OLD.case_id AND other.verb NOT IN ('start', 'ask'))",
        )
        lock(cursor, vendor, ISSUES, ())


def drop(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        unlock(cursor, vendor, CASES)
        unlock(cursor, vendor, ISSUES)


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0008_lasting")]

    operations = [migrations.RunPython(make, drop)]
