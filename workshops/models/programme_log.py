"""What happened to a programme: made, changed, written, archived, taken up again."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from workshops.models.programme import Programme


class ProgrammeVerb(models.TextChoices):
    """What somebody did."""

    MAKE = "make", pgettext_lazy("history of a programme", "Made")
    CHANGE = "change", pgettext_lazy("history of a programme", "Changed")
    TEXT = "text", pgettext_lazy("history of a programme", "Text written")
    LAB = "lab", pgettext_lazy("history of a programme", "Online lab written")
    SHOW = "show", pgettext_lazy("history of a programme", "Put into the catalogue")
    ARCHIVE = "archive", pgettext_lazy("history of a programme", "Archived")
    UNARCHIVE = "unarchive", pgettext_lazy("history of a programme", "Taken up again")


class ProgrammeEvent(AppendOnly):
    """One change, by whom and when.

    `changes` maps a field to what stood there before and after, as stored: a
    renamed or loosened programme keeps what it was called and asked for.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=10, choices=ProgrammeVerb.choices)
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of a programme")
        verbose_name_plural = _("events of programmes")

    def __str__(self) -> str:
        return f"{self.programme_id} {self.verb}"
