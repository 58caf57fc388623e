"""The home page, the site's pulse, and what executives saw in a country."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Country, GkcPage


class HomePage(GkcPage):
    """What a person sees first in one language: /<lang>/. Rooms register its blocks."""

    parent_page_types = ["wagtailcore.Page"]
    template = "gkc_site/home.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request, *args, **kwargs):
        from network.registry import home_blocks

        blocks = sorted(home_blocks(request), key=lambda block: block.order)
        return super().get_context(request, *args, **kwargs) | {"blocks": blocks}


class Heartbeat(models.Model):
    """When something that must happen again and again happened last."""

    BEAT = "beat"

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class VisitNote(models.Model):
    """What an executive saw in a country; never changed, a correction is another note.

    It stands here because what may come of it, a proposal for an issue or a
    story, is the bulletins', and the brief that shows it is the site's.
    """

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("visited on"))
    text = models.TextField(_("what was seen"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # What came of it; a draft that its author threw away leaves it open again.
    proposal = models.ForeignKey(
        "bulletins.IssueProposal",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    case = models.ForeignKey(
        "bulletins.Case", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-visited_on", "-pk"]
        verbose_name = _("note of a visit")
        verbose_name_plural = _("notes of visits")
        indexes = [models.Index(fields=["country", "-visited_on"])]

    def __str__(self) -> str:
        return f"{self.country_id} {self.visited_on}"


class SheetDraft(models.Model):
    """A sheet that somebody looked through and did not load yet. Goes with its loading, and
    `settings.SHEET_KEPT_H` hours after it was sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    rows = models.JSONField()  # [sheet, line, values]
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
