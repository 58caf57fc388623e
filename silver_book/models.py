"""The Silver Book's pages. Its sections arrive with the book itself."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from network.models import GkcPage
from silver_book.blocks import PROSE


class BookIndexPage(GkcPage):
    """The cover of the book in one language: /<lang>/silver-book/."""

    introduction = StreamField(PROSE, blank=True, verbose_name=_("introduction"))

    parent_page_types = ["gkc_site.HomePage"]
    max_count_per_parent = 1
    empty_is_hidden = True
    template = "silver_book/index.html"
    content_panels = GkcPage.content_panels + [FieldPanel("introduction")]

    class Meta:
        verbose_name = _("Silver Book")
        verbose_name_plural = _("Silver Books")
