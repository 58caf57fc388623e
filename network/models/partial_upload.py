"""A file that arrives in pieces over a bad line, until it is whole and taken."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PartialUpload(models.Model):
    """A file on its way: `received` of `size` bytes are here, in `UploadPiece` rows.

    Its sender's alone. It goes when it was taken, given up, or has not moved
    for `settings.UPLOAD_KEPT_H` hours.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="partial_uploads"
    )
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveIntegerField(_("size"))  # bytes
    received = models.PositiveIntegerField(default=0)  # bytes
    begun_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        indexes = [models.Index(fields=["moved_at"])]
        constraints = [
            models.CheckConstraint(
                name="no_more_received_than_announced",
                condition=models.Q(received__lte=models.F("size")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


class UploadPiece(models.Model):
    """Some bytes of a file on its way, from byte `start` on."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        constraints = [
            models.UniqueConstraint(fields=["upload", "start"], name="one_piece_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"
