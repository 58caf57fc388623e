"""`manage.py backup ARCHIVE`: the whole home folder in one file, while the site runs."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gkc_site.backup import BackupError, write_archive


class Command(BaseCommand):
    """See gkc_site.backup."""

    help = "Write the database and files of GKC_HOME into one archive."

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)

    def handle(self, *args, archive, **options):
        database = settings.DATABASES["default"]
        if database["ENGINE"] != "django.db.backends.sqlite3":
            raise CommandError("This site runs on PostgreSQL: see docs/how-to/backup.md")
        try:
            count = write_archive(settings.GKC_HOME, Path(database["NAME"]), archive)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{archive}: {count} files, {archive.stat().st_size:,} bytes")
