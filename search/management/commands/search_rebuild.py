"""Write every document of this host's index again."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.api import rebuild


class Command(BaseCommand):
    help = "Write every document of this host's index again, while the site goes on."

    def add_arguments(self, parser):
        parser.add_argument("--language", help="only this language, e.g. ja")

    def handle(self, *args, language=None, **options):
        if language is not None and language not in dict(settings.LANGUAGES):
            raise CommandError(f"{language} is not one of the site's languages.")

        def progress(count: int) -> None:
            if self.stdout.isatty():
                self.stdout.write(f"\r{count} documents", ending="")
                self.stdout.flush()

        count = rebuild(language, progress=progress)
        if self.stdout.isatty():
            self.stdout.write("\r", ending="")
        self.stdout.write(f"{count} documents written.")
