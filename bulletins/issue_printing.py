"""An issue as a PDF that holds every story whole: the offline copy (R41).

Each reader gets the stories that they may read, each in the best language
there is. The file is kept by the hash of all that it shows, so that the
hundreds who ask for the same one after a release are given one drawing of it.
"""

import hashlib
from dataclasses import dataclass

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from bulletins import story_parts
from bulletins.models import BulletinIssue, BulletinIssuePage, Case, RegionalSupplement
from bulletins.printing import named_drawings, own_pictures
from network import languages, pdf
from network.permissions import is_member

STYLE = "gkc/issue-print.css"


@dataclass(frozen=True)
class PrintedStory:
    """One story of the file, in its language."""

    case: Case
    page: object
    introduction: str
    html: str
    pictures: dict[str, object]  # address in the file → picture file

    @property
    def language(self) -> str:
        return self.page.language


def issue_pdf(issue: BulletinIssue, page: BulletinIssuePage, user, language: str) -> bytes:
    """The issue as this person may read it. `page` is its letter in the best language.

    Raises PrintingUnavailable. A new file takes about a second a story; one
    that was drawn before, a read.
    """
    html, files = issue_html(issue, page, user, language)
    name = f"issue-pdf/{issue.pk}/{_fingerprint(html, files)}.pdf"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            return kept.read()
    content = _draw(html, files)
    default_storage.save(name, ContentFile(content))
    return content


def issue_html(issue, page, user, language: str) -> tuple[str, dict]:
    """(the file's HTML, its pictures by address). Queries: stories, pages, and pictures a story."""
    stories = printed_stories(issue, page, user, language)
    supplements = RegionalSupplement.objects.filter(issue=issue).out().visible_to(user)
    with translation.override(language):
        html = render_to_string(
            "bulletins/issue_print.html",
            {
                "issue": issue,
                "page": page,
                "stories": stories,
                "member": is_member(user),
                "tag": languages.tag(language),
                "direction": languages.direction(language),
                "supplements": in_order(supplements, user, language),
                "corrections": [
                    (row, *row.in_language(language)) for row in issue.corrections.all()
                ],
            },
        )
    files = {name: file for story in stories for name, file in story.pictures.items()}
    return html, files


def in_order(supplements, user, language: str) -> list[RegionalSupplement]:
    """One text for each scope, in the reader's best language."""
    order = languages.reading_order(user, first=language)
    chosen: dict[tuple, RegionalSupplement] = {}
    for row in supplements.select_related("region", "review_area"):
        present = chosen.get(row.scope)
        if present is None or _rank(row, order) < _rank(present, order):
            chosen[row.scope] = row
    return list(chosen.values())


def _rank(row: RegionalSupplement, order: list[str]) -> int:
    return order.index(row.language) if row.language in order else len(order)


def printed_stories(issue, page, user, language: str) -> list[PrintedStory]:
    """The stories that this person may read, in the issue's order."""
    readable = Case.objects.readable_by(user).filter(in_issue__issue=issue)
    cases = list(
        readable.select_related("distributor__country", "review_area", "author").order_by(
            "in_issue__sort_order", "in_issue__pk"
        )
    )
    order = languages.reading_order(user, first=language)
    stories = []
    for case in cases:
        live = {
            found.locale.language_code: found
            for found in case.pages.filter(live=True).select_related("locale")
        }
        code = next((c for c in [*order, case.source_language] if c in live), None)
        if code is None:
            continue
        stories.append(_printed(case, live[code], page.introduction_of(case.pk), is_member(user)))
    return stories


def _printed(case: Case, page, introduction: str, is_for_member: bool) -> PrintedStory:
    page.case = case
    shown = own_pictures(page)
    pictures = [
        {
            "src": f"picture:{picture['rendition'].pk}",
            "alt": picture["alt"],
            "caption": picture["caption"],
            "part": picture["part"],
        }
        for picture in shown
    ]
    with translation.override(page.language):
        html = render_to_string(
            "bulletins/issue_print_story.html",
            {
                "page": page,
                "case": case,
                "parts": story_parts.parts(page),
                "pictures": pictures,
                "files": [block.value["title"] for block in page.files],
                "member": is_for_member,
            },
        )
    return PrintedStory(
        case=case,
        page=page,
        introduction=introduction,
        html=mark_safe(named_drawings(html, page.language)),  # noqa: S308 - a template's own
        pictures={f"picture:{p['rendition'].pk}": p["rendition"].file for p in shown},
    )


def _fingerprint(html: str, files: dict) -> str:
    style = hashlib.sha256()
    with open(finders.find(STYLE), "rb") as sheet:
        style.update(sheet.read())
    style.update(html.encode())
    style.update(repr([(name, file.name) for name, file in sorted(files.items())]).encode())
    return style.hexdigest()


def _draw(html: str, files: dict) -> bytes:
    weasyprint, fonts, style = pdf.machine(STYLE)
    drawn = weasyprint.HTML(string=html, url_fetcher=pdf.pictures_only(files)).render(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return drawn.write_pdf(pdf_variant="pdf/ua-1")
