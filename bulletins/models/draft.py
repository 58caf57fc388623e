"""What an author typed, as typed: nothing is lost to validation or a closed tab."""

from django.conf import settings
from django.db import models

from bulletins.models.case import Case


class DraftInput(models.Model):
    """One part of a story in one language, before it became a revision.

    `version` rises by one with each save. An autosave carries the version it
    saw; an older one is refused with both texts (HTTP 409).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="draft_inputs")
    language = models.CharField(max_length=10)
    part = models.CharField(max_length=16)
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    # The version that the page's latest revision was made from.
    revised_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "language", "part"], name="one_draft_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.language} {self.part} v{self.version}"
