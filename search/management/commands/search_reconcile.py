"""Compare the database with the indexes in use; exit 1 where they differ."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from search.engines.base import EngineUnavailable
from search.upkeep import engines_in_use, reconcile


class Command(BaseCommand):
    help = (
        "Print what the indexes in use lack, hold too old or too much, by language;"
        " --repair mends it. Ends with 1 where anything differed that is not mended."
    )

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="mend what differs")

    def handle(self, *args, repair=False, **options):
        used = engines_in_use()
        is_whole = True
        for engine in used:
            at = f" ({engine.name})" if len(used) > 1 else ""
            try:
                is_whole &= self._one(engine, at, repair)
            except EngineUnavailable as error:
                raise CommandError(f"{engine.name} does not answer: {error}") from error
        if is_whole:
            self.stdout.write("Nothing differs.")
        elif repair:
            is_whole = all(reconcile(engine).is_empty for engine in used)
            self.stdout.write("Mended." if is_whole else "Some differences remain.")
        if not is_whole:
            sys.exit(1)

    def _one(self, engine, at: str, repair: bool) -> bool:
        found = reconcile(engine, repair=repair)
        for name in ("missing", "stale", "orphaned"):
            by_language = Counter(language for _key, language in getattr(found, name))
            for language, count in sorted(by_language.items()):
                self.stdout.write(f"{name} {language} {count}{at}")
        return found.is_empty
