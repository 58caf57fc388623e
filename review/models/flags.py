"""Stop the line (R9): a reader's mark at a defect, open until somebody answers it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from review.queries import FlagQuerySet

MAX_REASON = 500  # characters; also of an answer
OPEN_PLACES = "review-open-flags"  # the cache's key, for `review.api.marks_on`


class Outcome(models.TextChoices):
    """How a mark was answered."""

    MENDED = "mended", pgettext_lazy("mark at a defect", "Mended")
    STANDS = "stands", pgettext_lazy("mark at a defect", "The text stands")


class Flag(models.Model):
    """A defect that a reader saw in a text, and the answer.

    `kind` and `key` name the text in all its languages (`review.registry.
    Flaggable`), `language` the one it was read in. `anchor` is the place in
    it, empty for the whole; `title` and `quoted` are what stood there then.
    Open while `outcome` is empty.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    anchor = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=255)
    quoted = models.TextField(blank=True)
    reason = models.TextField(_("what is wrong"), max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags")
    raised_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("why"), max_length=MAX_REASON, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("mark at a defect")
        verbose_name_plural = _("marks at defects")
        indexes = [
            models.Index(fields=["kind", "key"]),
            models.Index(
                fields=["kind", "raised_at"], condition=models.Q(outcome=""), name="flag_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "language", "anchor", "by"],
                condition=models.Q(outcome=""),
                name="one_open_flag_a_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.anchor}"

    @property
    def is_open(self) -> bool:
        return not self.outcome
