"""The certificate: what is true of it stays written here, whatever is renamed later."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.append_only import AppendOnly
from workshops.models.enrolment import Enrolment
from workshops.models.programme import Programme
from workshops.proof_queries import CertificateQuerySet


class RevokeCategory(models.TextChoices):
    """Why a certificate does not count: what the public page says of the reason."""

    MISTAKE = "mistake", pgettext_lazy("why revoked", "It was given by mistake.")
    DATA = "data", pgettext_lazy("why revoked", "What it says was not right.")
    ATTENDANCE = "attendance", pgettext_lazy("why revoked", "The attendance was corrected.")
    PRACTICE = "practice", pgettext_lazy("why revoked", "The proof of practice did not hold.")


class Certificate(models.Model):
    """A certificate as it was given.

    `code` is its public address: twelve of 31 characters, about 59 bits.
    `titles` maps each language to the programme's title in it, `language` is
    the holder's. `drawn_at` says that its file is kept; `asked_at` that
    somebody wants it, `drawing_until` that a process is at it.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="certificate"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    number = models.CharField(_("number"), max_length=16, unique=True)  # C-2026-00012
    code = models.CharField(_("code"), max_length=12, unique=True, editable=False)
    holder_name = models.CharField(_("name of the holder"), max_length=310)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="certificates")
    titles = models.JSONField(_("title of the programme"), default=dict)
    language = models.CharField(_("language"), max_length=10)
    distributor_name = models.CharField(_("distributor"), max_length=200, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    practice_on = models.DateField(_("practice shown on"), null=True, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_category = models.CharField(
        _("kind of reason"), max_length=12, choices=RevokeCategory.choices, blank=True
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    drawing_until = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(drawn_at__isnull=True), name="certificate_to_draw"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="revoked_with_a_category",
                condition=Q(revoked_at__isnull=True, revoke_category="")
                | (Q(revoked_at__isnull=False) & ~Q(revoke_category="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    @property
    def shown_code(self) -> str:
        """'KQ7M-4T2D-9XWP'."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def languages(self) -> list[str]:
        """The two that its sheet is written in: the holder's and English; one where they are the
        same."""
        return list(dict.fromkeys([self.language, "en"]))

    def title_in(self, code: str) -> tuple[str, str]:
        """(the programme's title, its language): in the language asked for, English, or any."""
        found = next((c for c in (code, "en", *self.titles) if self.titles.get(c)), "en")
        return self.titles.get(found, ""), found


class CertificateEvent(AppendOnly):
    """Given, revoked, reinstated: by whom and why. The reason is for the holder and the
    coordinator."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=12)  # give, revoke, reinstate
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=RevokeCategory.choices, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of a certificate")
        verbose_name_plural = _("events of certificates")

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.verb}"
