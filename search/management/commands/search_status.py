"""Say which engine answers and how far this host's index is."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand

from search.api import status


class Command(BaseCommand):
    help = "Say which engine answers, how many documents it holds and how far it is behind."

    def handle(self, *args, **options):
        now = status()
        self.stdout.write(f"engine {now.engine}")
        self.stdout.write(f"analyzer {now.analyzer}")
        self.stdout.write(f"follows {'in the transaction' if now.is_transactional else 'by drain'}")
        self.stdout.write(f"needs rebuild {'yes' if now.needs_rebuild else 'no'}")
        self.stdout.write(f"behind {now.behind}")
        counts = Counter(language for _key, language in now.documents)
        for code, _name in settings.LANGUAGES:
            self.stdout.write(f"documents {code} {counts[code]}")
