"""`manage.py check_catalogs`: complete, unfuzzy, in step with the code, placeholders right."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gkc_site.catalogs.check import problems


class Command(BaseCommand):
    """Languages of GKC_COMPLETE_LANGUAGES must lack nothing; the others must not drift."""

    help = "Check the message catalogs against the code."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        found = problems(dict(settings.LANGUAGES), settings.GKC_COMPLETE_LANGUAGES)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} problems in the catalogs")
        self.stdout.write("catalogs are complete")
