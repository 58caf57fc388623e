"""What a member has read: feeds 'where I left off' and, later, the reading figures."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from bulletins.models.case import Case

# How often a reading is written down: a page that is read again costs one look-up.
EVERY = datetime.timedelta(days=1)


class ReadMark(models.Model):
    """A member opened a story, last at `at`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="read_marks")
    first_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField(auto_now=True)

    @classmethod
    def note(cls, user, case) -> None:
        """Remember that `user` opened `case`. One query; two on the first reading of a day."""
        now = timezone.now()
        mark = cls.objects.filter(user=user, case=case).values_list("at", flat=True).first()
        if mark is None:
            cls.objects.bulk_create([cls(user=user, case=case, at=now)], ignore_conflicts=True)
        elif now - mark > EVERY:
            cls.objects.filter(user=user, case=case).update(at=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_mark_a_reader")]
        indexes = [models.Index(fields=["user", "-at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
