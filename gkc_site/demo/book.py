"""The book's own text, taken in as an editor would: `manage.py import_book` for each language."""

from datetime import timedelta
from pathlib import Path

from network import languages
from network.models import User
from silver_book.importing.folder import Report
from silver_book.importing.load import load
from silver_book.importing.reading import read_folder
from silver_book.models import Edition
from silver_book.transitions.freezing import freeze_edition

CONTENT = Path(__file__).resolve().parents[2] / "silver_book" / "content"
# The site is looked at first: the worker builds the files when that has begun.
BUILD_AFTER = timedelta(seconds=90)


def load_book() -> int:
    """Take in every language that has a folder, English first. Returns how many texts were new.

    A text that is there already and was not changed in its file costs a look.
    """
    by = User.objects.holding("editor").order_by("pk").first()
    made = 0
    for language in languages.codes():
        folder = CONTENT / language
        if not folder.is_dir():
            continue
        report = Report()
        read = read_folder(folder, language, report)
        made += load(read, language, report, by=by).made
    return made


def load_edition() -> int:
    """Freeze the book once as its first edition. Returns how many editions were made."""
    if Edition.objects.exists():
        return 0
    freeze_edition(
        by=User.objects.holding("editor").order_by("pk").first(), build_after=BUILD_AFTER
    )
    return 1
