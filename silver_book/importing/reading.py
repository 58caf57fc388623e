"""Which reader a folder needs."""

from pathlib import Path

from django.utils.translation import gettext as _

from silver_book.exceptions import ImportRefused
from silver_book.importing import markdown, xhtml
from silver_book.importing.folder import Folder, Report
from silver_book.importing.load import known_files, known_texts
from silver_book.permissions import SOURCE_LANGUAGE


def read_folder(path: Path, language: str, report: Report) -> Folder:
    """A folder of Markdown, else of (X)HTML. Raises ImportRefused."""
    if markdown.can_read(path):
        return markdown.read(path, report, known=known_files())
    if xhtml.can_read(path):
        is_source = language == SOURCE_LANGUAGE
        return xhtml.read(path, report, known=known_texts(), is_source=is_source)
    raise ImportRefused(_("%(folder)s holds no Markdown and no HTML.") % {"folder": path})
