"""Proofs that an issue reached a distributor, beside the ledger of mails (R13)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bulletins.models.issue import BulletinIssue
from network.models import Distributor


class IssueOpening(models.Model):
    """A contact opened the issue signed in: the first time for their distributor."""

    issue = models.ForeignKey(BulletinIssue, on_delete=models.CASCADE, related_name="openings")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "distributor"], name="one_opening_a_firm"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.distributor_id}"

    @classmethod
    def note(cls, issue, user, distributors) -> None:
        """Remember that a contact of `distributors` opened `issue`.

        One query; two at the first opening. None where there are no distributors.
        """
        firms = {distributor.pk for distributor in distributors}
        if not firms:
            return
        known = cls.objects.filter(issue=issue, distributor__in=firms)
        new = firms - set(known.values_list("distributor_id", flat=True))
        if new:
            rows = [cls(issue=issue, distributor_id=pk, user=user) for pk in sorted(new)]
            cls.objects.bulk_create(rows, ignore_conflicts=True)


class HandDelivery(models.Model):
    """A campaigner's word that an issue was delivered by other means: when, to whom, how.

    Never edited: what was wrong is taken back and stays as history.
    """

    issue = models.ForeignKey(BulletinIssue, on_delete=models.CASCADE, related_name="by_hand")
    distributor = models.ForeignKey(Distributor, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("delivered on"))
    given_to = models.CharField(_("to whom"), max_length=120)
    way = models.CharField(_("how"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery by other means")
        verbose_name_plural = _("deliveries by other means")

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.distributor_id}"
