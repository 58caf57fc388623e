"""An edition: the book in every language as it stood on one day, and its files.

Texts and pictures are kept once however many editions hold them. An edition's
row is written last (its number is its key): from then on the database takes
no further text of it.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.languages import codes
from silver_book.exceptions import EditionFrozen
from silver_book.frozen import FROZEN_FILE, FROZEN_TEXT, FrozenQuerySet, FrozenRow
from silver_book.permissions import can_read_book


class EditionQuerySet(FrozenQuerySet):
    """Editions."""

    def visible_to(self, user) -> "EditionQuerySet":
        """Who may read the book may read all its editions."""
        return self.all() if can_read_book(user) else self.none()


class Edition(FrozenRow):
    """One frozen state of the whole book.

    `digest` is the hash of all that it holds. `languages` tells of each
    language how many sections it has of how many, how many of its paragraphs
    were behind their original, and how many sections are new, changed or gone
    since the edition before.
    """

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    frozen_at = models.DateTimeField(_("frozen at"), default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(max_length=64)
    languages = models.JSONField(default=dict)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return str(self.number)

    def language_codes(self) -> list[str]:
        """The languages that have a section, in the site's order."""
        return [code for code in codes() if code in self.languages]


class FrozenText(FrozenRow):
    """The words of a cover, part, chapter, section or glossary, kept by their hash."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    class Meta:
        verbose_name = _("frozen text")
        verbose_name_plural = _("frozen texts")

    def __str__(self) -> str:
        return self.digest


class FrozenPicture(FrozenRow):
    """A picture as editions show it; `key` is the hash of the file that it was made from."""

    key = models.CharField(max_length=40, unique=True)
    file = models.FileField(upload_to="editions/pictures")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("frozen picture")
        verbose_name_plural = _("frozen pictures")

    def __str__(self) -> str:
        return self.key


class TextKind(models.TextChoices):
    """What a frozen text is in the book."""

    COVER = "cover", _("Cover")
    PART = "part", _("Part of the book")
    CHAPTER = "chapter", _("Chapter of the book")
    SECTION = "section", _("Section of the book")
    GLOSSARY = "glossary", _("Glossary")


class EditionText(FrozenRow):
    """A text's place in an edition. `states`: block id → ['stale' or 'missing', since]."""

    RULES = FROZEN_TEXT

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=TextKind.choices)
    key = models.CharField(max_length=100, blank=True)
    part_key = models.CharField(max_length=100, blank=True)
    chapter_key = models.CharField(max_length=100, blank=True)
    number = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=255, blank=True)
    text = models.ForeignKey(FrozenText, on_delete=models.PROTECT, related_name="+")
    states = models.JSONField(default=dict)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "kind", "part_key", "key"],
                name="one_text_an_edition",
            )
        ]
        verbose_name = _("text of an edition")
        verbose_name_plural = _("texts of an edition")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language} {self.kind} {self.key}"


class FileFormat(models.TextChoices):
    """What an edition is downloaded as."""

    PDF = "pdf", "PDF"
    EPUB = "epub", "EPUB"


class FileState(models.TextChoices):
    """How far a file is. Blocked: this site's builders lack a library (Pango)."""

    WAITING = "waiting", pgettext_lazy("file state", "Waiting")
    BLOCKED = "blocked", pgettext_lazy("file state", "A library is missing")
    BUILDING = "building", pgettext_lazy("file state", "Being built")
    DONE = "done", pgettext_lazy("file state", "Ready")
    FAILED = "failed", pgettext_lazy("file state", "Failed")


class BuildStep(models.TextChoices):
    """What a builder is doing; `count` of the file's row counts sections, then pages."""

    READING = "reading", pgettext_lazy("building step", "Reading the texts")
    LAYOUT = "layout", pgettext_lazy("building step", "Laying out pages")
    WRITING = "writing", pgettext_lazy("building step", "Writing the file")


class EditionFileQuerySet(models.QuerySet):
    """Files. A file that is ready is as frozen as its edition."""

    def update(self, **values):
        if self.filter(state=FileState.DONE).exists():
            raise EditionFrozen()
        return super().update(**values)

    def delete(self):
        if self.filter(state=FileState.DONE).exists():
            raise EditionFrozen()
        return super().delete()

    delete.queryset_only = True

    def bulk_update(self, objs, *args, **kwargs):
        raise EditionFrozen()  # a builder writes one row, by its claim

    def open(self) -> "EditionFileQuerySet":
        """Still to be built, or being built."""
        return self.exclude(state__in=[FileState.DONE, FileState.FAILED])


class EditionFile(models.Model):
    """A download: what it is made from (`content_hash`), how far it is, and what came of it."""

    RULES = FROZEN_FILE

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=10)
    format = models.CharField(max_length=4, choices=FileFormat.choices)
    content_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.WAITING)
    step = models.CharField(max_length=8, choices=BuildStep.choices, blank=True)
    count = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=64, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    file = models.FileField(upload_to="editions/files", blank=True, max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    pages = models.PositiveIntegerField(default=0)  # of a PDF
    built_at = models.DateTimeField(null=True, blank=True)

    objects = EditionFileQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "format"], name="one_file_a_format"
            )
        ]
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of an edition")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language} {self.format}"

    def save(self, *args, **kwargs):
        """An insert; builders change rows by their claim (silver_book.editions.files)."""
        if not self._state.adding:
            raise EditionFrozen()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise EditionFrozen()

    @property
    def name(self) -> str:
        """What it is called where it is saved."""
        return f"silver-book-{self.edition_id}-{self.language}.{self.format}"

    @property
    def is_ready(self) -> bool:
        return self.state == FileState.DONE
