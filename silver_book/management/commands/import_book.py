"""`manage.py import_book DIR --language xx`: take a folder of files in as the book."""

import warnings
from collections import Counter
from pathlib import Path

from bs4 import MarkupResemblesLocatorWarning
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network import languages
from network.exceptions import ChangeRefused
from network.models import User
from silver_book.importing.folder import Report
from silver_book.importing.load import load
from silver_book.importing.reading import read_folder
from silver_book.permissions import can_publish_book


class Command(BaseCommand):
    """See silver_book.importing. May be stopped and run again: what is there is left alone."""

    help = "Take a folder of Markdown or XHTML in as the book, in one language (safe to run again)."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--language", required=True, help=", ".join(languages.codes()))
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")
        parser.add_argument("--by", help="E-mail of the editor whose act it is; else the site's.")

    def handle(self, *args, folder: Path, language: str, dry_run: bool, by: str | None, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        language = _language(language)
        # wagtail-localize parses every text; one that is a file's name is no mistake.
        warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)
        person = _person(by)
        report = Report()
        try:
            read = read_folder(folder.resolve(), language, report)
            load(read, language, report, by=person, dry_run=dry_run)
        except ChangeRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(report, dry_run)

    def tell(self, report: Report, dry_run: bool) -> None:
        """The report, the most important last."""
        for (file, what), times in Counter(report.lost).items():
            what += f" (×{times})" if times > 1 else ""
            self.stdout.write(
                _("not carried over: %(file)s: %(what)s") % {"file": file, "what": what}
            )
        for file, what in report.conflicts:
            line = _("left alone: %(file)s: %(what)s") % {"file": file, "what": what}
            self.stdout.write(self.style.WARNING(line))
        if report.titles_only:
            self.stdout.write(
                ngettext(
                    "%(n)s section has a title and a summary and no text yet",
                    "%(n)s sections have a title and a summary and no text yet",
                    report.titles_only,
                )
                % {"n": report.titles_only}
            )
        sums = {
            "made": report.made,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "left": len(report.conflicts),
            "lost": len(report.lost),
        }
        words = (
            _(
                "%(made)s would be made, %(changed)s would be changed, %(unchanged)s unchanged, "
                "%(left)s left alone, %(lost)s not carried over"
            )
            if dry_run
            else _(
                "%(made)s made, %(changed)s changed, %(unchanged)s unchanged, "
                "%(left)s left alone, %(lost)s not carried over"
            )
        )
        self.stdout.write(words % sums)


# Names that other programs have for ours.
_ALSO = {"zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh": "zh-hans"}


def _language(given: str) -> str:
    """One of the site's languages: 'pt_BR', 'zh-CN' and 'fr-FR' are known. Raises CommandError."""
    code = given.lower().replace("_", "-")
    code = _ALSO.get(code, code)
    known = languages.codes()
    if code not in known and code.partition("-")[0] in known:
        code = code.partition("-")[0]
    if code not in known:
        raise CommandError(
            f"{given} is none of the site's languages: {', '.join(known)}. Nothing was taken in."
        )
    return code


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
