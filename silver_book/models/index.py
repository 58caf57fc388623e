"""The cover of the book, and the page that every part, chapter and section is."""

from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from network.models import GkcPage
from network.models.live import LiveByTransition
from silver_book import page_context
from silver_book.blocks import PROSE
from silver_book.guard import GUARD
from silver_book.outline import outline
from silver_book.permissions import BookIndexPermissionTester, BookPermissionTester


class BookIndexPage(GkcPage):
    """The cover of the book in one language: /<lang>/silver-book/. Written in each language."""

    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    introduction = StreamField(PROSE, blank=True, verbose_name=_("introduction"))

    parent_page_types = ["gkc_site.HomePage"]
    subpage_types = ["silver_book.BookPartPage"]
    max_count_per_parent = 1
    empty_is_hidden = True
    template = "silver_book/index.html"
    content_panels = GkcPage.content_panels + [FieldPanel("subtitle"), FieldPanel("introduction")]

    class Meta:
        verbose_name = _("Silver Book")
        verbose_name_plural = _("Silver Books")

    def permissions_for_user(self, user):
        """Nobody publishes below the cover by the tree."""
        return BookIndexPermissionTester(user, self)

    def has_content(self) -> bool:
        """Whether anything of the book can be read here, in this language or another."""
        return page_context.has_content()

    def route(self, request, path_components):
        """A section is found by its whole address at once: one query for any depth.

        Its address is the same in every language, so where the reader's own
        does not have it, two more find the nearest one.
        """
        if len(path_components) > 1:
            found = self._section(request, path_components)
            if found is not None:
                return found.route(request, [])
        return super().route(request, path_components)

    def _section(self, request, path_components):
        from silver_book.models.pages import BookSectionPage  # it is a kind of our child

        below = f"{'/'.join(path_components)}/"
        live = BookSectionPage.objects.filter(live=True).select_related("locale").order_by()
        own = next(iter(live.filter(url_path=self.url_path + below)[:1]), None)
        if own is not None:
            return own
        rows = live.filter(key=path_components[-1], url_path__endswith=f"/{self.slug}/{below}")
        pages = dict(rows.values_list("locale__language_code", "pk"))
        order = page_context.languages_for(request, self.language)
        best = next((code for code in order if code in pages), None)
        if best is None:
            return None
        request.gkc_fallback = best
        return live.get(pk=pages[best])

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | page_context.cover(request, self)


class BookPage(LiveByTransition, GkcPage):
    """A part, chapter or section. `key` is equal in all languages, and so is the address."""

    key = models.SlugField(_("key"), max_length=100, allow_unicode=True)
    number = models.PositiveIntegerField(_("place in the book"), default=0)

    guard = GUARD
    told_by = "key"
    settings_panels: list = []  # no 'go live' date: an editor publishes
    promote_panels: list = []

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        """Base texts by editors, translations by translators, live by transition."""
        return BookPermissionTester(user, self)

    def live_paths(self, request=None):
        """From the contents, which every page of the book asks for."""
        return outline(request).paths.get(self.translation_key, {}).items()

    def kept_for_all(self, request, name: tuple, make: Callable):
        """Kept with the contents."""
        return outline(request).shared(name, make)

    def clean(self):
        """The address is the key."""
        super().clean()
        self.slug = self.key or self.slug


def same_in_all_languages(*names: str) -> list[SynchronizedField]:
    """For wagtail-localize: what the source decides for every language."""
    return [
        SynchronizedField(name, overridable=False) for name in ("slug", "key", "number", *names)
    ]


CONTENT_PANELS = [*Page.content_panels, FieldPanel("key"), FieldPanel("number")]
