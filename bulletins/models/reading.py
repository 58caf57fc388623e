"""What a member has read: feeds 'where I left off' and, later, the reading figures."""

from django.conf import settings
from django.db import models

from bulletins.models.case import Case


class ReadMark(models.Model):
    """A member opened a story, last at `at`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="read_marks")
    first_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_mark_a_reader")]
        indexes = [models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
