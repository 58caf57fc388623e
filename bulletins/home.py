"""What the bulletins give to the home page and the main navigation."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from bulletins import page_context
from bulletins.models import BulletinIssue, Case, ReadMark
from network import registry
from network.permissions import is_member
from network.registry import HomeBlock, Menu

NEWEST = 6
LEFT_OFF = 3


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
    """Where I left off, the newest issue, the newest stories; each only where it has content."""
    left = _left_off(request)
    if left["marks"] or left["drafts"]:
        yield HomeBlock("bulletins/home/left_off.html", left, order=10)
    issue = BulletinIssue.objects.released().order_by("-month").first()
    shown: set[int] = set()
    if issue is not None:
        context = _issue(request, issue)
        shown = {line.case.pk for line in context["lines"]}
        if context["page"] is not None:
            yield HomeBlock("bulletins/home/issue.html", context, order=20)
    cases = Case.objects.readable_by(request.user).exclude(pk__in=shown)
    cases = cases.select_related("distributor__country").order_by("-published_at", "-pk")[:NEWEST]
    lines = page_context.story_lines(request, cases)
    if lines:
        yield HomeBlock("bulletins/home/stories.html", {"lines": lines}, order=30)


def _issue(request, issue) -> dict:
    pages = {
        p.locale.language_code: p for p in issue.pages.filter(live=True).select_related("locale")
    }
    order = page_context.reading_order(request.user)
    page = next((pages[code] for code in order if code in pages), None)
    readable = Case.objects.readable_by(request.user)
    rows = issue.stories.filter(case__in=readable).select_related("case__distributor__country")
    introductions = {row.case_id: row.introduction for row in rows}
    lines = page_context.story_lines(request, [row.case for row in rows], introductions)
    return {
        "issue": issue,
        "page": page or next(iter(pages.values()), None),
        "lead": lines[0] if lines else None,
        "lines": lines,
    }


def _left_off(request) -> dict:
    if not is_member(request.user):
        return {"marks": [], "drafts": []}
    marks = list(ReadMark.objects.filter(user=request.user).order_by("-at")[:LEFT_OFF])
    when = {mark.case_id: mark.at for mark in marks}
    cases = {
        case.pk: case
        for case in Case.objects.readable_by(request.user)
        .filter(pk__in=when)
        .select_related("distributor__country")
    }
    lines = page_context.story_lines(request, [cases[pk] for pk in when if pk in cases])
    drafts = Case.objects.by_or_with(request.user).filter(stage="draft").order_by("-since")
    return {
        "marks": [{"line": line, "at": when[line.case.pk]} for line in lines],
        "drafts": [{"case": case, "page": case.source_page()} for case in drafts[: LEFT_OFF - 1]],
    }
