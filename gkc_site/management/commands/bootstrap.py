"""`manage.py bootstrap`: make what every installation needs. Safe to run again."""

from django.core.management.base import BaseCommand

from gkc_site.bootstrap import bootstrap


class Command(BaseCommand):
    """See gkc_site.bootstrap."""

    help = "Make locales, home and index pages, workflow, groups and schedule (idempotent)."

    def handle(self, *args, **options):
        bootstrap()
        self.stdout.write("bootstrapped")
