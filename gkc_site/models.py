"""The home page, and the site's pulse."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models import GkcPage


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
