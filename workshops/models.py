"""The workshop catalogue's root. Programmes and sessions arrive with their own records."""

from django.utils.translation import gettext_lazy as _

from network.models import GkcPage


class WorkshopIndexPage(GkcPage):
    """The catalogue in one language: /<lang>/workshops/."""

    parent_page_types = ["gkc_site.HomePage"]
    max_count_per_parent = 1
    empty_is_hidden = True
    template = "workshops/index.html"

    class Meta:
        verbose_name = _("workshop catalogue")
        verbose_name_plural = _("workshop catalogues")
