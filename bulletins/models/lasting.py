"""Does it last? Ninety days after publication the author is asked, once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bulletins.models.case import Case


class Lasts(models.TextChoices):
    """What became of the results."""

    HOLDS = "holds", pgettext_lazy("do the results last", "The results hold")
    BETTER = "better", pgettext_lazy("do the results last", "They are better by now")
    WORSE = "worse", pgettext_lazy("do the results last", "They are worse by now")
    NOT_MEASURED = (
        "not_measured",
        pgettext_lazy("do the results last", "It is no longer measured"),
    )


class LastingCheck(models.Model):
    """The question and its answer; one for a story. `figures`: measure key → number as text."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="lasting")
    asked_at = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(_("due"))
    answer = models.CharField(_("answer"), max_length=16, choices=Lasts.choices, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    measured_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=600, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["due"]
        verbose_name = _("question whether the results last")
        verbose_name_plural = _("questions whether the results last")
        constraints = [
            models.CheckConstraint(
                name="lasting_answer_has_its_day",
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.answer}"
