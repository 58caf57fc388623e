"""Where a member left off in the book."""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

# How often the same place is written down again.
EVERY = datetime.timedelta(hours=12)


class ReadingPlace(models.Model):
    """The section (by translation key) that a member opened last."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_place"
    )
    section = models.UUIDField()
    at = models.DateTimeField()

    @classmethod
    def note(cls, user, section) -> None:
        """Remember it. One query; two where the place is another than before."""
        now = timezone.now()
        place = next(iter(cls.objects.filter(user=user).values_list("section", "at")), None)
        if place is not None and place[0] == section and now - place[1] < EVERY:
            return
        cls.objects.bulk_create(
            [cls(user=user, section=section, at=now)],
            update_conflicts=True,
            unique_fields=["user"],
            update_fields=["section", "at"],
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.section}"
