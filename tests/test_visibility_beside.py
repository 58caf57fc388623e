"""What lies beside a story and tells its words: working translations, what changed in it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.transitions import withdraw_case
from review.models import ReviewNote, WorkingTranslation
from tests.factories import make_case, make_user
from tests.translations.conftest import all_words, change_source, make_live_story
from tests.visibility import ALL, MEMBERS, REGION, SIDES, WORD, Scene, case_url, found, reads
from translations.api import confirm_reading

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scene():
    return Scene()


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


def test_a_working_translation_is_for_those_who_work_with_it(scene):
    case = make_case(
        scene.firm,
        scene.people["author"],
        title="Plain story",
        stage="area_review",
        holder=scene.people["campaigner"],
    )
    case.source_page().save_revision()
    for who in filter(None, scene.people.values()):
        who.further_languages = ["ja"]  # the desk shows it to who reads it
        who.save()
    WorkingTranslation.objects.create(
        subject=case,
        anchor="title",
        language="ja",
        text=WORD,
        by=scene.people["author"],
        source_hash="",
    )
    outlets = SIDES | {
        "working translation": reads(
            lambda scene, case: case_url("review_translate")(scene, case) + "?to=ja"
        ),
        "search": found(WORD, "ja"),
    }
    seen = scene.look(outlets, scene, case)
    assert seen == {
        "followed": "",
        "review desk": "campaigner editor",
        "log": "",
        "A3": "",
        "working translation": "author campaigner editor",
        "search": "",
    }


def translated(scene, audience: str):
    """A live story, its live Japanese text, and an original that says something else since."""
    case = make_live_story(distributor=scene.firm, author=scene.people["author"], audience=audience)
    page = case.source_page()
    all_words(page, "ja", make_user("translator", language="ja", distributor=scene.firm))
    confirm_reading(page.translation_key, "ja", by=scene.people["editor"])
    change_source(case, summary=f"{WORD} came later.")
    case.refresh_from_db()
    return case


def changes_url(scene, case) -> str:
    return reverse("translation_changes", args=[case.source_page().translation_key, "ja"])


@pytest.mark.parametrize(
    ("audience", "readers"),
    [("region", REGION), ("network", MEMBERS), ("public", ALL)],
)
def test_what_changed_in_an_original_is_met_by_its_readers(scene, audience, readers):
    case = translated(scene, audience)
    assert scene.look({"changes": reads(changes_url)}, scene, case) == {"changes": readers}


def test_what_changed_in_a_withdrawn_story_is_met_by_nobody(scene):
    case = translated(scene, "network")
    withdraw_case(case, by=scene.people["editor"], reason="Wrong figures.")
    assert scene.look({"changes": reads(changes_url)}, scene, case) == {"changes": ""}
