"""Say which engine answers and how far each index in use is."""

from django.conf import settings
from django.core.management.base import BaseCommand

from search.upkeep import status


class Command(BaseCommand):
    help = "Say which engine answers, how many documents each index holds and how far it is behind."

    def handle(self, *args, **options):
        now = status()
        self.stdout.write(f"engine {now.engine}")
        self.stdout.write(f"analyzer {now.analyzer}")
        self.stdout.write(f"follows {'in the transaction' if now.is_transactional else 'by drain'}")
        for index in now.indexes:
            at = f" ({index.engine})" if len(now.indexes) > 1 else ""
            if index.error:
                self.stdout.write(f"does not answer: {index.error}{at}")
            if index.waits_because:
                self.stdout.write(f"waits: {index.waits_because}{at}")
            self.stdout.write(f"rebuilding {'yes' if index.needs_rebuild else 'no'}{at}")
            self.stdout.write(f"behind {index.behind}{at}")
            self.stdout.write(f"refused {index.refused}{at}")
            for code, _name in settings.LANGUAGES:
                self.stdout.write(f"documents {code} {index.documents.get(code, 0)}{at}")
