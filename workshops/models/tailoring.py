"""A distributor's version of a programme: what it was made from, and whether that has changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.programme import Programme


class Tailoring(models.Model):
    """Beside a programme with a parent: the one language its page is written in, and the parent's
    words as they stood when the version was made or last compared.

    `base` maps an anchor (a block's id, 'title', 'summary') to the parent's
    words. `compare_since` is set while the parent's live page says something
    else: each such place is 'to compare' until a person has settled it.
    """

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="tailoring")
    language = models.CharField(max_length=10)
    base = models.JSONField(default=dict)
    compare_since = models.DateTimeField(null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("version of a programme")
        verbose_name_plural = _("versions of programmes")

    def __str__(self) -> str:
        return f"{self.programme_id} {self.language}"
