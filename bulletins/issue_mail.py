"""An issue as a mail: the stories in order, each with its line and one figure.

The words are the same for everybody with one language: every story of an
issue is for the whole network.
"""

import textwrap
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from bulletins.response_links import link_token
from network import languages
from network.localize import date_text, number_text, quantity_text
from touchpoints.personal import placeholder
from touchpoints.registry import Message
from touchpoints.rendering import absolute, one_line, profile_url
from touchpoints.stopping import STOP_LINK

TEXT_WIDTH = 64  # columns of the plain twin
RESPOND = "respond"  # names the receiver's own link in the mail (touchpoints.personal)


@dataclass(frozen=True)
class MailStory:
    """One story of the mail, in the best language there is for the reader."""

    title: str
    introduction: str
    place: str
    url: str
    language: str
    foreign: bool  # its text is not in the mail's language
    measure: str = ""
    before: str = ""
    after: str = ""


def issue_words(issue, data, user) -> Message | None:
    """The bulletin's mail in the active language; None unless the issue is out."""
    if issue.stage != "released":
        return None
    return compose(issue, live_only=True)


def own_links(issue, delivery) -> dict[str, str]:
    """The receiver's link to the form of responses; to the desk for an address without a person."""
    path = "desk/responses/"
    if delivery.user_id and delivery.distributor_id:
        token = link_token(delivery.distributor_id, issue.pk, delivery.user_id)
        path = f"respond/{token}/"
    return {RESPOND: absolute(f"/{delivery.language}/{path}")}


def copy_words(issue, data, user) -> Message | None:
    """The same for a member who asked for a copy: with the link that ends it."""
    if issue.stage != "released":
        return None
    return compose(issue, live_only=True, is_copy=True)


def compose(issue, *, live_only: bool, is_copy: bool = False) -> Message:
    """The mail's parts; `live_only=False` is the editor's preview before the release."""
    code = translation.get_language() or "en"
    page = best_page(issue.pages.all(), code, live_only=live_only)
    if not live_only:
        page = page.get_latest_revision_as_object()
    rows = story_rows(issue)
    if live_only:  # a mail may be sent hours after the release: some story may be gone by then
        rows = rows.filter(case__is_published=True).exclude(case__audience="region")
    stories = [
        mail_story(row, code, page.introduction_of(row.case_id), live_only=live_only)
        for row in rows
    ]
    month = date_text(issue.month, "month")
    number_line = _("Best Practice Bulletin %(number)s, %(month)s") % {
        "number": number_text(issue.number),
        "month": month,
    }
    context = {
        "site_name": settings.SITE_NAME,
        "language_tag": languages.tag(code),
        "direction": languages.direction(code),
        "align": "right" if languages.direction(code) == "rtl" else "left",
        "title": page.title,
        "page_tag": languages.tag(page.language),
        "page_direction": languages.direction(page.language),
        "number_line": number_line,
        "letter": [str(block.value) for block in page.letter],
        "issue_url": absolute(f"/{code}/bulletins/{issue.month:%Y/%m}/"),
        "respond_url": "" if is_copy else placeholder(RESPOND),
        "stories": stories,
        "has_supplement": issue.supplements.out().exists(),
        "in_english": any(story.foreign for story in stories) or page.language != code,
        "profile_url": profile_url(),
        "stop_url": STOP_LINK if is_copy else "",
        "wrapped_letter": [textwrap.fill(str(b.value), TEXT_WIDTH) for b in page.letter],
    }
    return Message(
        subject=one_line(page.subject or f"{number_line}: {page.title}"),
        lines=(),
        html=render_to_string("bulletins/mail/issue.html", context),
        text=render_to_string("bulletins/mail/issue.txt", context),
    )


def story_rows(issue):
    """The issue's stories in order, with what a mail needs of each. Four queries."""
    return issue.stories.select_related("case__distributor__country").prefetch_related(
        "case__pages__locale", "case__results"
    )


def mail_story(row, code: str, introduction: str, *, live_only: bool) -> MailStory:
    """A story's lines, in `code` or else in English or its own language."""
    page = best_page(row.case.pages.all(), code, live_only=live_only)
    if not live_only:
        page = page.get_latest_revision_as_object()
    result = next(iter(page.results), None)
    figures = {}
    if result is not None:
        value = result.value
        figures = {
            "measure": value["label"],
            "before": quantity_text(value["before"], value["unit"]),
            "after": quantity_text(value["after"], value["unit"]),
        }
    return MailStory(
        title=page.title,
        introduction=introduction or page.summary,
        place=str(row.case.distributor.country.name),
        url=absolute(f"/{code}{page.url[len(page.language) + 1 :]}") if page.url else "",
        language=languages.tag(page.language),
        foreign=page.language != code,
        **figures,
    )


def best_page(pages, code: str, *, live_only: bool):
    """The page in the language, else in English, else the first."""
    by_language = {page.locale.language_code: page for page in pages if page.live or not live_only}
    return by_language.get(code) or by_language.get("en") or next(iter(by_language.values()))
