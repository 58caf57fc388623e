"""Load regions, areas, distributors, dealers, contacts and members from a sheet."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gkc_site.bootstrap import system_user
from gkc_site.network_import import FileRefused, import_rows, read
from network.languages import codes


class Command(BaseCommand):
    help = "Load the network from a .csv or .xlsx file: all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *args, file: Path, dry_run: bool, **options):
        try:
            rows, problems = read(file, codes())
        except FileRefused as refusal:
            raise CommandError(f"{file.name}: {refusal}") from refusal
        changes, more = import_rows(
            rows, by=system_user(), languages=codes(), dry_run=dry_run or bool(problems)
        )
        problems = sorted([*problems, *more], key=lambda problem: (problem.sheet, problem.line))
        if problems:
            for problem in problems:
                self.stderr.write(f"{file.name}:{problem}")
            raise CommandError(
                ngettext(
                    "%(count)s error; nothing was changed.",
                    "%(count)s errors; nothing was changed.",
                    len(problems),
                )
                % {"count": len(problems)}
            )
        for change in changes:
            self.stdout.write(str(change))
        if dry_run:
            self.stdout.write(_("Dry run: nothing was changed."))
        self.stdout.write(
            ngettext(
                "%(rows)s row read, %(changes)s changes.",
                "%(rows)s rows read, %(changes)s changes.",
                len(rows),
            )
            % {"rows": len(rows), "changes": len(changes)}
        )
