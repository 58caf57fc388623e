"""Opening a story to everyone (R7): the distributor agrees to a text, an editor clears it."""

import pytest
from django.urls import reverse

from bulletins.desk import clearance_items
from bulletins.exceptions import TransitionRefused
from bulletins.guard import inside_transition
from bulletins.models import Audience, Stage
from bulletins.transitions import clear_public, consent_public
from bulletins.transitions.publishing import go_live
from network.tree import tree_change
from tests.factories.network import make_user
from tests.factories.stories import make_case
from touchpoints.models import Mailing

pytestmark = pytest.mark.django_db


def go_on(case):
    """Another revision of the page is the live one."""
    page = case.source_page()
    revision = page.save_revision()
    type(page).objects.filter(pk=page.pk).update(live_revision=revision)


@pytest.fixture
def case():
    """A published story with a revision."""
    case = make_case(published=True, title="Before noon")
    go_on(case)
    return case


@pytest.fixture
def manager(case):
    return make_user("manager", distributor=case.distributor)


@pytest.fixture
def editor():
    return make_user("editor")


def press(client, case, action, **given):
    return client.post(reverse("review_case", args=[case.number]), {"action": action, **given})


def test_an_editor_opens_it_at_the_desk_after_the_consent(client, case, manager, editor):
    client.force_login(editor)
    assert press(client, case, "clear_public").status_code == 409
    assert list(clearance_items(editor)) == []
    consent_public(case, by=manager)
    assert [(i.title, i.url) for i in clearance_items(editor)] == [
        ("Before noon", reverse("review_case", args=[case.number]))
    ]
    assert Mailing.objects.filter(kind="bulletins.clearance_asked").count() == 1
    assert press(client, case, "clear_public").status_code == 302
    case.refresh_from_db()
    assert (case.audience, case.cleared_by) == (Audience.PUBLIC, editor)
    assert case.events.last().verb == "clear_public"
    assert list(clearance_items(editor)) == []
    assert press(client, case, "clear_public").status_code == 409
    client.logout()
    assert client.get(case.source_page().url).status_code == 200


def test_nobody_but_an_editor_sees_what_waits_for_clearance(case, manager):
    consent_public(case, by=manager)
    for person in (manager, case.author, make_user("lead"), make_user("administrator")):
        assert list(clearance_items(person)) == []


def test_another_text_takes_consent_and_clearance_back(client, case, manager, editor):
    consent_public(case, by=manager)
    client.force_login(editor)
    press(client, case, "clear_public")
    case.refresh_from_db()
    page = case.source_page()
    page.title = "After noon"
    with tree_change(), inside_transition():
        go_live(case, page, page.save_revision(), by=editor)
        case.save()
    case.refresh_from_db()
    assert (case.audience, case.cleared_at, case.consent_by) == (Audience.NETWORK, None, None)
    client.logout()
    assert client.get(case.source_page().url).status_code != 200


def test_consent_to_an_older_text_opens_nothing(client, case, manager, editor):
    consent_public(case, by=manager)
    go_on(case)
    client.force_login(editor)
    assert press(client, case, "clear_public").status_code == 409
    case.refresh_from_db()
    assert case.audience == Audience.NETWORK


def test_an_editor_archives_with_a_reason(client, case, editor):
    client.force_login(editor)
    assert press(client, case, "archive").status_code == 409
    assert press(client, case, "archive", reason="The shop closed.").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.is_published) == (Stage.ARCHIVED, False)
    assert case.events.last().reason == "The shop closed."


def test_others_at_the_desk_neither_open_nor_archive(client, case, manager):
    consent_public(case, by=manager)
    lead = make_user("lead", review_area=case.review_area)
    client.force_login(lead)
    for action in ("clear_public", "archive"):
        assert press(client, case, action, reason="x").status_code == 409
    case.refresh_from_db()
    assert (case.stage, case.audience) == (Stage.PUBLISHED, Audience.NETWORK)


def test_a_draft_cannot_be_opened(editor):
    with pytest.raises(TransitionRefused):
        clear_public(make_case(), by=editor)
