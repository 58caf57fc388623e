"""Texts of a translation: finished words of the English ones, where the site has not its own."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from silver_book.importing.beside import words_of
from silver_book.importing.folder import Text
from silver_book.importing.merge import digest
from silver_book.importing.pictures import with_images
from silver_book.models import BookPage, ImportedText
from silver_book.transitions import place_translation
from translations.api import newest_words


class TranslationLoader:
    """What `load` does with a text in a language that is neither English nor Japanese."""

    def _parent(self, english: BookPage) -> Page:
        """Where a translation belongs: its tree is the English one, whatever its files say.

        A part or chapter that the folder lacks stands with its English title.
        Asked for once for all texts below it.
        """
        place = english.path[: -english.steplen]
        if place not in self.parents:
            self.parents[place] = self._find_parent(english)
        return self.parents[place]

    def _find_parent(self, english: BookPage) -> Page:
        above = english.get_parent().specific
        found = type(above).objects.filter(
            translation_key=above.translation_key, locale__language_code=self.language
        )
        page = found.first()
        if page is None:
            page = place_translation(above, self._parent(above), {}, by=self.by)
            self.report.made += 1
            self.report.lose(
                self._file_of(above), _("the folder has no such file; its title stays English")
            )
        return page

    def _file_of(self, english: BookPage) -> str:
        names = {key: file for file, key in self.english_keys.items()}
        return names.get(english.translation_key, english.key)

    def _place_translation(self, model, text: Text) -> BookPage | None:
        english = self._english(model, text)
        if english is None:
            self.report.lose(text.file, _("there is no English text of this file: import it first"))
            return None
        parent = self._parent(english)
        page = model.objects.filter(
            translation_key=english.translation_key, locale__language_code=self.language
        ).first()
        blocks = with_images(text, self.report, by=self.by, dry_run=self.dry_run)
        file_hash = self._hash(text, blocks, parent, english.number)
        record = self.records.get(english.translation_key)
        if record is not None and record.file_hash == file_hash and page is not None:
            return self._unchanged(record, page, text)
        record = record or ImportedText(language=self.language)
        words, order, signs = words_of(text, blocks, english, record, self.report)
        taken = self._unedited(words, english, page, record, text.file)
        digests = {path: digest(value) for path, value in words.items()} | signs
        if page is not None and not taken and page.live:
            self._remember(record, page, text, file_hash, digests, order)
            self.report.unchanged += 1
            return page
        is_new = page is None
        with transaction.atomic():
            page = place_translation(english, parent, taken, by=self.by, file=text.file)
            self._remember(record, page, text, file_hash, digests, order)
        self.report.made += is_new
        self.report.changed += not is_new
        return page

    def _unedited(self, words, english, page, record, file: str) -> dict[str, str]:
        """The words that changed in the file and were not edited on the site since."""
        if page is None:
            return words
        site = newest_words(english.translation_key, self.language)
        taken = {}
        for path, text in words.items():
            before, now = record.digests.get(path), site.get(path, "")
            if before == digest(text) or now == text:
                continue
            if now and before is not None and digest(now) != before:
                self.report.conflict(
                    file,
                    _("edited on the site, changed in the file: “%(text)s”") % {"text": now[:60]},
                )
                continue
            if now and before is None:
                self.report.conflict(
                    file, _("translated on the site: “%(text)s”") % {"text": now[:60]}
                )
                continue
            taken[path] = text
        return taken
