"""Compare the database with this host's index; exit 1 where they differ."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand

from search.api import reconcile


class Command(BaseCommand):
    help = "Print what this host's index lacks, holds too old or too much; --repair mends it."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="mend what differs")

    def handle(self, *args, repair=False, **options):
        found = reconcile(repair=repair)
        for name in ("missing", "stale", "orphaned"):
            by_language = Counter(language for _key, language in getattr(found, name))
            for language, count in sorted(by_language.items()):
                self.stdout.write(f"{name} {language} {count}")
        if found.is_empty:
            self.stdout.write("Nothing differs.")
        elif repair:
            found = reconcile()
            self.stdout.write("Mended." if found.is_empty else "Some differences remain.")
        if not found.is_empty:
            sys.exit(1)
