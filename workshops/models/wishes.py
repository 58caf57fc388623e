"""What people wish for and cannot have yet: to be told when they may come, and exceptions.

And the reminders that went out, so that each goes out once. Only functions of
`workshops.transitions` write these rows.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Distributor, Region, ReviewArea
from workshops.models.enrolment import Enrolment
from workshops.models.programme import Programme
from workshops.queries import ExceptionQuerySet, WatchQuerySet


class Wish(models.Model):
    """One person's wish for one programme, with their place taken down for the demand view."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    distributor = models.ForeignKey(
        Distributor, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review_area = models.ForeignKey(
        ReviewArea, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id}"


class EligibilityWatch(Wish):
    """'Tell me when I am eligible.' Open until the person was told or took it back."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="eligibility_watches"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="watches")
    # When the sweep last asked whether the programme is open to them; empty: ask at once.
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WatchQuerySet.as_manager()

    class Meta(Wish.Meta):
        verbose_name = _("wish to be told")
        verbose_name_plural = _("wishes to be told")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme"],
                condition=Q(told_at__isnull=True, ended_at__isnull=True),
                name="one_open_watch",
            ),
        ]


class ExceptionState(models.TextChoices):
    """What became of a request for an exception."""

    OPEN = "open", pgettext_lazy("exception", "Waits for an answer")
    GRANTED = "granted", pgettext_lazy("exception", "Granted")
    REFUSED = "refused", pgettext_lazy("exception", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("exception", "Taken back")
    # The programme asks for less by now, and is open to the person.
    NEEDLESS = "needless", pgettext_lazy("exception", "No longer needed")


class ExceptionRequest(Wish):
    """A person asks to be let in although experience or a course is missing.

    `lacks` is what was missing when they asked, `Missing.what` by `Missing.what`.
    Granted, it counts up to and including `until` (R27 is then not asked).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exception_requests"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exceptions")
    words = models.TextField(_("why you should come all the same"))
    lacks = models.JSONField(default=list, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ExceptionState.choices,
        default=ExceptionState.OPEN,
        editable=False,
    )
    reason = models.TextField(_("reason"), blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExceptionQuerySet.as_manager()

    class Meta(Wish.Meta):
        verbose_name = _("request for an exception")
        verbose_name_plural = _("requests for exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme"],
                condition=Q(state="open"),
                name="one_open_exception",
            ),
            models.CheckConstraint(
                name="granted_exception_has_end",
                condition=~Q(state="granted") | Q(until__isnull=False),
            ),
        ]


class Reminder(models.Model):
    """That somebody was reminded of a moment; of a moved one they are reminded again."""

    class Occasion(models.TextChoices):
        BEGINS = "begins", _("The session begins")
        OFFER = "offer", _("The offer of a seat ends")
        ANSWER = "answer", _("The answer is due")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reminders")
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    moment = models.DateTimeField()
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "occasion", "moment"], name="one_reminder_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.occasion}"
