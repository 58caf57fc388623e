"""Who comes upon a thing, whatever way they look: each kind of object by each outlet.

The table says for each kind and outlet exactly who meets the object's words
or gets its file; everybody else of `VIEWERS` must not. Each kind has somebody
who does see it, or its absence would prove nothing.
"""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file

from bulletins.transitions import withdraw_case
from network.models import DocumentText, GkcDocument, GkcImage
from network.transitions import leave
from review.models import ReviewNote
from search.api import mark_changed
from tests.bulletins.stories import block
from tests.factories import (
    make_case,
    make_country,
    make_distributor,
    make_issue,
    make_membership,
    make_region,
    make_story_page,
    make_user,
)
from touchpoints.api import tell
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db

WORD = "Quokkafence"
MISTYPED = "quokkafennce"
IN_FILE = "Numbatledger"  # stands in the story's file only
IN_FILE_MISTYPED = "numbatleddger"
VIEWERS = ["visitor", "elsewhere", "region", "author", "manager", "campaigner", "editor"]
MEMBERS = "elsewhere region author manager campaigner editor"
ALL = "visitor " + MEMBERS
REGION = "region author manager campaigner editor"
DESK = "author manager campaigner editor"


class Scene:
    """A distributor of one region and the people round it; `story` makes the object."""

    def __init__(self):
        country = make_country(region=make_region("here"))
        self.firm = make_distributor(country=country)
        neighbour = make_distributor(country=make_country(region=make_region("here")))
        away = make_distributor(country=make_country(region=make_region("there")))
        self.area = country.review_area
        self.people = {
            "visitor": None,
            "elsewhere": make_user(distributor=away),
            "region": make_user(distributor=neighbour),
            "author": make_user(distributor=self.firm),
            "manager": make_user("manager", distributor=self.firm),
            "campaigner": make_user("campaigner", review_area=self.area, distributor=neighbour),
            "editor": make_user("editor"),
        }
        self.clients = {}
        for name, user in self.people.items():
            client = self.clients[name] = Client()
            if user is not None:
                client.force_login(user, "gkc_site.accounts.backends.MemberBackend")

    def story(self, **fields):
        """A story with a picture and a file, in the search index as it would be, in an issue."""
        case = make_case(
            self.firm, self.people["author"], title=f"{WORD} story", process_steps=["own"], **fields
        )
        guard = {"guard": "bulletins.case", "guard_key": case.number}
        image = GkcImage.objects.create(title=WORD, file=get_test_image_file(), **guard)
        document = GkcDocument(title=WORD, **guard)
        document.file.save("notes.pdf", ContentFile(b"%PDF-1.4"))
        DocumentText.objects.filter(document=document).update(
            state="done", text=f"The {IN_FILE} was kept."
        )
        self.rendition, self.document = image.get_rendition("max-10x10"), document
        page = case.source_page()
        page.files = [("file", {"document": document, "title": "Notes"})]
        page.save()
        page.pictures = [block("picture", image=image.pk, alt="", caption="", part="")]
        page.save_revision()
        if case.is_published:
            make_issue(cases=(case,), released=True)
        else:
            make_issue(released=True)
        mark_changed(case)
        return case

    def look(self, outlets: dict, *args) -> dict[str, str]:
        """Outlet → the viewers who met the object there."""
        return {
            name: " ".join(who for who in VIEWERS if met(self.clients[who], *args))
            for name, met in outlets.items()
        }


@pytest.fixture
def scene():
    return Scene()


def reads(address) -> callable:
    """Whether the words stand on the page at the address."""

    def met(client, scene, case) -> bool:
        response = client.get(address(scene, case))
        return response.status_code == 200 and WORD in response.content.decode()

    return met


def gets(address) -> callable:
    """Whether anything is sent from the address; 503 is a machine that cannot draw a sheet."""

    def met(client, scene, case) -> bool:
        response = client.get(address(scene, case))
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)
        return response.status_code in (200, 503)

    return met


def found(text: str, language: str = "en", /, **query) -> callable:
    """Whether search shows it in any of its places: hits, total, facets, suggestion."""

    def met(client, scene, case) -> bool:
        answer = client.get(f"/{language}/search/", {"q": text} | query).context["answer"]
        facets = [value for values in answer.facets.values() for value in values if value.count]
        return bool(
            answer.hits
            or answer.total
            or facets
            or answer.suggestion
            or answer.other_languages
            or answer.other_languages_total
        )

    return met


def completed(language: str = "en", /, **query) -> callable:
    """Whether the words' beginning brings anything, in the list or in a browser's form."""

    def met(client, scene, case) -> bool:
        asked = {"q": WORD[:6]} | query
        body = client.get(f"/{language}/search/complete/", asked).json()
        return bool(body["entries"] if isinstance(body, dict) else body[1])

    return met


def api_found(text: str, **query) -> callable:
    """Whether the API shows it in any place: hits, total, facets, suggestion, other languages."""

    def met(client, scene, case) -> bool:
        body = client.get("/api/v1/search", {"q": text} | query).json()
        counts = [value["count"] for values in body["facets"].values() for value in values]
        others = body["other_languages"]
        return bool(
            body["hits"]
            or body["total"]
            or any(counts)
            or body["suggestion"]
            or others["total"]
            or others["hits"]
        )

    return met


def case_url(name):
    return lambda scene, case: reverse(name, args=[case.number])


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


# --- mail: what was queued is looked at again when it is sent ------------------------
def issue_mail(scene, mailoutbox, change) -> str:
    """The body of an issue's mail to a contact, sent after `change` to its story."""
    case = make_case(scene.firm, scene.people["author"], title=f"{WORD} story", published=True)
    other = make_case(scene.firm, scene.people["author"], title="Another story", published=True)
    issue = make_issue(cases=(case, other), released=True)
    tell("bulletins.issue", issue)
    change(case)
    send_due()
    to = scene.people["manager"].email
    [mail] = [m for m in mailoutbox if m.to == [to] and "Another story" in m.body]
    return mail.body + mail.alternatives[0][0]


def make_region_only(case):
    """As an editor's correction of the row would; the transition refuses it within an issue."""
    type(case).objects.filter(pk=case.pk).update(audience="region")


def test_a_story_withdrawn_since_the_release_is_in_no_later_mail(scene, mailoutbox):
    editor = scene.people["editor"]
    text = issue_mail(scene, mailoutbox, lambda case: withdraw_case(case, by=editor, reason="x"))
    assert WORD not in text


def test_a_story_for_its_region_since_the_release_is_in_no_later_mail(scene, mailoutbox):
    assert WORD not in issue_mail(scene, mailoutbox, make_region_only)


def test_control_the_mail_names_a_story_that_stays(scene, mailoutbox):
    assert WORD in issue_mail(scene, mailoutbox, lambda case: None)


@pytest.mark.parametrize("leaves", [False, True])
def test_a_co_author_who_left_gets_no_mail_queued_before(scene, mailoutbox, leaves):
    case = make_case(
        scene.firm, scene.people["author"], title=f"{WORD} story", stage="changes_requested"
    )
    person = scene.people["elsewhere"]
    place = make_membership(person, scene.firm)
    case.co_authors.add(person)
    tell("bulletins.changes_requested", case, reason="Which dates?")
    if leaves:
        leave(place, by=scene.people["manager"])
    send_due()
    got = [m for m in mailoutbox if m.to == [person.email] and WORD in m.subject]
    assert len(got) == (0 if leaves else 1)


# --- what lies beside a story --------------------------------------------------------
SIDES = {
    "followed": reads(case_url("case_follow")),
    "review desk": reads(case_url("review_case")),
    "log": reads(case_url("case_log")),
    "A3": reads(case_url("case_a3")),
}


@pytest.mark.parametrize("sent", [False, True])
def test_an_unsent_note_is_its_writers_own(scene, sent):
    case = make_case(
        scene.firm,
        scene.people["author"],
        title="Plain story",
        stage="area_review",
        holder=scene.people["campaigner"],
    )
    ReviewNote.objects.create(
        subject=case,
        text=WORD,
        language="en",
        author=scene.people["campaigner"],
        sent_at=timezone.now() if sent else None,
    )
    seen = scene.look(SIDES, scene, case)
    assert seen == {
        "followed": "author editor" if sent else "",
        "review desk": "campaigner editor" if sent else "campaigner",
        "log": "",
        "A3": "",
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


def reads_address(part: str) -> callable:
    """Whether the sitemap lists an address with this part."""
    return lambda client, scene, obj: part in client.get("/sitemap.xml").content.decode()


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
