"""What the templates of story and issue pages are given.

Functions take objects and querysets and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from wagtail.images import get_image_model

from bulletins import story_parts
from bulletins.permissions import can_review_case
from network.languages import reading_order, unique
from network.models import ProcessStep
from network.permissions import is_editor, is_member
from network.registry import related, resolve_references, taught_in
from network.templatetags.figures import Change
from review.api import marks_by_place, marks_on, questions_on

PICTURE_SPEC = "width-960"
STORIES_A_PAGE = 20
# What readers mark defects in (review.registry.Flaggable).
STORY_FLAGGED_AS = "story"
ISSUE_FLAGGED_AS = "issue"
# A story at its form: its authors ask there (review.registry.Askable).
DRAFT_ASKED_AT = "draft"


@dataclass(frozen=True)
class StoryLine:
    """A story in a list, in the reader's best language."""

    case: object
    page: object
    url: str
    language: str
    change: Change | None
    introduction: str = ""
    introduction_language: str = ""  # where it is not the page's own

    @property
    def is_foreign(self) -> bool:
        """Whether the words are in another language than the page round them."""
        return self.language != translation.get_language()


def story(request, page) -> dict:
    """A story's own page. Queries: topics, issue neighbours, pictures, renditions, files,
    readers' marks and questions.

    The parts are drawn once for all readers: `body_key` names their text, so
    that any change of it is another text.
    """
    case = page.case
    issue = _issue_of(case)
    topics, shown = list(case.topics.all()), pictures(page)
    with translation.override(page.language):
        seen = story_parts.seen(page)
    languages = unique([page.language, case.source_language])
    marks = marks_on(STORY_FLAGGED_AS, case.number, languages, request.user)
    marks, whole_marks = marks_by_place(marks, story_parts.PARTS)
    flags = [STORY_FLAGGED_AS, case.number]
    return {
        "case": case,
        "marks": marks,
        "whole_marks": whole_marks,
        "flag_url": f"{reverse('flag_raise', args=flags)}?in={page.language}",
        "flags_url": f"{reverse('flags_about', args=flags)}?in={page.language}",
        "desk_url": _desk_url(case, request.user),
        "asked": questions_on(STORY_FLAGGED_AS, case.number, page.language, request.user),
        "parts": SimpleLazyObject(lambda: _parts(page)),
        "body_key": story_parts.fingerprint(
            page, [picture["rendition"].url for picture in shown], sorted(marks.items())
        ),
        "seen": seen,
        "topics": topics,
        "pictures": shown,
        "files": [block.value for block in page.files],
        "issue": issue,
        "corrections": corrections(case.corrections.select_related("case")) if issue else [],
        "related": list(related(request.user, topics, exclude=case)),
        "taught": _taught(request, case),
        "member": is_member(request.user),
        "told_by": _tellers(case) if is_member(request.user) else [],
    }


def _taught(request, case) -> list:
    """Workshops that are taught with the story. No query where there are none."""
    keys = taught_in("case", case.number)
    return list(resolve_references(request, "workshop", keys).values()) if keys else []


def _tellers(case) -> list:
    """Author and co-authors. An archive's story is told by nobody here."""
    return [] if case.is_archive else [case.author, *case.co_authors.all()]


def _parts(page) -> dict:
    with translation.override(page.language):
        return story_parts.parts(page)


def pictures(page) -> list[dict]:
    """Pictures with their renditions; two queries however many, none without pictures."""
    values = [block.value for block in page.pictures]
    keys = [value["image"].pk for value in values if value["image"]]
    if not keys:
        return []
    images = get_image_model().objects.filter(pk__in=keys).prefetch_renditions(PICTURE_SPEC)
    found = {image.pk: image for image in images}
    return [
        {
            "rendition": found[value["image"].pk].get_rendition(PICTURE_SPEC),
            "alt": value["alt"],
            "caption": value["caption"],
            "part": value["part"] or "happened",
        }
        for value in values
        if value["image"] and value["image"].pk in found
    ]


def _desk_url(case, user) -> str:
    """Where an editor archives the story, takes it off or brings it back; '' for others."""
    if not is_editor(user) or not can_review_case(user, case):
        return ""
    return reverse("review_case", args=[case.number])


def _issue_of(case):
    """The released issue this story is in, or None."""
    place = getattr(case, "in_issue", None)
    return place.issue if place is not None and place.issue.stage == "released" else None


def story_lines(
    request,
    cases,
    introductions: dict[int, str] | None = None,
    *,
    introduced_in: str = "",
    drafts: bool = False,
) -> list[StoryLine]:
    """Cases as lines of a list, in the order given. Two queries however many.

    Cases come with distributor and country; one without a live page is left
    out. `drafts` is the editor's preview: newest texts, live or not, a query each.
    """
    cases = list(cases)
    if not cases:
        return []
    full = best_pages(cases, reading_order(request.user), drafts=drafts)
    words = introductions or {}
    lines = []
    for case in cases:
        page = full.get(case.pk)
        if page is not None:
            with translation.override(page.language):
                change = story_parts.first_change(page)
            lines.append(
                StoryLine(
                    case=case,
                    page=page,
                    url=page.reading_url(request),
                    language=page.language,
                    change=change,
                    introduction=words.get(case.pk, ""),
                    introduction_language=introduced_in,
                )
            )
    return lines


def best_pages(cases, order: list[str], *, drafts: bool = False) -> dict[int, object]:
    """Case's key → its page in the first language of `order` that it has, else in its own.

    Two queries however many; a case without a live page is left out. `drafts`
    takes the newest texts, live or not, a query each.
    """
    cases = list(cases)
    if not cases:
        return {}
    pages = type(cases[0]).pages.rel.related_model.objects.filter(case__in=cases)
    if not drafts:
        pages = pages.filter(live=True)
    by_case: dict[int, dict[str, int]] = {}
    for pk, case_id, code in pages.values_list("pk", "case_id", "locale__language_code"):
        by_case.setdefault(case_id, {})[code] = pk
    chosen = {}
    for case in cases:
        found = by_case.get(case.pk, {})
        best = next((c for c in [*order, case.source_language] if c in found), None)
        if best is not None:
            chosen[case.pk] = found[best]
    known, full = {case.pk: case for case in cases}, {}
    for page in pages.filter(pk__in=chosen.values()).select_related("locale"):
        page = page.get_latest_revision_as_object() if drafts else page
        page.case = known[page.case_id]
        full[page.case_id] = page
    return full


def foreign(language: str) -> str:
    """The language, where it is not the active one; else ''."""
    return language if language != translation.get_language() else ""


def story_index(request, page, cases) -> dict:
    """All stories this reader may read, newest first, a page at a time.

    Queries: count, cases, two for the lines; the same for any number of rows.
    """
    step = request.GET.get("step", "")
    if step not in ProcessStep.values:
        step = ""
    found = cases.in_step(step) if step else cases
    found = found.select_related("distributor__country").order_by("-published_at", "-pk")
    paginator = Paginator(found, STORIES_A_PAGE)
    current = paginator.get_page(request.GET.get("page"))
    return {
        "lines": story_lines(request, current.object_list),
        "list_page": current,
        "total": paginator.count,
        "step": step,
        "steps": list(ProcessStep),
    }


def issue(request, page, cases) -> dict:
    """An issue: its stories in order, those this reader may read.

    Queries: readable keys, stories, marks, two for the lines, two for the neighbours.
    """
    number = page.issue
    flags = [ISSUE_FLAGGED_AS, number.pk]
    readable = set(cases.filter(in_issue__issue=number).values_list("pk", flat=True))
    rows = list(number.stories.select_related("case__distributor__country"))
    shown = [row for row in rows if row.case_id in readable]
    introductions = {row.case_id: page.introduction_of(row.case_id) for row in shown}
    others = type(number).objects.released()
    return {
        "issue": number,
        "whole_marks": marks_on(
            ISSUE_FLAGGED_AS, str(number.pk), unique([page.language, "en"]), request.user
        ),
        "flag_url": f"{reverse('flag_raise', args=flags)}?in={page.language}",
        "flags_url": f"{reverse('flags_about', args=flags)}?in={page.language}",
        "asked": questions_on(ISSUE_FLAGGED_AS, str(number.pk), page.language, request.user),
        "lines": story_lines(
            request,
            [row.case for row in shown],
            introductions,
            introduced_in=foreign(page.language),
            drafts=getattr(request, "is_preview", False),
        ),
        "hidden": len(rows) - len(shown),
        "corrections": corrections(number.corrections.select_related("case")),
        "supplements": _supplements(number, request.user),
        "pdf_url": issue_pdf_url(number),
        "earlier": others.filter(month__lt=number.month).order_by("-month").first(),
        "later": others.filter(month__gt=number.month).order_by("month").first(),
        "member": is_member(request.user),
    }


def issue_pdf_url(issue) -> str:
    """The offline copy, in the active language."""
    return reverse("issue_pdf", args=[issue.month.year, issue.month.month])


def corrections(rows) -> list[dict]:
    """Notes of corrections, newest first, in the active language or in English. One query."""
    code = translation.get_language() or "en"
    return [
        {"at": row.at, "words": words, "language": language, "case": row.case}
        for row in rows
        for words, language in [row.in_language(code)]
    ]


def _supplements(issue, user) -> list[dict]:
    """Of this reader's region scopes, each in the reader's best language. One query."""
    order = reading_order(user)
    best: dict[tuple, object] = {}
    for row in issue.supplements.visible_to(user).out().select_related("region", "review_area"):
        held = best.get(row.scope)
        if held is None or _rank(row.language, order) < _rank(held.language, order):
            best[row.scope] = row
    return [{"place": row.place, "row": row} for row in best.values()]


def _rank(language: str, order: list[str]) -> int:
    return order.index(language) if language in order else len(order)


def issue_index(request, page, issues, gaps) -> dict:
    """All released issues, newest first, with the months that have none (R12).

    `gaps(months)` gives those. Three queries: issues, their pages, stories.
    """
    rows = list(issues.with_story_count().prefetch_related("pages__locale"))
    order = reading_order(request.user)
    for row in rows:
        live = {p.locale.language_code: p for p in row.pages.all() if p.live}
        code = next((c for c in order if c in live), next(iter(live), None))
        row.best_page = live.get(code)
        row.best_language = code
    shown = [row for row in rows if row.best_page is not None]
    lines = [{"month": row.month, "issue": row} for row in shown]
    lines += [{"month": month, "issue": None} for month in gaps([row.month for row in rows])]
    lines.sort(key=lambda line: line["month"], reverse=True)
    return {"issues": shown, "lines": lines}
