"""Who comes upon the book: its standard text, drafts of it, local texts and readers' marks."""

import pytest
from django.urls import reverse

from network.models import User
from review.transitions import raise_flag
from silver_book.models import LocalText
from silver_book.transitions import publish_text, remove_local, write_local
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)
from tests.silver_book.test_importing import ids, section
from tests.visibility import (
    ALL,
    MEMBERS,
    MISTYPED,
    WORD,
    Scene,
    api_found,
    completed,
    found,
    reads,
    reads_address,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECTION = "silver-book/way/words/go-and-see/"
REGIONAL = "region author manager campaigner"


@pytest.fixture
def scene(take_in):  # noqa: F811
    take_in("en", "ar", "ja")
    return Scene()


def page_at(path: str):
    return reads(lambda scene, obj: path)


OUTLETS = {
    "section": page_at(f"/en/{SECTION}"),
    "section in another language": page_at(f"/ja/{SECTION}"),
    "section where there is none": page_at(f"/th/{SECTION}"),
    "side by side": page_at(f"/en/{SECTION}?beside=ar"),
    "part": page_at("/en/silver-book/way/"),
    "cover": page_at("/en/silver-book/"),
    "home": page_at("/en/"),
    "practices": page_at("/en/practices/all/all/"),
    "search": found(WORD),
    "search in another language": found(WORD, "ja"),
    "search, mistyped": found(MISTYPED),
    "search, begun": found(WORD[:7]),
    "search, by kind": found(WORD, type=["local"]),
    "search, to begin with": page_at("/en/search/"),
    "completion": completed(),
    "browser's suggestions": completed(format="opensearch"),
    "API": api_found(WORD, lang="en"),
    "API, mistyped": api_found(MISTYPED, lang="en"),
    "API in another language": api_found(WORD, lang="ja"),
    "desk": page_at("/en/desk/"),
    "book's desk": page_at("/en/desk/book/"),
    "local editions": page_at("/en/local-edition/"),
    "local edition of here": page_at("/en/local-edition/region-here/"),
    "section with here's texts": page_at(f"/en/{SECTION}?local=region-here"),
    "section with there's texts": page_at(f"/en/{SECTION}?local=region-there"),
    "local text": reads(
        lambda scene, obj: (
            reverse("local_text", args=[obj.pk]) if isinstance(obj, LocalText) else "/en/"
        )
    ),
    "marks": reads(
        lambda scene, obj: reverse("flags_about", args=["section", section().translation_key])
    ),
    "sitemap": reads_address(WORD),
    "admin's page": reads(
        lambda scene, obj: reverse("wagtailadmin_pages:edit", args=[section().pk])
    ),
    "admin's draft": reads(
        lambda scene, obj: reverse("wagtailadmin_pages:view_draft", args=[section().pk])
    ),
}


def local(scene, **fields) -> LocalText:
    given = {"kind": "note", "language": "en", "text": f"{WORD} here.", "by": None} | fields
    campaigner = given.pop("by") or scene.people["campaigner"]
    return write_local(
        section().translation_key,
        ids(section())[2],
        scope=("region", scene.firm.country.region_id),
        by=campaigner,
        **given,
    )


def removed(scene):
    text = local(scene)
    remove_local(text, by=scene.people["campaigner"])
    return text


def drafted(scene):
    page = section()
    data = [dict(block) for block in page.body.raw_data]
    data[2]["value"] = f"{WORD} is a draft."
    page.body = data
    page.save_revision()
    return page


def published(scene):
    return publish_text(drafted(scene), by=User.objects.get(is_system=True))


def marked(scene):
    key = str(section().translation_key)
    reason = f"{WORD} is wrong."
    return raise_flag(
        "section", key, language="en", anchor="", reason=reason, by=scene.people["author"]
    )


KINDS = {
    "standard": published,
    "draft": drafted,
    "local note": local,
    "removed local note": removed,
    "mark": marked,
}
FINDING = (
    "search",
    "search in another language",
    "search, mistyped",
    "search, begun",
    "API",
    "API, mistyped",
    "API in another language",
)
ADMIN = dict.fromkeys(["admin's page", "admin's draft"], "editor")
SECTIONS = ("section", "side by side", "section where there is none")
SEEN = {
    "standard": dict.fromkeys([*SECTIONS, *FINDING], ALL)
    | dict.fromkeys(["section with here's texts", "section with there's texts"], ALL)
    | {"search, by kind": ALL}  # the facet counts it under its own kind
    | ADMIN,
    "draft": ADMIN,
    "local note": dict.fromkeys(
        [*FINDING, "search, by kind", "section with here's texts", "local edition of here"],
        MEMBERS,
    )
    | {"local text": MEMBERS}
    | dict.fromkeys(
        [*SECTIONS, "section in another language", "section with there's texts"], REGIONAL
    ),
    "removed local note": {"local text": "campaigner"},
    "mark": dict.fromkeys(
        [*SECTIONS, "section with here's texts", "section with there's texts", "marks"], MEMBERS
    )
    | {"admin's draft": "editor"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_the_book_is_met_by_exactly_these_at_each_outlet(scene, kind):
    made = KINDS[kind](scene)
    assert scene.look(OUTLETS, scene, made) == dict.fromkeys(OUTLETS, "") | SEEN[kind]
