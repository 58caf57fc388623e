"""An online lab taken by a person: where they are, what they answered, how it ended (R29)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshops.models.programme import Programme


class LabState(models.TextChoices):
    """How far a run is."""

    OPEN = "open", pgettext_lazy("online lab", "Begun")
    PASSED = "passed", pgettext_lazy("online lab", "Passed")
    FAILED = "failed", pgettext_lazy("online lab", "Not passed")


class LabRun(models.Model):
    """One go through a programme's lessons and questions.

    `step` is the id of the block where the person goes on, kept at each step:
    they may close the page at any time, and read on in another language. At
    the end `score` is the share of right answers, per cent; whoever did not
    pass begins another run.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lab_runs"
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lab_runs")
    state = models.CharField(
        max_length=8, choices=LabState.choices, default=LabState.OPEN, editable=False
    )
    step = models.CharField(max_length=36, blank=True)
    score = models.PositiveSmallIntegerField(_("right answers, per cent"), null=True, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("run of an online lab")
        verbose_name_plural = _("runs of online labs")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme"], condition=Q(state="open"), name="one_open_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id} {self.state}"


class LabAnswer(models.Model):
    """A person's answer to a question: given once a run. `chosen` holds numbers from 1."""

    run = models.ForeignKey(LabRun, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=36)  # the block's id
    chosen = models.JSONField(default=list)
    is_right = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer in an online lab")
        verbose_name_plural = _("answers in online labs")
        constraints = [
            models.UniqueConstraint(fields=["run", "question"], name="one_answer_a_question"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.question}"


class DutyReminder(models.Model):
    """That a person was reminded of a yearly duty in a month: one mail a month at most."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duty_reminders"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()  # its first day

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reminder of a yearly duty")
        verbose_name_plural = _("reminders of yearly duties")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "month"], name="one_duty_reminder_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id} {self.month:%Y-%m}"
