"""`manage.py restore ARCHIVE`: put an archive back; what is there is moved aside."""

import fcntl
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from gkc_site.backup import BackupError, unpack


class Command(BaseCommand):
    """Unpacks, migrates, bootstraps, and rebuilds the search index."""

    help = "Put an archive of `backup` into GKC_HOME; a former home is moved aside."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)

    def handle(self, *args, archive, **options):
        database = settings.DATABASES["default"]
        if database["ENGINE"] != "django.db.backends.sqlite3":
            raise CommandError("This site runs on PostgreSQL: see docs/how-to/backup.md")
        archive = archive.resolve()
        self.refuse_a_running_site(settings.GKC_HOME)
        connections.close_all()
        try:
            moved = unpack(archive, settings.GKC_HOME)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if moved:
            self.stdout.write(f"the former home lies in {moved}")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("bootstrap", stdout=self.stderr)
        if "search_rebuild" in get_commands():
            call_command("search_rebuild", stdout=self.stderr)
        self.stdout.write(f"restored {archive} into {settings.GKC_HOME}")

    def refuse_a_running_site(self, home: Path) -> None:
        """`make run` holds this lock as long as it runs."""
        lock = home / "runner.lock"
        if not lock.exists():
            return
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CommandError(f"A site is running in {home}. Stop it first.") from error
