"""What a session is taught with: a file, or a section or story by its key, in versions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import GkcDocument
from workshops.models.programme import Programme
from workshops.queries import MaterialQuerySet

GUARD = "workshops.material"  # of its files (network.registry)


class MaterialKind(models.TextChoices):
    """What it is. References are keys of `network.registry.register_reference`."""

    FILE = "file", pgettext_lazy("material of a course", "File")
    SECTION = "section", pgettext_lazy("material of a course", "Section of the Silver Book")
    STORY = "case", pgettext_lazy("material of a course", "Case story")


class Material(models.Model):
    """One version of one material of a programme; a version never changes.

    `material_key` is the same in all versions. A session names the versions
    that it is taught with (`Session.materials`), so that history stays true
    when a newer one comes. `reference` is a section's key or a story's number;
    its title is read where it leads. `for_trainers`: participants never see it.
    `withdrawn_at` ends the whole material: no new session takes it.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="materials")
    material_key = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=MaterialKind.choices)
    title = models.CharField(_("title"), max_length=160, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)  # '' for any
    document = models.ForeignKey(
        GkcDocument, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("key or number"), max_length=80, blank=True)
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    for_trainers = models.BooleanField(_("for trainers only"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "material_key", "version"]
        verbose_name = _("material of a course")
        verbose_name_plural = _("materials of courses")
        indexes = [models.Index(fields=["kind", "reference"], name="material_reference")]
        constraints = [
            models.UniqueConstraint(
                fields=["material_key", "version"], name="one_row_a_material_version"
            ),
            models.CheckConstraint(
                name="material_is_file_or_reference",
                condition=Q(kind="file", document__isnull=False, reference="")
                | Q(kind__in=["section", "case"], document__isnull=True) & ~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.reference} {self.version}"
