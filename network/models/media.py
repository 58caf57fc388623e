"""Pictures and documents on private storage. Every address is a checked view.

A file belongs to a *guard*: the registered thing whose permission it follows
('bulletins.case' + the case's key), 'members', or 'public' (network.registry).
"""

import re

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from network.models.document_text import DocumentText
from network.signals import document_changed, document_changing

PUBLIC = "public"
MEMBERS = "members"
# What the storage puts behind a name that was taken.
_TAKEN = re.compile(r"_[A-Za-z0-9]{7}$")


class Guarded(models.Model):
    """Which permission the file follows."""

    guard = models.CharField(_("who may see it follows"), max_length=40, default=MEMBERS)
    guard_key = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True


class GkcImage(Guarded, AbstractImage):
    """A picture. Its alternative text stands with its use, in each language."""

    admin_form_fields = (*Image.admin_form_fields, "guard")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]
        indexes = [models.Index(fields=["guard", "guard_key"])]


class GkcRendition(AbstractRendition):
    """A resized copy; follows its image's guard."""

    image = models.ForeignKey(GkcImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition"
            )
        ]

    @property
    def url(self) -> str:
        """The checked view's address, never the storage's."""
        return reverse("rendition", args=[self.image_id, self.pk])


class GkcDocument(Guarded, AbstractDocument):
    """An attached file: PDF, Office or a short MP4, checked by content when it came in."""

    admin_form_fields = (*Document.admin_form_fields, "guard")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]
        indexes = [models.Index(fields=["guard", "guard_key"])]

    @property
    def filename(self) -> str:
        """What people call the file: without the storage's mark behind a name that was taken, where
        the title, made of the name that was sent, does not have it."""
        stored = super().filename
        stem, dot, extension = stored.rpartition(".")
        plain, title = _TAKEN.sub("", stem), _letters(self.title)
        if not _letters(plain) or title.startswith(_letters(stem)):
            return stored
        return f"{plain}{dot}{extension}" if title.startswith(_letters(plain)) else stored

    @property
    def url(self) -> str:
        """Our guarded address: Wagtail's own is not among the site's."""
        return reverse("document", args=[self.pk, self.filename])

    def save(self, *args, **kwargs):
        """Ask for its text in the same transaction; that of a replaced file goes in it as well."""
        with transaction.atomic():
            document_changing.send(sender=GkcDocument, document=self)
            super().save(*args, **kwargs)
            row, made = DocumentText.objects.select_for_update().get_or_create(
                document=self, defaults={"file_name": self.file.name or ""}
            )
            if not made and row.file_name != (self.file.name or ""):
                row.wait(self.file.name or "")
                row.save()
            document_changed.send(sender=GkcDocument, document=self)


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())
