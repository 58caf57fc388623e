"""A scene of people, and outlets: ways in which somebody may come upon a thing."""

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from network.models import DocumentText, GkcDocument, GkcImage
from search.api import mark_changed
from tests.bulletins.stories import block
from tests.factories import (
    make_case,
    make_country,
    make_distributor,
    make_issue,
    make_region,
    make_user,
)

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


def reads_address(part: str) -> callable:
    """Whether the sitemap lists an address with this part."""
    return lambda client, scene, obj: part in client.get("/sitemap.xml").content.decode()


# What lies beside a story.
SIDES = {
    "followed": reads(case_url("case_follow")),
    "review desk": reads(case_url("review_case")),
    "log": reads(case_url("case_log")),
    "A3": reads(case_url("case_a3")),
}
