"""What the bulletins give to the home page and the main navigation."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from bulletins import page_context
from bulletins.models import BulletinIssue, Case, News, ReadMark
from network import registry
from network.permissions import is_member
from network.registry import HomeBlock, Menu

NEWEST = 6
LEFT_OFF = 3
NEWS = 3


def register() -> None:
    """Called once, when the room starts."""
    registry.menus.register("bulletins", menus)
    registry.home_blocks.register("bulletins", blocks)


def menus(user) -> Iterator[Menu]:
    """Stories and Bulletin."""
    yield Menu(label=_("Bulletin"), url=lambda: _address("bulletins"), order=20)
    yield Menu(label=_("Stories"), url=lambda: _address("stories"), order=30)


def _address(slug: str) -> str:
    return f"/{translation.get_language()}/{slug}/"


def blocks(request) -> Iterator[HomeBlock]:
    """Where I left off, the newest issue, the newest stories; each only where it has content.

    The stories of all three blocks are read together.
    """
    marks, drafts = _left_off(request.user)
    issue = BulletinIssue.objects.released().order_by("-month").first()
    readable = Case.objects.readable_by(request.user)
    rows = []
    if issue is not None:
        shown = issue.stories.filter(case__in=readable)
        rows = list(shown.select_related("case__distributor__country"))
    newest = readable.exclude(pk__in=[row.case_id for row in rows])
    newest = list(
        newest.select_related("distributor__country").order_by("-published_at", "-pk")[:NEWEST]
    )
    cases = {mark.case_id: mark.case for mark in marks}
    cases |= {case.pk: case for case in (*(row.case for row in rows), *newest)}
    lines = {line.case.pk: line for line in page_context.story_lines(request, cases.values())}

    read = [{"line": lines[m.case_id], "at": m.at} for m in marks if m.case_id in lines]
    if read or drafts:
        context = {"marks": read, "drafts": drafts}
        yield HomeBlock("bulletins/home/left_off.html", context, order=10)
    page = _best_page(request, issue) if issue is not None else None
    if page is not None:
        told = [
            replace(
                lines[row.case_id],
                introduction=page.introduction_of(row.case_id),
                introduction_language=page_context.foreign(page.language),
            )
            for row in rows
            if row.case_id in lines
        ]
        context = {"issue": issue, "page": page, "lead": told[0] if told else None, "lines": told}
        yield HomeBlock("bulletins/home/issue.html", context, order=20)
    if news := _news(request.user):
        yield HomeBlock("bulletins/home/news.html", {"news": news}, order=25)
    if found := [lines[case.pk] for case in newest if case.pk in lines]:
        yield HomeBlock("bulletins/home/stories.html", {"lines": found}, order=30)


def _news(user) -> list[dict]:
    """The newest items of this reader's scopes. Three queries; none for visitors."""
    if not is_member(user):
        return []
    rows = News.objects.visible_to(user).with_texts()[:NEWS]
    return [{"news": row, "text": row.text_for(user)} for row in rows]


def _best_page(request, issue):
    """The issue's page in the reader's best language, or the one there is."""
    live = issue.pages.filter(live=True).select_related("locale")
    pages = {page.locale.language_code: page for page in live}
    order = page_context.reading_order(request.user)
    best = next((pages[code] for code in order if code in pages), None)
    return best or next(iter(pages.values()), None)


def _left_off(user) -> tuple[list, list]:
    """What a member read last and may read still, and drafts to go on with."""
    if not is_member(user):
        return [], []
    last = ReadMark.objects.filter(user=user).order_by("-at")[:LEFT_OFF]
    marks = list(last.select_related("case__distributor__country"))
    if marks:
        readable = Case.objects.readable_by(user).filter(pk__in=[m.case_id for m in marks])
        keys = set(readable.values_list("pk", flat=True))
        marks = [mark for mark in marks if mark.case_id in keys]
    cases = list(
        Case.objects.by_or_with(user).filter(stage="draft").order_by("-since")[: LEFT_OFF - 1]
    )
    return marks, [{"case": case, "page": case.source_page()} for case in cases]
