"""The ledger of what was told to whom: a mailing, and a delivery for each recipient."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Distributor
from touchpoints.queries import DeliveryQuerySet


class Mailing(models.Model):
    """One occasion to tell something: a kind (touchpoints.registry) about an object.

    `object_key` is 'app.model:pk'. `data` holds what the words need beside
    the object (a reason, an old name), as JSON; words are made at sending, in
    the receiver's language.
    """

    kind = models.CharField(_("kind"), max_length=60)
    object_key = models.CharField(max_length=80)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Mailings that must exist once (an issue's) carry a key; a second is refused.
    once_key = models.CharField(max_length=120, null=True, blank=True, unique=True)  # noqa: DJ001

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        indexes = [models.Index(fields=["kind", "object_key"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_key}"


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    QUEUED = "queued", pgettext_lazy("delivery", "Queued")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    SUPPRESSED = "suppressed", pgettext_lazy("delivery", "Suppressed")
    BOUNCED = "bounced", pgettext_lazy("delivery", "Bounced")
    FAILED = "failed", pgettext_lazy("delivery", "Failed")
    UNREACHABLE = "unreachable", pgettext_lazy("delivery", "Unreachable")


class Delivery(models.Model):
    """One recipient of a mailing. A sender claims it by compare-and-set with a lease.

    The Message-ID comes from the row, so a double (one for each sender killed
    after handing over, before recording it) carries the same one.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )
    distributor = models.ForeignKey(
        Distributor, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    due_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    # Several deliveries that went out as one digest share its key.
    digest_key = models.UUIDField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["user", "-sent_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "user"],
                condition=models.Q(user__isnull=False),
                name="one_delivery_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id} → {self.address or self.state}"

    @property
    def message_id(self) -> str:
        """RFC 5322 Message-ID, the same at every attempt; the digest's where it is part of one."""
        return f"<{self.digest_key or self.key}@{settings.GKC_MAIL_DOMAIN}>"
