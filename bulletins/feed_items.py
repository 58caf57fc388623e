"""Stories, issues and news as entries of feeds. Each passes the same rule as its page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulletins.feeding import ITEMS, FeedItem, FeedSource, register_feed
from bulletins.models import BulletinIssue, BulletinIssuePage, Case, CaseStoryPage, News
from network import languages
from network.languages import unique
from network.localize import date_text, number_text
from network.permissions import is_member
from touchpoints.rendering import absolute


def stories(user, language: str, region) -> list[FeedItem]:
    """Published stories that the person may read. Two queries."""
    found = Case.objects.readable_by(user).select_related("distributor__country")
    if region is not None:
        found = found.filter(region.rows())
    cases = list(found.order_by("-published_at", "-pk")[:ITEMS])
    pages = _by_language(
        CaseStoryPage.objects.live().filter(case__in=cases).select_related("locale"), "case_id"
    )
    made = []
    for case in cases:
        page = _best(pages.get(case.pk, {}), [language, "en", case.source_language])
        if page is None:
            continue
        made.append(
            FeedItem(
                key=f"story:{case.number}",
                title=page.title,
                url=_address(page, language),
                summary=page.summary,
                language=languages.tag(page.language),
                published=case.published_at,
                updated=max(filter(None, [case.published_at, page.last_published_at])),
                author=f"{case.distributor.name}, {case.distributor.country.name}",
                topics=tuple(case.process_steps),
            )
        )
    return made


def issues(user, language: str, region) -> list[FeedItem]:
    """Released issues; of their stories those that the person may read. Three queries.

    With a region: issues with a story of it that they may read.
    """
    readable = Case.objects.readable_by(user).exclude(in_issue=None)
    found = BulletinIssue.objects.released()
    if region is not None:
        found = found.filter(stories__case__in=readable.filter(region.rows())).distinct()
    numbers = list(found.order_by("-released_at")[:ITEMS])
    pages = _by_language(
        BulletinIssuePage.objects.live().filter(issue__in=numbers).select_related("locale"),
        "issue_id",
    )
    titles = _titles(readable.filter(in_issue__issue__in=numbers), language)
    made = []
    for issue in numbers:
        page = _best(pages.get(issue.pk, {}), [language, "en"])
        if page is None:
            continue
        words = [str(block.value) for block in page.letter][:1] if is_member(user) else []
        name = _("Best Practice Bulletin %(number)s, %(month)s") % {
            "number": number_text(issue.number),
            "month": date_text(issue.month, "month"),
        }
        made.append(
            FeedItem(
                key=f"issue:{issue.month:%Y-%m}",
                title=f"{name}: {page.title}",
                url=_address(page, language),
                summary="\n".join([*words, *titles.get(issue.pk, [])]) or name,
                language=languages.tag(page.language),
                published=issue.released_at,
                updated=max(filter(None, [issue.released_at, page.last_published_at])),
            )
        )
    return made


def news(user, language: str, region) -> list[FeedItem]:
    """News that the person sees; nothing for a visitor. Two queries."""
    found = News.objects.visible_to(user).with_texts()
    if region is not None:
        found = found.filter(region.rows())
    made = []
    for item in found.order_by("-published_at")[:ITEMS]:
        text = item.text_for(user)
        made.append(
            FeedItem(
                key=f"news:{item.pk}",
                title=text.title,
                url=absolute(f"/{language}/news/{item.pk}/"),
                summary=text.text,
                language=languages.tag(text.language),
                published=item.published_at,
                updated=max(item.published_at, text.at),
                author=str(item.place.name) if item.place else "",
            )
        )
    return made


def _by_language(pages, key: str) -> dict[int, dict]:
    found: dict[int, dict] = {}
    for page in pages:
        found.setdefault(getattr(page, key), {})[page.locale.language_code] = page
    return found


def _best(by_language: dict, order: list[str]):
    codes = [*unique(order), *by_language]
    return next((by_language[code] for code in codes if code in by_language), None)


def _address(page, language: str) -> str:
    """Under the feed's language, which shows the page in the best one there is."""
    return absolute(f"/{language}{page.url[len(page.language) + 1 :]}")


def _titles(cases, language: str) -> dict[int, list[str]]:
    """Issue → its stories' titles in order, in the language or else in English or another."""
    rows = (
        CaseStoryPage.objects.live().filter(case__in=cases).order_by("case__in_issue__sort_order")
    )
    by_case: dict[tuple[int, int], dict[str, str]] = {}
    for issue, case, code, title in rows.values_list(
        "case__in_issue__issue_id", "case_id", "locale__language_code", "title"
    ):
        by_case.setdefault((issue, case), {})[code] = title
    found: dict[int, list[str]] = {}
    for (issue, _case), titles in by_case.items():
        found.setdefault(issue, []).append(_best(titles, [language, "en"]))
    return found


def register() -> None:
    """Called once, when the room starts."""
    register_feed(FeedSource("stories", gettext_lazy("Case stories"), stories))
    register_feed(FeedSource("bulletins", gettext_lazy("Best Practice Bulletin"), issues))
    register_feed(FeedSource("news", gettext_lazy("News"), news))
