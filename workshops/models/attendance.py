"""Who was there: one mark a person and day, changed by a newer mark, never overwritten."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.append_only import AppendOnly
from workshops.models.enrolment import Enrolment
from workshops.models.session import Session, SessionDay
from workshops.proof_queries import AttendanceMarkQuerySet


class AttendanceMark(AppendOnly):
    """Somebody was there on a day, or was not. The newest mark counts; the others are its log.

    `reason` is asked for once the list is closed: it is a correction then.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="marks")
    day = models.ForeignKey(SessionDay, on_delete=models.PROTECT, related_name="marks")
    is_present = models.BooleanField(_("was there"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    objects = AttendanceMarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mark of attendance")
        verbose_name_plural = _("marks of attendance")

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.day_id} {self.is_present}"


class AttendanceList(models.Model):
    """That a session's list is closed: who attended stands, evaluation and practice are asked
    for."""

    session = models.OneToOneField(
        Session, on_delete=models.PROTECT, related_name="attendance_list"
    )
    closed_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("closed list")
        verbose_name_plural = _("closed lists")

    def __str__(self) -> str:
        return f"{self.session_id} {self.closed_at:%Y-%m-%d}"
