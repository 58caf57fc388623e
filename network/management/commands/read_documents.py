"""`manage.py read_documents`: read what waits, as the sweep does; `--failed` tries those again."""

from django.core.management.base import BaseCommand

from network.document_texts import ask_again, read_waiting


class Command(BaseCommand):
    """See network.document_texts."""

    help = "Read the text of attached files that wait for it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--failed", action="store_true", help="also those that could not be read before"
        )

    def handle(self, *args, **options):
        if options["failed"]:
            self.stdout.write(f"asked again: {ask_again()}")
        settled = 0
        while more := read_waiting():
            settled += more
        self.stdout.write(f"read: {settled}")
