"""How many stories a review area lets stand in a stage at once, and what is said to its
distributors."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletins.models.case import Stage
from bulletins.queries import CoachingQuerySet
from network.models import Distributor, ReviewArea

MOST_LIMIT = 500


class StageLimit(models.Model):
    """So many stories of an area at most in a stage: a warning on the board, never a stop."""

    area = models.ForeignKey(ReviewArea, on_delete=models.CASCADE, related_name="stage_limits")
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices)
    most = models.PositiveSmallIntegerField(
        _("at most"), validators=[MinValueValidator(1), MaxValueValidator(MOST_LIMIT)]
    )

    class Meta:
        ordering = ["area", "stage"]
        verbose_name = _("limit of a stage")
        verbose_name_plural = _("limits of stages")
        constraints = [
            models.UniqueConstraint(fields=["area", "stage"], name="one_limit_a_stage"),
            models.CheckConstraint(name="limit_lets_one_through", condition=Q(most__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.stage} ≤ {self.most}"


class CoachingNote(models.Model):
    """A campaigner spoke with somebody of a distributor: with whom, what, when again.

    The coaching log, for campaigners and leads of the area, editors and
    executives; never for the distributor itself. It stands here and not in
    `network`, which knows of no campaigner's work, nor in gkc_site, whose
    country brief reads it: the campaigner's desk and the grid of responses,
    from which one coaches, are of this room. The words never change; that the
    next date is settled does.
    """

    distributor = models.ForeignKey(
        Distributor, on_delete=models.PROTECT, related_name="coaching_notes"
    )
    whom = models.CharField(_("with whom"), max_length=120)
    text = models.TextField(_("what was said"))
    next_on = models.DateField(_("next date"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # The next date came, or a later note took its place.
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = CoachingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("coaching note")
        verbose_name_plural = _("coaching notes")
        indexes = [models.Index(fields=["distributor", "-at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["distributor"],
                condition=Q(next_on__isnull=False, settled_at__isnull=True),
                name="one_next_date_a_distributor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.distributor_id} {self.at:%Y-%m-%d}"
