"""`manage.py export_book DIR --language xx`: write the book as Markdown."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from network import languages
from silver_book.exporting import export


class Command(BaseCommand):
    """See silver_book.exporting."""

    help = "Write the live book of one language as Markdown that imports to the same book."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--language", required=True, choices=languages.codes())

    def handle(self, *args, folder: Path, language: str, **options):
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        self.stdout.write(f"{export(folder, language)} files written")
