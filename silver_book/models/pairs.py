"""English and Japanese are both written (R15): a change in one is compared with the other."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PairMark(models.Model):
    """A paragraph 'to compare': its counterpart in the other base language changed in meaning.

    `language` is the side to be looked at, `block_id` the paragraph's identity
    on both. Open until an editor settles it, by a change there or by saying
    that the text still says the same.
    """

    object_key = models.UUIDField()
    block_id = models.CharField(max_length=36)
    language = models.CharField(max_length=10)
    since = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_key", "block_id", "language"],
                condition=models.Q(settled_at=None),
                name="one_open_mark_a_paragraph",
            )
        ]
        verbose_name = _("paragraph to compare")
        verbose_name_plural = _("paragraphs to compare")

    def __str__(self) -> str:
        return f"{self.object_key} {self.language} {self.block_id}"
