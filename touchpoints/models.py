"""The ledger of what was told to whom: a mailing, and a delivery for each recipient."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Distributor
from touchpoints.queries import DeliveryQuerySet, MailChoiceQuerySet, SuppressionQuerySet


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
    COMPLAINED = "complained", pgettext_lazy("delivery", "Reported as spam")
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
    # When the mail came back, or was reported as spam, after a server had taken it.
    returned_at = models.DateTimeField(null=True, blank=True)
    # What the mail service calls it, where it is not the Message-ID.
    provider_id = models.CharField(max_length=200, blank=True, db_index=True)
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


class Suppression(models.Model):
    """An address that gets no mail until somebody says that it works again.

    A lifted row stays as history. `address` is in lower case.
    """

    class Why(models.TextChoices):
        BOUNCED = "bounced", pgettext_lazy("address", "Mail to it came back.")
        COMPLAINED = "complained", pgettext_lazy("address", "Our mail was reported as spam.")
        BY_HAND = "by_hand", pgettext_lazy("address", "Taken out of use by hand.")

    address = models.EmailField(_("address"))
    why = models.CharField(_("why"), max_length=12, choices=Why.choices)
    words = models.CharField(_("in the server's words"), max_length=500, blank=True)
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = _("address out of use")
        verbose_name_plural = _("addresses out of use")
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(lifted_at__isnull=True),
                name="one_suppression_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class MailChoice(models.Model):
    """Whether a person wants an optional kind of message; '' stands for all that is optional."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices"
    )
    kind = models.CharField(max_length=60, blank=True)
    is_wanted = models.BooleanField()
    at = models.DateTimeField(auto_now=True)

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind or '*'} {self.is_wanted}"


class FeedToken(models.Model):
    """A secret address at which a program reads what its owner may see. Only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_tokens"
    )
    hash = models.CharField(max_length=64, unique=True, editable=False)
    label = models.CharField(_("for"), max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")

    def __str__(self) -> str:
        return self.label or str(self.pk)
