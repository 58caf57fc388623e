"""The database itself refuses changes of what happened to an enrolment."""

from django.db import migrations

from network.append_only import locking


class Migration(migrations.Migration):
    dependencies = [("workshops", "0006_labs_and_versions")]

    operations = [locking("workshops", EnrolmentEvent={})]
