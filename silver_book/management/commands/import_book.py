"""`manage.py import_book DIR --language xx`: take a folder of files in as the book."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from network import languages
from network.exceptions import ChangeRefused
from network.models import User
from silver_book.importing import markdown
from silver_book.importing.folder import Report
from silver_book.importing.load import known_files, load
from silver_book.permissions import can_publish_book


class Command(BaseCommand):
    """See silver_book.importing. May be stopped and run again: what is there is left alone."""

    help = "Take a folder of Markdown in as the book, in one language (safe to run again)."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--language", required=True, choices=languages.codes())
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")
        parser.add_argument("--by", help="E-mail of the editor whose act it is; else the site's.")

    def handle(self, *args, folder: Path, language: str, dry_run: bool, by: str | None, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        if not markdown.can_read(folder):
            raise CommandError(f"{folder} holds no Markdown.")
        person = _person(by)
        report = Report()
        try:
            read = markdown.read(folder, report, known=known_files())
            load(read, language, report, by=person, dry_run=dry_run)
        except ChangeRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(report, dry_run)

    def tell(self, report: Report, dry_run: bool) -> None:
        """The report, the most important last."""
        for file, what in report.lost:
            self.stdout.write(f"not carried over: {file}: {what}")
        for file, what in report.conflicts:
            self.stdout.write(self.style.WARNING(f"left alone: {file}: {what}"))
        if report.titles_only:
            self.stdout.write(
                ngettext(
                    "%(n)s section has a title and a summary and no text yet",
                    "%(n)s sections have a title and a summary and no text yet",
                    report.titles_only,
                )
                % {"n": report.titles_only}
            )
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.made} {would}made, {report.changed} {would}changed, "
            f"{report.unchanged} unchanged, {len(report.conflicts)} left alone, "
            f"{len(report.lost)} not carried over"
        )


def _person(by: str | None) -> User:
    """Who does it. Raises CommandError for somebody who may not."""
    if by is None:
        return User.objects.get(is_system=True)
    person = User.objects.filter(email__iexact=by).first()
    if person is None:
        raise CommandError(f"There is no member with the address {by}.")
    if not can_publish_book(person):
        raise CommandError(f"{by} is no editor.")
    return person
