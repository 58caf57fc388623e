"""`manage.py compile_messages`: .po to .mo with Babel."""

from django.core.management.base import BaseCommand

from gkc_site.catalogs.compile import compile_catalogs


class Command(BaseCommand):
    """Compiles what changed."""

    help = "Compile the message catalogs, without the gettext binaries."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        self.stdout.write(f"{len(compile_catalogs())} catalogs compiled")
