"""A text as a PO file, for translators who work with a tool of their own; and back.

Each entry names its place (msgctxt) and, in an extracted comment, the version
of the paragraph that was written out. A file brings words only where the
paragraph still is that version: nobody's newer words are written over. Words
that cannot be taken are kept beside their paragraph.
"""

import io
from dataclasses import dataclass, field

from babel import Locale as BabelLocale
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from network.languages import autonym, tag
from translations import assembly
from translations.aids.paragraphs import Paragraph, paragraphs
from translations.exceptions import FileRefused
from translations.models import TextState
from translations.models.desk import Former
from translations.registry import newest_title
from translations.translating import writing

PROJECT = "GKC"
MAX_BYTES = 4 * 1024 * 1024
_VERSION = "gkc-version: "


@dataclass
class Report:
    """What became of a file's entries: their labels, in the text's order."""

    taken: list[str] = field(default_factory=list)
    same: int = 0
    empty: int = 0
    fuzzy: list[str] = field(default_factory=list)  # the tool says: not finished
    old: list[str] = field(default_factory=list)  # for an earlier original
    newer: list[str] = field(default_factory=list)  # the site has newer words
    gone: int = 0  # the original no longer has the place


def write_file(page: Page, language: str, *, by) -> bytes:
    """The text as PO. What is to be looked at is fuzzy, with the earlier original beside it.

    Raises PermissionDenied.
    """
    writing.check_may_translate(page, language, by)
    source = assembly.find_source(page)
    catalog = Catalog(
        locale=BabelLocale.parse(tag(language), sep="-"),
        project=PROJECT,
        version=_name(page, language),
        fuzzy=False,
        charset="utf-8",
        header_comment=f"# {newest_title(page)}".replace("\n", " "),
    )
    for paragraph in paragraphs(source, language):
        is_fuzzy = paragraph.state in ("stale", "draft")
        message = catalog.add(
            paragraph.source,
            paragraph.text,
            context=paragraph.path,
            flags=["fuzzy"] if is_fuzzy else [],
            auto_comments=[paragraph.label, f"{_VERSION}{paragraph.version}"],
            previous_id=paragraph.former_source if is_fuzzy else (),
        )
        message.flags.discard("python-format")  # a per cent sign of prose
        message.flags.discard("python-brace-format")
    written = io.BytesIO()
    write_po(written, catalog, width=0, include_previous=True)
    return written.getvalue()


def _name(page: Page, language: str) -> str:
    return f"{page.translation_key}/{language}"


def take_file(page: Page, language: str, data: bytes, *, by) -> Report:
    """Take in a PO file of this text. All or nothing but for what the report names.

    Raises PermissionDenied; FileRefused for what is no PO file, another
    text's or language's, or too old for any of its words to be taken.
    """
    writing.check_may_translate(page, language, by)
    entries = _entries(page, language, data)
    with transaction.atomic():
        # Locked first: what is compared is what is written over.
        list(
            TextState.objects.select_for_update()
            .filter(object_key=page.translation_key, language=language)
            .values_list("pk", flat=True)
        )
        report = _take(page, language, entries, by)
        if entries and not report.taken and not report.same and report.old:
            raise FileRefused(
                _("This file is for an earlier original: none of its words could be taken.")
            )
    if report.taken:
        writing.save_draft_when_whole(page, language, by=by)
    return report


def _entries(page: Page, language: str, data: bytes) -> dict:
    """Path → message."""
    if len(data) > MAX_BYTES:
        raise FileRefused(_("This file is too big to be one text."))
    try:
        catalog = read_po(io.BytesIO(data), abort_invalid=True)
    except (PoFileError, UnicodeError, ValueError, LookupError) as error:
        raise FileRefused(_("This is not a PO file, or it is damaged.")) from error
    found = {message.context: message for message in catalog if message.id}
    if not found:
        raise FileRefused(_("This is not a PO file, or it is damaged."))
    if catalog.project != PROJECT or catalog.version != _name(page, language):
        raise FileRefused(
            _("This file was not written out from “%(title)s” in %(language)s.")
            % {"title": newest_title(page), "language": autonym(language)}
        )
    return found


def _take(page: Page, language: str, entries: dict, by) -> Report:
    report, locale = Report(), Locale.objects.get(language_code=language)
    source = assembly.find_source(page)
    here = {paragraph.path: paragraph for paragraph in paragraphs(source, language)}
    segments = writing.segments_of(page, here)
    report.gone = len(set(entries) - set(here))
    for path, paragraph in here.items():
        message = entries.get(path)
        text = writing.tidy(message.string) if message and isinstance(message.string, str) else ""
        if not text:
            report.empty += 1
            continue
        if message.fuzzy:
            if text != paragraph.text:
                _aside(page, language, paragraph, text, by)
            report.fuzzy.append(paragraph.label)
        elif writing.tidy(message.id) != writing.tidy(paragraph.source):
            _aside(page, language, paragraph, text, by)
            report.old.append(paragraph.label)
        elif text == paragraph.text and paragraph.state == "current":
            report.same += 1
        elif paragraph.text and _version(message) != paragraph.version:
            _aside(page, language, paragraph, text, by)
            report.newer.append(paragraph.label)
        else:
            writing.check_length(text)
            writing.write(segments[path], locale, text, by=by)
            report.taken.append(paragraph.label)
    return report


def _aside(page: Page, language: str, paragraph: Paragraph, text: str, by) -> None:
    if text == paragraph.text:
        return
    writing.keep_aside(
        text,
        Former.FILE,
        by=by,
        object_key=page.translation_key,
        path=paragraph.path,
        language=language,
    )


def _version(message) -> str:
    """The version that was written out; '' where the tool lost the comment."""
    for comment in message.auto_comments:
        if comment.startswith(_VERSION):
            return comment.removeprefix(_VERSION).strip()
    return ""
