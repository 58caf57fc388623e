"""The local edition (Glocal, R17): what a region adds to a paragraph of the standard."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models import Region, ReviewArea
from silver_book.queries import LocalTextQuerySet

MAX_TEXT = 3000  # characters


class LocalText(models.Model):
    """A region's note to a paragraph, or its own version of it, in one language.

    Never in place of the standard: `section` (translation key) and `block_id`
    are the paragraph it stands at. The region scope is `region`, or
    `review_area` where a country has no home region. `standard` is what the
    paragraph said, in its base language, when the text was last written or
    confirmed; `review_since` is when its meaning changed after that.
    """

    class Kind(models.TextChoices):
        NOTE = "note", pgettext_lazy("local edition", "Note")
        VERSION = "version", pgettext_lazy("local edition", "Local version")

    section = models.UUIDField()
    block_id = models.CharField(max_length=36)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    review_area = models.ForeignKey(ReviewArea, null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NOTE)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.TextField(pgettext_lazy("local edition", "text"), max_length=MAX_TEXT)
    standard = models.TextField(blank=True)
    review_since = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = LocalTextQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("local text")
        verbose_name_plural = _("local texts")
        indexes = [models.Index(fields=["section"], name="local_of_section")]
        constraints = [
            models.CheckConstraint(
                name="local_text_has_one_scope",
                condition=Q(region__isnull=False, review_area__isnull=True)
                | Q(region__isnull=True, review_area__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    name=f"one_local_text_a_{name}",
                    fields=["section", "block_id", name, "kind", "language"],
                    condition=Q(removed_at__isnull=True) & Q(**{f"{name}__isnull": False}),
                )
                for name in ("region", "review_area")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def scope(self) -> tuple[str, int]:
        """('region', id) or ('area', id), as `network.permissions.region_scopes`."""
        return ("region", self.region_id) if self.region_id else ("area", self.review_area_id)

    @property
    def place(self) -> Region | ReviewArea:
        """Whose text it is; its name is translated."""
        return self.region or self.review_area

    @property
    def scope_code(self) -> str:
        """The scope as it stands in an address."""
        return f"{self.scope[0]}-{self.place.slug}"

    @property
    def standard_language(self) -> str:
        """The base language whose changes of meaning concern this text (R15)."""
        return "ja" if self.language == "ja" else "en"


class LocalTextEvent(models.Model):
    """The history of a local text: append-only."""

    class What(models.TextChoices):
        WRITTEN = "written", pgettext_lazy("local edition", "Written")
        CHANGED = "changed", pgettext_lazy("local edition", "Changed")
        STANDARD_CHANGED = "standard", pgettext_lazy("local edition", "The standard changed")
        CONFIRMED = "confirmed", pgettext_lazy("local edition", "Still right")
        REMOVED = "removed", pgettext_lazy("local edition", "Removed")

    local_text = models.ForeignKey(LocalText, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=10, choices=What.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.local_text_id} {self.what}"
