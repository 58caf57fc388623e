"""What stands in an attached file, as search needs it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.queries import DocumentTextQuerySet


class TextState(models.TextChoices):
    """How far a file's reading has come."""

    WAITING = "waiting", _("Waits to be read")
    DONE = "done", _("Text was read")
    NONE = "none", _("Holds no text")
    FAILED = "failed", _("Could not be read")


class UnreadReason(models.TextChoices):
    """Why there is no text."""

    NO_TEXT = "no_text", _("It holds pictures only, for example scanned pages.")
    KIND = "kind", _("Files of this kind are not read.")
    EMPTY = "empty", _("The file is empty.")
    ENCRYPTED = "encrypted", _("It is locked with a password.")
    BROKEN = "broken", _("It is damaged.")
    TOO_LARGE = "too_large", _("It is larger than 25 MB.")
    UNPACKS = "unpacks", _("It unpacks to far more than it should.")
    TIME = "time", _("Reading it took too long.")
    MEMORY = "memory", _("Reading it took too much memory.")
    CRASHED = "crashed", _("The program that reads it broke off.")
    MISSING = "missing", _("The file is missing in the storage.")
    STORAGE = "storage", _("The storage did not give the file.")


class DocumentText(models.Model):
    """The words of a document, read by the sweep `network.tasks.read_documents`.

    A text that waits to be read anew by a newer reader stays until then; one
    whose file was replaced goes at once.
    """

    document = models.OneToOneField(
        "network.GkcDocument",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="extracted",
        verbose_name=_("document"),
    )
    state = models.CharField(
        _("state"), max_length=8, choices=TextState.choices, default=TextState.WAITING
    )
    reason = models.CharField(
        _("reason"), max_length=12, choices=UnreadReason.choices, blank=True, default=""
    )
    detail = models.CharField(max_length=200, blank=True, default="")  # the error's class
    text = models.TextField(blank=True, default="")
    pages = models.PositiveIntegerField(_("pages"), default=0)
    is_cut = models.BooleanField(_("only its beginning"), default=False)
    reader = models.PositiveSmallIntegerField(default=0)  # network.reading.VERSION that read it
    file_name = models.CharField(max_length=255, blank=True, default="")  # the file it was read of
    read_at = models.DateTimeField(_("read on"), null=True, blank=True)
    # The drain's own: how often it began, when it is to look again, who works on it until when.
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.CharField(max_length=64, blank=True, default="")
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = DocumentTextQuerySet.as_manager()

    # It is no use of the document that the admin should count.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["claimed_until"])]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"

    def wait(self, file_name: str) -> None:
        """Forget what was read: another file stands in its place. Not saved."""
        self.state, self.file_name = TextState.WAITING, file_name
        self.reason = self.detail = self.text = self.claimed_by = ""
        self.pages, self.is_cut, self.read_at = 0, False, None
        self.attempts, self.due_at, self.claimed_until = 0, timezone.now(), None
