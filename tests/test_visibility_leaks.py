"""Who comes upon a thing, whatever way they look: each kind of object by each outlet.

The table says for each kind and outlet exactly who meets the object's words
or gets its file; everybody else of `VIEWERS` must not. Each kind has somebody
who does see it, or its absence would prove nothing. What lies beside a story
is in test_visibility_beside.py, mail in test_visibility_mail.py, the book in
test_visibility_book.py.
"""

import datetime

import pytest
from django.urls import reverse

from bulletins.transitions import withdraw_case
from search.api import mark_changed
from tests.factories import make_case, make_issue, make_story_page
from tests.visibility import (
    ALL,
    DESK,
    IN_FILE,
    IN_FILE_MISTYPED,
    MEMBERS,
    MISTYPED,
    REGION,
    WORD,
    Scene,
    api_found,
    case_url,
    completed,
    found,
    gets,
    reads,
    reads_address,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scene():
    return Scene()


OUTLETS = {
    "its page": reads(lambda scene, case: case.source_page().url),
    "its page under another language": reads(
        lambda scene, case: case.source_page().url.replace("/en/", "/ja/", 1)
    ),
    "story index by step": reads(lambda scene, case: "/ja/stories/?step=own"),
    "home": reads(lambda scene, case: "/en/"),
    "issue": reads(lambda scene, case: "/en/bulletins/2026/11/"),
    "search": found(WORD),
    "search in another language": found(WORD, "ja"),
    "search, mistyped": found(MISTYPED),
    "search in files": found(IN_FILE),
    "search in files, mistyped": found(IN_FILE_MISTYPED),
    "search in files from another language": found(IN_FILE, "ja"),
    "search, begun": found(WORD[:7]),
    "search in chosen languages": found(WORD, "ja", language=["en", "fa"]),
    "search, to begin with": reads(lambda scene, case: "/en/search/"),
    "completion": completed(),
    "completion in another language": completed("ja"),
    "browser's suggestions": completed(format="opensearch"),
    "API": api_found(WORD, lang="en"),
    "API, mistyped": api_found(MISTYPED, lang="en"),
    "API in another language": api_found(WORD, lang="ja"),
    "API in files": api_found(IN_FILE, lang="en"),
    "picture": gets(
        lambda scene, case: reverse(
            "rendition", args=[scene.rendition.image_id, scene.rendition.pk]
        )
    ),
    "file": gets(lambda scene, case: reverse("document", args=[scene.document.pk, "notes.pdf"])),
    "A3": reads(case_url("case_a3")),
    "A3 as PDF": gets(case_url("case_a3_pdf")),
    "desk": reads(lambda scene, case: "/en/desk/"),
    "followed": reads(case_url("case_follow")),
    "share form": reads(lambda scene, case: reverse("share_part", args=[case.number, "title"])),
    "review desk": reads(case_url("review_case")),
    "review queue": reads(lambda scene, case: reverse("review_desk") + "?show=area"),
    "log": reads(case_url("case_log")),
    "working translation": reads(case_url("review_translate")),
    "sitemap": lambda client, scene, case: (
        case.number in client.get("/sitemap.xml").content.decode()
    ),
    "admin's page": reads(
        lambda scene, case: reverse("wagtailadmin_pages:edit", args=[case.source_page().pk])
    ),
    "admin's draft": reads(
        lambda scene, case: reverse("wagtailadmin_pages:view_draft", args=[case.source_page().pk])
    ),
    "admin's API": reads(
        lambda scene, case: reverse("wagtailadmin_api:pages:detail", args=[case.source_page().pk])
    ),
    "admin's history": reads(
        lambda scene, case: reverse("wagtailadmin_pages:history", args=[case.source_page().pk])
    ),
    "admin's pictures": reads(lambda scene, case: reverse("wagtailimages:index")),
    "admin's files": reads(lambda scene, case: reverse("wagtaildocs:index")),
}


def withdrawn(scene):
    case = scene.story(published=True, audience="public")
    withdraw_case(case, by=scene.people["editor"], reason="Wrong figures.")
    return case


KINDS = {
    "draft": lambda scene: scene.story(),
    "under review": lambda scene: scene.story(
        stage="area_review", holder=scene.people["campaigner"]
    ),
    "region only": lambda scene: scene.story(published=True, audience="region"),
    "network": lambda scene: scene.story(published=True),
    "public": lambda scene: scene.story(published=True, audience="public"),
    "withdrawn": withdrawn,
}


# --- an issue before its release, a translation before its second reader -------------
@pytest.mark.parametrize("released", [False, True])
def test_an_issue_is_nowhere_before_its_release(scene, released):
    issue = make_issue(datetime.date(2026, 12, 1), released=released, title=f"{WORD} issue")
    mark_changed(issue)
    outlets = {
        "page": reads(lambda scene, issue: "/en/bulletins/2026/12/"),
        "in another language": reads(lambda scene, issue: "/ja/bulletins/2026/12/"),
        "index": reads(lambda scene, issue: "/en/bulletins/"),
        "home": reads(lambda scene, issue: "/en/"),
        "search": found(WORD),
        "search, mistyped": found(MISTYPED),
        "completion": completed(),
        "browser's suggestions": completed(format="opensearch"),
        "API": api_found(WORD, lang="en"),
        "sitemap": reads_address("/bulletins/2026/12/"),
        "desk": reads(lambda scene, issue: reverse("issue_desk", args=[issue.pk])),
        "preview": reads(lambda scene, issue: reverse("issue_page_preview", args=[issue.pk, "en"])),
        "mail's preview": reads(
            lambda scene, issue: reverse("issue_mail_preview", args=[issue.pk, "en"])
        ),
    }
    seen = scene.look(outlets, scene, issue)
    desks = {name: seen.pop(name) for name in ("desk", "preview", "mail's preview")}
    # Once released the issue has no desk's title any more; its texts stay its editors'.
    assert desks == {"desk": "", "preview": "editor", "mail's preview": "editor"} | (
        {} if released else {"desk": "editor"}
    )
    public = {name: ALL for name in seen} | {"home": ""}  # home leaves an issue without stories out
    assert seen == (public if released else dict.fromkeys(seen, ""))


@pytest.mark.parametrize("live", [False, True])
def test_a_translation_is_nowhere_before_it_is_live(scene, live):
    case = make_case(
        scene.firm, scene.people["author"], title="Plain story", published=True, audience="public"
    )
    page = make_story_page(case, "ar", f"{WORD} story", live=live, slug=case.source_page().slug)
    mark_changed(case)
    outlets = {
        "page": reads(lambda scene, case: page.url),
        "index": reads(lambda scene, case: "/ar/stories/"),
        "home": reads(lambda scene, case: "/ar/"),
        "search": found(WORD, "ar"),
        "completion": completed("ar"),
        "API": api_found(WORD, lang="ar"),
        "API in another language": api_found(WORD, lang="en"),
        "A3": reads(lambda scene, case: reverse("case_a3", args=[case.number]) + "?lang=ar"),
        "sitemap": reads_address(page.url),
        "admin's draft": reads(
            lambda scene, case: reverse("wagtailadmin_pages:edit", args=[page.pk])
        ),
    }
    seen = scene.look(outlets, scene, case)
    assert seen.pop("admin's draft") == "editor"
    assert seen == dict.fromkeys(seen, ALL if live else "")


# --- the table: kind → outlet → exactly who meets it there ---------------------------
READING = (
    "its page",
    "its page under another language",
    "story index by step",
    "home",
    "issue",
    "search",
    "search in another language",
    "search, mistyped",
    "search, begun",
    "search in chosen languages",
    "search, to begin with",
    "completion",
    "completion in another language",
    "browser's suggestions",
    "API",
    "API, mistyped",
    "API in another language",
    "search in files",
    "search in files, mistyped",
    "search in files from another language",
    "API in files",
)
FILES = ("picture", "file", "A3", "A3 as PDF")
ADMIN = dict.fromkeys(["admin's API", "admin's pictures", "admin's files"], "editor")
ADMIN_EDITS = ADMIN | dict.fromkeys(["admin's page", "admin's draft", "admin's history"], "editor")
WORKING = {
    "desk": "author",
    "followed": "author manager editor",
    "review desk": "campaigner editor",
    "log": "editor",
    "working translation": "campaigner editor",
}


def read_by(readers: str) -> dict[str, str]:
    """A published story's row."""
    return (
        dict.fromkeys([*READING, *FILES], readers)
        | WORKING
        | {"share form": "author editor"}
        | ADMIN_EDITS
    )


SEEN = {
    "draft": dict.fromkeys([*FILES, "followed", "share form"], "author editor")
    | {"home": "author", "desk": "author"}
    | ADMIN,
    "under review": dict.fromkeys(FILES, DESK)
    | WORKING
    | {"home": "campaigner", "desk": "author campaigner", "review queue": "campaigner editor"}
    | {"working translation": "author campaigner editor"}
    | ADMIN,
    "region only": read_by(REGION),
    "network": read_by(MEMBERS),
    "public": read_by(ALL) | {"sitemap": ALL},
    "withdrawn": dict.fromkeys(FILES, DESK) | WORKING | ADMIN,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_met_by_exactly_these_at_each_outlet(scene, kind):
    case = KINDS[kind](scene)
    assert scene.look(OUTLETS, scene, case) == dict.fromkeys(OUTLETS, "") | SEEN[kind]
