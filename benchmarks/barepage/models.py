"""The bare page. No site has this app: only `benchmarks.settings` installs it."""

from wagtail.fields import RichTextField
from wagtail.models import Page


class BarePage(Page):
    """Title and text."""

    body = RichTextField(blank=True)
    template = "barepage/page.html"
