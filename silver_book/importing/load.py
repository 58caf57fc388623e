"""Writes a folder that was read as pages of the book: one transaction a text, safe to repeat.

English and Japanese are taken in as texts of their own, Japanese paired to
the English paragraphs by order (R15); every other language as the finished
translation of the English. What was edited on the site stands.
"""

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from network.models import ProcessStep
from silver_book.blocks import PracticeElement
from silver_book.importing.cover import CoverLoader
from silver_book.importing.folder import META, Folder, Known, Report, Text
from silver_book.importing.merge import (
    digest,
    merge_blocks,
    new_id,
    paired_by_order,
)
from silver_book.importing.pictures import with_images
from silver_book.importing.translated import TranslationLoader
from silver_book.models import (
    BookChapterPage,
    BookIndexPage,
    BookPage,
    BookPartPage,
    BookSectionPage,
    ImportedText,
)
from silver_book.permissions import BASE_LANGUAGES, SOURCE_LANGUAGE
from silver_book.transitions import Wanted, place_base
from silver_book.transitions.placing import raw_blocks, stream_field

CHOICES = {"processes": ProcessStep, "elements": PracticeElement}


class _Undo(Exception):
    """Ends a dry run."""


def known_files() -> dict[str, str]:
    """File → key of the English sections: links into what a language does not have yet."""
    keys = dict(
        BookSectionPage.objects.filter(locale__language_code=SOURCE_LANGUAGE).values_list(
            "translation_key", "key"
        )
    )
    rows = ImportedText.objects.filter(language=SOURCE_LANGUAGE, object_key__in=keys)
    return {row.file: keys[row.object_key] for row in rows}


def known_texts() -> dict[str, Known]:
    """File → the English text, in the book's order."""
    found: dict = {}
    kinds = {"part": BookPartPage, "chapter": BookChapterPage, "section": BookSectionPage}
    for kind, model in kinds.items():
        pages = model.objects.filter(locale__language_code=SOURCE_LANGUAGE)
        for key, path, name in pages.values_list("translation_key", "path", "key"):
            found[key] = (path, Known(kind, name))
    rows = ImportedText.objects.filter(language=SOURCE_LANGUAGE, object_key__in=found)
    places = sorted((*found[row.object_key], row.file) for row in rows.only("file", "object_key"))
    return {file: known for _path, known, file in places}


def load(folder: Folder, language: str, report: Report, *, by, dry_run: bool = False) -> Report:
    """Take the folder in. Raises ImportRefused or PermissionDenied; what came before stands.

    A dry run writes all of it and takes all of it back, pictures aside.
    """
    loader = _Loader(folder, language, report, by, dry_run)
    if not dry_run:
        loader.run()
        return report
    try:
        with transaction.atomic():
            loader.run()
            raise _Undo
    except _Undo:
        return report


class _Loader(CoverLoader, TranslationLoader):
    """One language's folder on its way into the tree."""

    def __init__(self, folder: Folder, language: str, report: Report, by, dry_run: bool):
        self.folder, self.language, self.report = folder, language, report
        self.by, self.dry_run = by, dry_run
        self.is_base = language in BASE_LANGUAGES
        self.records = {
            row.object_key: row for row in ImportedText.objects.filter(language=language)
        }
        english = ImportedText.objects.filter(language=SOURCE_LANGUAGE)
        self.english_keys = {row.file: row.object_key for row in english}
        self.number = 0
        self.parents: dict[str, Page] = {}  # place of the English parent → this language's

    def run(self) -> None:
        index = BookIndexPage.objects.get(locale__language_code=self.language)
        self._cover(index)
        for order, part in enumerate(self.folder.parts, 1):
            part_page = self._place(BookPartPage, part.text, index, order)
            for place, chapter in enumerate(part.chapters, 1):
                parent = part_page
                if chapter.text is not None:
                    parent = self._place(BookChapterPage, chapter.text, part_page, place)
                for text in chapter.sections:
                    self.number += 1
                    self._place(BookSectionPage, text, parent, self.number)
        self._note_gone()

    # --- where a text belongs -------------------------------------------------------
    def _place(self, model, text: Text, parent, number: int) -> BookPage | None:
        """The text's page, made, changed or left; None where it has no place."""
        if not self.is_base:
            return self._place_translation(model, text)
        return self._place_base(model, text, parent, number) if parent is not None else None

    def _english(self, model, text: Text) -> BookPage | None:
        """The English page of the same file, else of the same key."""
        found = model.objects.filter(locale__language_code=SOURCE_LANGUAGE, live=True)
        found = found.select_related("locale")
        by_file = self.english_keys.get(text.file)
        page = found.filter(translation_key=by_file).first() if by_file else None
        return page or found.filter(key=text.key).first()

    def _place_base(self, model, text: Text, parent, number: int) -> BookPage | None:
        english = None if self.language == SOURCE_LANGUAGE else self._english(model, text)
        if english is not None:
            text.key, number = english.key, english.number
        elif self.language == SOURCE_LANGUAGE and (kept := self.english_keys.get(text.file)):
            # The file keeps its page, whatever its id says now.
            page = model.objects.filter(
                locale__language_code=self.language, translation_key=kept
            ).first()
            text.key = page.key if page else text.key
        page = model.objects.filter(locale__language_code=self.language, key=text.key).first()
        record = self.records.get(page.translation_key) if page else None
        blocks = with_images(text, self.report, by=self.by, dry_run=self.dry_run)
        file_hash = self._hash(text, blocks, parent, number)
        if record is not None and record.file_hash == file_hash:
            return self._unchanged(record, page, text)
        if page is not None and self._is_closed(page, record, text):
            return page
        record = record or ImportedText(language=self.language)
        wanted, merged_digests, order = self._wanted(model, text, blocks, page, record, english)
        wanted.number = number
        if page is None or self._differs(page, wanted, parent):
            is_new = page is None
            with transaction.atomic():
                page = place_base(wanted, parent, page=page, by=self.by)
                self._remember(record, page, text, file_hash, merged_digests, order)
            self.report.made += is_new
            self.report.changed += not is_new
        else:
            self._remember(record, page, text, file_hash, merged_digests, order)
            self.report.unchanged += 1
        return page

    def _is_closed(self, page, record, text: Text) -> bool:
        """Whether the site's text is not ours to change; reported."""
        if record is None:
            self.report.conflict(
                text.file, _("the page “%(title)s” was made on the site") % {"title": page.title}
            )
            return True
        if page.has_unpublished_changes:
            self.report.conflict(
                text.file, _("the page “%(title)s” has a draft on the site") % {"title": page.title}
            )
            return True
        return False

    def _wanted(self, model, text: Text, blocks, page, record, english):
        """What the base text should say, with what to remember of the file."""
        before = record.digests
        fields = self._fields(model, text)
        title = self._field("title", text.title, page, before, text.file)
        values = {
            name: self._field(name, value, page, before, text.file)
            for name, value in fields.items()
        }
        given = fields | {"title": text.title}
        digests = {name: digest(value) for name, value in given.items()}
        stream = "body" if model is BookSectionPage else "introduction"
        merged = merge_blocks(
            blocks,
            site=raw_blocks(page) if page is not None else [],
            order=record.order,
            digests=before,
            make_id=self._id_maker(text.key, blocks, english, record),
        )
        for conflict in merged.conflicts:
            self.report.conflict(text.file, conflict)
        values[stream] = merged.blocks
        wanted = Wanted(
            model=model,
            key=text.key,
            number=0,
            title=title,
            language=self.language,
            values=values,
            file=text.file,
            translation_key=english.translation_key if english is not None else None,
        )
        return wanted, digests | merged.digests, merged.order

    def _id_maker(self, key: str, blocks, english, record):
        """New ids; for Japanese those of the English paragraphs in the same order (R15)."""
        pairs: dict[int, str] = {}
        if english is not None:
            base = raw_blocks(english)
            free = [block for block in base if block["id"] not in record.order]
            for place, at in enumerate(paired_by_order(free, blocks)):
                if at is not None:
                    pairs[id(blocks[place])] = free[at]["id"]
            anchored = {block["id"] for block in free}
            pairs |= {id(b): b["id"] for b in blocks if b.get("id") in anchored}

        def make(block: dict, taken: set[str]) -> str:
            wanted = pairs.get(id(block)) or block.get("id")
            if wanted is not None and wanted not in taken:
                taken.add(wanted)
                return wanted
            return new_id(key, self.language, block, taken)

        return make

    def _fields(self, model, text: Text) -> dict:
        """Plain fields of a section; parts and chapters have none."""
        if model is not BookSectionPage:
            return {}
        fields = {"summary": text.summary}
        for name in META:
            fields[name] = self._meta(name, text)
        return fields

    def _meta(self, name: str, text: Text) -> list[str]:
        values = text.meta.get(name, [])
        if name not in CHOICES:
            return values
        known = CHOICES[name].values
        for value in values:
            if value not in known:
                self.report.lose(
                    text.file,
                    _("%(field)s has no choice “%(value)s”") % {"field": name, "value": value},
                )
        return [value for value in known if value in values]

    def _field(self, name: str, value, page, before: dict, file: str):
        """The file's value, or the site's where it was edited there."""
        if page is None:
            return value
        now = getattr(page, name)
        if digest(now) in (before.get(name), digest(value)):
            return value
        if digest(value) != before.get(name):
            self.report.conflict(
                file,
                _("%(field)s was edited on the site, and changed in the file") % {"field": name},
            )
        return now

    def _differs(self, page: BookPage, wanted: Wanted, parent) -> bool:
        stream = stream_field(page)
        return (
            page.title != wanted.title
            or page.number != wanted.number
            or not page.is_child_of(parent)
            or raw_blocks(page) != wanted.values[stream]
            or any(getattr(page, n) != v for n, v in wanted.values.items() if n != stream)
        )

    # --- the rest -----------------------------------------------------------------------
    def _unchanged(self, record: ImportedText, page: BookPage, text: Text) -> BookPage:
        """The file says what it said; it may have another name now."""
        self.report.unchanged += 1
        if record.file != text.file:
            record.file = text.file
            record.save(update_fields=["file"])
        return page

    def _remember(self, record, page, text: Text, file_hash: str, digests, order) -> None:
        record.object_key, record.file, record.file_hash = (
            page.translation_key,
            text.file,
            file_hash,
        )
        record.digests, record.order = digests, order
        record.save()
        self.records[record.object_key] = record

    def _hash(self, text: Text, blocks, parent, number: int) -> str:
        given = [text.title, text.subtitle, text.summary, blocks, text.meta, number]
        written = json.dumps([*given, str(parent.translation_key)], sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()

    def _note_gone(self) -> None:
        """Texts that came from a file which is no longer there stand, and are named."""
        here = {text.file for text in self._all_texts()}
        for record in self.records.values():
            if record.file not in here:
                self.report.conflict(record.file, _("the file is gone; its page stands"))

    def _all_texts(self) -> list[Text]:
        found = [self.folder.cover] if self.folder.cover else []
        for part in self.folder.parts:
            found.append(part.text)
            for chapter in part.chapters:
                found += [chapter.text] if chapter.text else []
                found += chapter.sections
        return found
