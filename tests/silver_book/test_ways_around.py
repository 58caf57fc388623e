"""A text of the book goes live by an editor's publication only, whatever way Wagtail offers."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, PageViewRestriction

from network.exceptions import ChangeRefused
from silver_book.exceptions import BookChangeRefused
from silver_book.models import BookChapterPage, BookPartPage, BookSectionPage
from silver_book.transitions import publish_text, publish_translation, take_off
from tests.bulletins.ways_around import ATTEMPTS, DIRECT, SAVING, save_live
from tests.factories import make_mandate, make_user

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def root(client):
    """A superuser, signed in."""
    user = make_user(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def draft(shared_book):
    """A section with a newer text that nobody published."""
    page = BookSectionPage.objects.get(key="ask-why", locale__language_code="en")
    page.title = "Another title"
    page.save_revision(user=make_user("editor"))
    return page


def standing(page) -> tuple:
    """Everything that must stay as it is."""
    return (
        list(
            Page.objects.order_by("pk").values_list(
                "pk", "path", "live", "live_revision_id", "title", "go_live_at"
            )
        ),
        PageLogEntry.objects.filter(page=page.pk, action__contains="publish").count(),
        PageViewRestriction.objects.count(),
    )


# No workflow is bound to the book, and its trees are no stories'.
ADMIN = [name for name in ATTEMPTS if name != "workflow"]
PYTHON = [name for name in DIRECT if "rank" not in name and name != "move action"]


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ADMIN)
def test_a_superuser_gets_nowhere_in_the_admin(client, root, draft, attempt):
    before = standing(draft)
    address, data = ATTEMPTS[attempt](draft)
    answer = client.post(address, data)
    assert answer.status_code in (200, 302, 403), answer.status_code
    assert standing(draft) == before
    if attempt in SAVING and attempt != "schedule":
        assert BookSectionPage.objects.get(pk=draft.pk).live


@pytest.mark.parametrize("way", PYTHON)
def test_no_python_call_gets_around(draft, root, way):
    before = standing(draft)
    with pytest.raises((ChangeRefused, PermissionDenied)), transaction.atomic():
        DIRECT[way](draft, root)
    assert standing(draft) == before


def test_a_bare_page_is_not_saved_off_or_on(draft):
    take_off(draft, by=make_user("editor"))
    with pytest.raises(BookChangeRefused):
        save_live(draft)


def test_the_scheduler_publishes_nothing(draft):
    draft.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(days=1))
    before = standing(draft)
    call_command("publish_scheduled", stdout=io.StringIO())
    assert standing(draft) == before


# --- the way there is ---------------------------------------------------------------------
def test_an_editor_publishes_and_translations_follow(draft, client):
    publish_text(draft, by=make_user("editor"))
    assert BookSectionPage.objects.get(pk=draft.pk).title == "Another title"
    arabic = BookSectionPage.objects.get(key="ask-why", locale__language_code="ar")
    assert (arabic.live, arabic.title) == (True, "اسأل لماذا")


@pytest.mark.parametrize("role", ["reader", "campaigner", "translator", "trainer"])
def test_nobody_else_publishes(draft, role):
    person = make_user() if role == "reader" else make_user(role)
    before = standing(draft)
    with pytest.raises(PermissionDenied):
        publish_text(draft, by=person)
    with pytest.raises(PermissionDenied):
        take_off(draft, by=person)
    assert standing(draft) == before


def test_a_text_that_changed_since_it_was_seen_is_refused(draft):
    seen = draft.latest_revision_id
    draft.title = "A third title"
    draft.save_revision()
    with pytest.raises(BookChangeRefused):
        publish_text(draft, by=make_user("editor"), seen_revision=seen)


def test_a_translation_is_not_published_like_a_base_text(draft):
    arabic = BookSectionPage.objects.get(key="ask-why", locale__language_code="ar")
    with pytest.raises(BookChangeRefused):
        publish_text(arabic, by=make_user("editor"))


def test_japanese_is_published_by_an_editor_and_translated_by_nobody(draft):
    japanese = BookSectionPage.objects.get(key="ask-why", locale__language_code="ja")
    translator = make_user()
    make_mandate(translator, "translator", language="ja")
    with pytest.raises(PermissionDenied):
        publish_translation(japanese, by=translator)
    japanese.title = "なぜか"
    japanese.save_revision()
    publish_text(japanese, by=make_user("editor"))
    assert BookSectionPage.objects.get(pk=japanese.pk).title == "なぜか"


def test_taking_a_part_off_takes_all_languages_and_what_is_below(shared_book):
    part = BookPartPage.objects.get(key="way", locale__language_code="en")
    take_off(part, by=make_user("editor"))
    assert not BookPartPage.objects.filter(key="way", live=True).exists()
    assert not BookChapterPage.objects.filter(live=True).exists()
    assert set(BookSectionPage.objects.filter(live=True).values_list("key", flat=True)) == {
        "promise"
    }
