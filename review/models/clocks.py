"""Clocks: how many working days somebody has, and what they were told of it.

What a clock shows is computed from its length, its beginning and the person's
calendar (review.clocks). `due` and `next_at` are kept for queries; a sweep
computes them anew, since holidays, weekends and days away move.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.models.reviews import Review
from review.queries import ClockQuerySet


class Whose(models.TextChoices):
    """Who has these days."""

    REVIEWER = "reviewer", pgettext_lazy("clock", "the reviewer")
    AUTHOR = "author", pgettext_lazy("clock", "the author")


class Notice(models.TextChoices):
    """What is told of a clock, in order; AWAY besides, where nobody can stand in."""

    BEFORE = "before", pgettext_lazy("clock", "soon due")
    DUE = "due", pgettext_lazy("clock", "due today")
    LATE = "late", pgettext_lazy("clock", "late")
    AWAY = "away", pgettext_lazy("clock", "away")


class Clock(models.Model):
    """The working days of a review: its reviewer's, or those of the author to answer it.

    Runs from `started_at`; empty, it waits until the reviewer can read the
    thing. Over once `ended_at` is set. `days` are those of the area at its
    beginning: a lead's change holds for the clocks that begin afterwards.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="clocks")
    whose = models.CharField(max_length=8, choices=Whose.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clocks"
    )
    days = models.PositiveSmallIntegerField(_("working days"))
    started_at = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    told = models.CharField(max_length=8, choices=Notice.choices, blank=True)  # the furthest
    next_at = models.DateTimeField(null=True, blank=True)  # when the next notice falls due
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(ended_at__isnull=True), name="clock_next_notice"
            ),
            models.Index(
                fields=["person"], condition=Q(ended_at__isnull=True), name="clock_running_of"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "whose"], name="one_clock_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.whose} {self.review_id} {self.days}"


class ClockNotice(models.Model):
    """That something was told of a clock: written with the message, and once only."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="notices")
    notice = models.CharField(max_length=8, choices=Notice.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "notice"], name="one_notice_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.notice}"
