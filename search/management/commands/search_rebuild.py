"""Write every document of the indexes in use again."""

import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.rebuilding import (
    left_to_rebuild,
    note_unknown,
    rebuild_elasticsearch,
    rebuild_embedded,
)
from search.upkeep import engines_in_use

_WIDTH = 30  # characters of the progress bar


class Command(BaseCommand):
    help = (
        "Write every document of the indexes in use again, while the site goes on. Started"
        " again after a stop, it goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("--language", help="only this language, e.g. ja")
        parser.add_argument("--engine", help="only this one of the engines in use")

    def handle(self, *args, language=None, engine=None, **options):
        if language is not None and language not in dict(settings.LANGUAGES):
            raise CommandError(f"{language} is not one of the site's languages.")
        used = [one.name for one in engines_in_use()]
        if engine is not None and engine not in used:
            raise CommandError(f"{engine} is not in use here; {', '.join(used)}.")
        note_unknown()
        for name in used:
            if engine in (None, name):
                count = getattr(self, f"_{name}")(language)
                self.stdout.write(f"{count} documents written ({name}).")

    def _embedded(self, language: str | None) -> int:
        def progress(done: int, total: int) -> None:
            self._bar("objects", done / total, total)

        count = rebuild_embedded(language, progress)
        self._show("")
        return count

    def _elasticsearch(self, language: str | None) -> int:
        codes = [language] if language else [code for code, _name in settings.LANGUAGES]
        total = 0
        for code in codes:
            total += self._one_language(code)
        self._show("")
        return total

    def _one_language(self, code: str) -> int:
        left = left_to_rebuild(code)

        def progress() -> None:
            self._bar(code, 1 - left_to_rebuild(code) / left if left else 1, left)

        # It waits for a server that is away, until somebody ends it.
        return rebuild_elasticsearch(code, progress, wait=threading.Event())

    def _bar(self, what: str, share: float, total: int) -> None:
        bar = "#" * round(share * _WIDTH)
        self._show(f"{what} [{bar:<{_WIDTH}}] {share:4.0%} of {total}")

    def _show(self, line: str) -> None:
        """One line, written over; nothing where nobody watches."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{line:<60}", ending="")
            self.stdout.flush()
