"""Who was kept out of a session: a refusal leaves no enrolment behind, but stands in the log."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.append_only import AppendOnly
from network.models import Distributor
from workshops.models.session import Session
from workshops.vocabulary import Hindrance


class EntryRefusal(AppendOnly):
    """Somebody asked for `user` to come in by the way `verb` (a transition's name), and heard no.

    The same no to the same person stands once a day (UTC), however often one
    asks. `lacks` says of `Hindrance.NOT_ELIGIBLE` what was missing, a mapping a
    thing: `what`, and where it applies `by` how much and the `course` by key.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="refusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    distributor = models.ForeignKey(
        Distributor, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    day = models.DateField()
    verb = models.CharField(max_length=24)
    why = models.CharField(max_length=16, choices=Hindrance.choices)
    lacks = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("refusal of a place")
        verbose_name_plural = _("refusals of places")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user", "why", "day"], name="one_refusal_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.user_id} {self.why}"
