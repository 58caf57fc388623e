"""Who writes along: asked by the author, and since when, until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulletins.models.case import Case
from bulletins.queries import CoAuthorshipQuerySet


class Partaking(models.TextChoices):
    """How far an invitation to write along is."""

    ASKED = "asked", pgettext_lazy("co-author", "Asked")
    ACCEPTED = "accepted", pgettext_lazy("co-author", "Writes along")
    DECLINED = "declined", pgettext_lazy("co-author", "Declined")
    TAKEN_BACK = "taken_back", pgettext_lazy("co-author", "Taken back")
    LEFT = "left", pgettext_lazy("co-author", "Left the story")
    REMOVED = "removed", pgettext_lazy("co-author", "Taken off the story")
    AUTHOR = "author", pgettext_lazy("co-author", "Became the author")


class CoAuthorship(models.Model):
    """The author asks a colleague to write along; the answer; the end of it.

    `Case.co_authors` are those whose answer was yes, until they leave the story
    or are taken off; a former author stands there, too. Only
    `bulletins.transitions.co_authors` writes these rows.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="co_authorships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="co_authorships"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("what about"), max_length=400, blank=True)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=Partaking.choices, default=Partaking.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)  # of declining
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CoAuthorshipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("co-authorship")
        verbose_name_plural = _("co-authorships")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"],
                condition=Q(state__in=["asked", "accepted"]),
                name="one_co_authorship_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == Partaking.ASKED
