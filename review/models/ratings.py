"""How useful readers found a text (R11), with the reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.queries import RatingQuerySet

MAX_RATING_REASON = 500  # characters


class Usefulness(models.IntegerChoices):
    """What a reader says."""

    VERY = 4, pgettext_lazy("usefulness", "Very useful")
    USEFUL = 3, pgettext_lazy("usefulness", "Useful")
    LITTLE = 2, pgettext_lazy("usefulness", "Of little use")
    NOT = 1, pgettext_lazy("usefulness", "Not useful")


class Rating(models.Model):
    """One reader's word on one text, in all its languages; another one replaces it.

    Its words are for editors, who see it by the region that the reader worked in
    then; other readers see neither words nor names.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=10)  # that it was read in
    title = models.CharField(max_length=255)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings"
    )
    country = models.ForeignKey(
        "network.Country", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    score = models.PositiveSmallIntegerField(_("how useful"), choices=Usefulness.choices)
    reason = models.TextField(_("why"), max_length=MAX_RATING_REASON)
    first_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField(auto_now=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rating of usefulness")
        verbose_name_plural = _("ratings of usefulness")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "by"], name="one_rating_a_reader"),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=4), name="rating_from_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.score}"
