"""Proof of practice: what an attendee shows of what they did with it, and who accepted it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from network.models import GkcDocument, GkcImage
from workshops.models.enrolment import Enrolment
from workshops.proof_queries import PracticeProofQuerySet

GUARD = "workshops.proof"  # of its files (network.registry)


class ProofState(models.TextChoices):
    """Where a proof is."""

    DUE = "due", pgettext_lazy("proof of practice", "To be shown")
    HANDED_IN = "handed_in", pgettext_lazy("proof of practice", "Handed in")
    RETURNED = "returned", pgettext_lazy("proof of practice", "Sent back")
    ACCEPTED = "accepted", pgettext_lazy("proof of practice", "Accepted")
    LAPSED = "lapsed", pgettext_lazy("proof of practice", "Time is over")


class PracticeProof(models.Model):
    """One a person and session, from the closing of the list on.

    `due_on` is the last day to hand it in. `reminders` counts those sent, 0 to
    2. A file lies in `document` or `image`, guarded by this row.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="proof")
    state = models.CharField(
        _("state"), max_length=10, choices=ProofState.choices, default=ProofState.DUE
    )
    since = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("last day"))
    reminders = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("what you did, and what came of it"), blank=True)
    story = models.CharField(_("number of your case story"), max_length=12, blank=True)
    document = models.ForeignKey(
        GkcDocument, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image = models.ForeignKey(
        GkcImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PracticeProofQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("proof of practice")
        verbose_name_plural = _("proofs of practice")
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(state__in=["due", "returned"]), name="proof_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state}"

    @property
    def file(self):
        """The document or picture handed in, or None."""
        return self.document or self.image


class ProofEvent(AppendOnly):
    """What happened to a proof: handed in with which text, sent back with which words, …"""

    proof = models.ForeignKey(PracticeProof, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=12)  # hand_in, accept, send_back, lapse, extend
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)  # the new last day, where it changed

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of a proof")
        verbose_name_plural = _("events of proofs")

    def __str__(self) -> str:
        return f"{self.proof_id} {self.verb}"
