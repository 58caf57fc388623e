"""What search engines of the web are told: the pages a visitor may read, by language."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.utils.functional import cached_property

from bulletins.models import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    Case,
    CaseStoryPage,
    StoryIndexPage,
)
from gkc_site.models import HomePage
from network import languages
from network.models import GkcPage
from silver_book.models import BookChapterPage, BookIndexPage, BookPartPage, BookSectionPage
from workshops.models import ProgrammePage, WorkshopIndexPage

# Page type → what of its live pages everybody may read. A type that is not
# named here is in no sitemap, and a test asks for it.
EVERYBODYS = {
    HomePage: lambda pages: pages,
    StoryIndexPage: lambda pages: pages,
    BulletinIndexPage: lambda pages: pages,
    BookIndexPage: lambda pages: pages.filter(numchild__gt=0),
    BookPartPage: lambda pages: pages,
    BookChapterPage: lambda pages: pages,
    BookSectionPage: lambda pages: pages,
    WorkshopIndexPage: lambda pages: pages.filter(numchild__gt=0),
    ProgrammePage: lambda pages: pages.filter(
        programme__archived_at__isnull=True, programme__distributor__isnull=True
    ),
    CaseStoryPage: lambda pages: pages.filter(
        case__in=Case.objects.visible_to(AnonymousUser()).values("pk")
    ),
    BulletinIssuePage: lambda pages: pages.filter(
        issue__in=BulletinIssue.objects.released().values("pk")
    ),
}


class PublicPages(Sitemap):
    """Live pages open to visitors, each with its twins. Two queries a type at most."""

    limit = 10_000  # entries a file; robots.txt names every file

    @cached_property
    def pages(self) -> list[GkcPage]:
        """All of them, in the order of the tree."""
        found = []
        for model, narrowed in EVERYBODYS.items():
            live = model.objects.live().public().select_related("locale")
            found += narrowed(live).defer_streamfields()
        return sorted(found, key=lambda page: page.path)

    @cached_property
    def by_key(self) -> dict:
        """Translation key → its pages in all languages."""
        found = {}
        for page in self.pages:
            found.setdefault(page.translation_key, []).append(page)
        return found

    def items(self) -> list[GkcPage]:
        return self.pages

    def location(self, item) -> str:
        return item.get_url_parts()[2]

    def lastmod(self, item):
        return item.last_published_at

    def get_urls(self, page=1, site=None, protocol=None):
        """Django's, with the languages in which each page really exists."""
        urls = super().get_urls(page=page, site=site, protocol=protocol)
        for url in urls:
            twins = self.by_key[url["item"].translation_key]
            url["alternates"] = [
                {
                    "lang_code": languages.tag(twin.language),
                    "location": f"{protocol}://{site.domain}{self.location(twin)}",
                }
                for twin in twins
                if len(twins) > 1
            ]
        return urls
