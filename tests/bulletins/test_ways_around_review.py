"""Every way in Wagtail's admin, API and scheduler that could publish an unreviewed story.

Each (tests.bulletins.ways_around) is tried as a superuser through the real
views. The control takes the same way with an ordinary page, where it works:
else the refusal would prove nothing.
"""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command, get_commands
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page

from bulletins.exceptions import TransitionRefused
from bulletins.models import CaseStoryPage
from gkc_site.models import HomePage
from tests.bulletins.ways_around import ATTEMPTS, CONTROLS, DIRECT, SAVING, save_live, standing
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


@pytest.fixture
def root(client):
    """A superuser, signed in."""
    user = make_user(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def ordinary():
    """A page that goes through no review: another home page, not live."""
    parent = Page.get_first_root_node()
    home = HomePage.objects.first()
    page = HomePage(title="Ordinary", slug="ordinary", locale=home.locale, live=False)
    parent.add_child(instance=page)
    page.save_revision()
    return page


@pytest.mark.parametrize("step", ["submitted", "at_neutral", "at_editing", "published"])
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_superuser_gets_nowhere(client, root, stories, attempt, step):
    case = getattr(stories, step)()
    page = case.source_page()
    before = standing(case)
    address, data = ATTEMPTS[attempt](page)
    answer = client.post(address, data)
    assert answer.status_code in (200, 302, 403), answer.status_code
    after = standing(case)
    if step == "published" and attempt in SAVING:
        # An editor may write a draft of a live story: readers keep their text.
        assert after[:3] == before[:3]
        assert [row[:4] for row in after[4]] == [row[:4] for row in before[4]]
        return
    assert after == before


@pytest.mark.parametrize("attempt", CONTROLS)
def test_control_an_ordinary_page_goes_the_same_way(client, root, ordinary, attempt):
    assert not CONTROLS[attempt](ordinary)
    address, data = ATTEMPTS[attempt](ordinary)
    client.post(address, data)
    ordinary = HomePage.objects.filter(pk=ordinary.pk).first() or ordinary
    assert CONTROLS[attempt](ordinary)


@pytest.mark.parametrize("way", DIRECT)
def test_no_python_call_gets_around(stories, root, way):
    case = stories.at_neutral()
    before = standing(case)
    page = case.source_page()
    with pytest.raises((TransitionRefused, PermissionDenied)), transaction.atomic():
        DIRECT[way](page, root)
    assert standing(case) == before


def test_a_bare_page_is_not_saved_live(stories):
    case = stories.at_neutral()
    before = standing(case)
    with pytest.raises(TransitionRefused):
        save_live(case.source_page())
    assert standing(case) == before


@pytest.mark.parametrize("what", ["go live", "expire"])
def test_the_scheduler_neither_publishes_nor_takes_off(stories, what, ordinary, caplog):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if what == "go live":
        case = stories.at_neutral()
        case.source_page().revisions.update(approved_go_live_at=yesterday)
    else:
        case = stories.published()
        CaseStoryPage.objects.filter(case=case).update(expire_at=yesterday)
    before = standing(case)
    ordinary.revisions.update(approved_go_live_at=timezone.now())
    call_command("publish_scheduled", stdout=io.StringIO())
    assert standing(case) == before
    assert any("publish_scheduled_passed_over" in line for line in caplog.messages)
    ordinary.refresh_from_db()
    assert ordinary.live, "a story in the way must not hold up an ordinary page"


@pytest.mark.parametrize("what", ["go live", "expire"])
def test_control_wagtails_own_scheduler_stops_at_a_story(stories, what):
    from wagtail.management.commands.publish_scheduled import Command

    yesterday = timezone.now() - datetime.timedelta(days=1)
    if what == "go live":
        stories.at_neutral().source_page().revisions.update(approved_go_live_at=yesterday)
    else:
        case = stories.published()
        CaseStoryPage.objects.filter(case=case).update(expire_at=yesterday)
    with pytest.raises(TransitionRefused), transaction.atomic():
        call_command(Command())


def test_the_scheduler_is_ours():
    assert get_commands()["publish_scheduled"] == "gkc_site"


def test_a_dry_run_says_what_is_due_and_changes_nothing(ordinary):
    ordinary.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(days=1))
    said = io.StringIO()
    call_command("publish_scheduled", "--dryrun", stdout=said)
    assert said.getvalue() == "Publish: Ordinary\n"
    ordinary.refresh_from_db()
    assert not ordinary.live


def test_the_scheduler_takes_an_expired_ordinary_page_off(ordinary):
    ordinary.get_latest_revision().publish()
    HomePage.objects.filter(pk=ordinary.pk).update(
        expire_at=timezone.now() - datetime.timedelta(days=1)
    )
    call_command("publish_scheduled", stdout=io.StringIO())
    ordinary.refresh_from_db()
    assert (ordinary.live, ordinary.expired) == (False, True)


def test_control_the_scheduler_publishes_an_ordinary_page(ordinary):
    ordinary.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(days=1))
    call_command("publish_scheduled", stdout=io.StringIO())
    ordinary.refresh_from_db()
    assert ordinary.live


def test_localize_neither_copies_a_live_story_nor_makes_an_alias(client, root, stories):
    case = stories.at_neutral()
    page = case.source_page()
    before = standing(case)
    german = Locale.objects.get(language_code="de")
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    client.post(address, {"locales": [german.pk]})
    assert not CaseStoryPage.objects.filter(live=True).exists()
    assert not Page.objects.filter(alias_of__isnull=False).exists()
    assert standing(case)[:4] == before[:4]
