"""Days on which a member is away: whatever is given out passes them over."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from network.queries import AbsenceQuerySet


class Absence(models.Model):
    """Away from a day until a day, both included, as the person's own calendar counts them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("days away")
        verbose_name_plural = _("days away")
        indexes = [models.Index(fields=["user", "until"])]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(until__gte=F("since"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.since.isoformat()} {self.until.isoformat()}"

    @property
    def days(self) -> list[datetime.date]:
        """Every day of it."""
        count = (self.until - self.since).days + 1
        return [self.since + datetime.timedelta(days=n) for n in range(count)]
