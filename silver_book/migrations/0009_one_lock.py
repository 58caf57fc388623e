"""Editions are locked as every other history is (network.append_only), no longer on their own."""

import importlib

from django.db import migrations

from network.append_only import locking
from silver_book.frozen import FROZEN, FROZEN_FILE, FROZEN_TEXT

before = importlib.import_module("silver_book.migrations.0005_frozen_rows")


class Migration(migrations.Migration):
    dependencies = [("silver_book", "0008_glossary_uses")]

    operations = [
        migrations.RunPython(before.drop, before.make),
        locking(
            "silver_book",
            Edition=FROZEN,
            FrozenText=FROZEN,
            FrozenPicture=FROZEN,
            EditionText=FROZEN_TEXT,
            EditionFile=FROZEN_FILE,
        ),
    ]
