"""The buttons of Wagtail's workflow call the transitions; what they refuse is said in words."""

import pytest
from django.core import mail
from django.urls import reverse

from bulletins.transitions import decide_case
from review.transitions import write_note
from tests.bulletins.ways_around import pages_url, standing, workflow
from tests.factories.network import make_membership
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def test_the_admins_buttons_call_the_transitions(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    page = case.source_page()
    assert client.get(workflow(page, "reject")).status_code == 200
    client.post(workflow(page, "reject"), {"comment": "Shorten part 5, please."})
    case.refresh_from_db()
    assert (case.stage, case.events.last().reason) == (
        "changes_requested",
        "Shorten part 5, please.",
    )


def test_the_admins_approve_publishes_what_was_approved(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "approve"))
    case.refresh_from_db()
    assert (case.stage, case.source_page().live) == ("published", True)


def test_the_admin_declines(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "decline"), {"comment": "Told already."})
    case.refresh_from_db()
    assert case.stage == "declined"


@pytest.mark.parametrize("ajax", [False, True])
def test_a_refusal_is_a_sentence_not_an_error_page(client, stories, ajax):
    case = stories.at_editing()
    client.force_login(case.holder)
    page = case.source_page()
    before = standing(case)
    headers = {"X-Requested-With": "XMLHttpRequest"} if ajax else {}
    answer = client.post(workflow(page, "reject"), {"comment": " "}, headers=headers)
    assert answer.status_code == (200 if ajax else 302)
    seen = client.get(reverse("wagtailadmin_home"))
    assert "Say why: the author reads your reason." in seen.content.decode()
    assert standing(case) == before


def test_an_editor_of_the_authors_firm_is_told_why(client, stories):
    case = stories.at_editing()
    editor = case.holder
    make_membership(editor, case.distributor)
    client.force_login(editor)
    before = standing(case)
    client.post(workflow(case.source_page(), "approve"))
    seen = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Nobody approves a story of their own distributor." in seen
    assert standing(case) == before


def test_the_editor_page_is_open_to_its_holder_and_shows_the_notes(client, stories):
    case = stories.at_editing()
    editor = case.holder
    write_note(case, by=editor, text="Check the second figure.", anchor="summary")
    other = next(e for e in stories.net["editors"] if e != editor)
    client.force_login(editor)
    html = client.get(pages_url("edit", case.source_page().pk)).content.decode()
    assert "Check the second figure." in html
    assert 'name="comments-TOTAL_FORMS"' not in html
    assert "go_live_at" not in html
    client.force_login(other)
    html = client.get(pages_url("edit", case.source_page().pk)).content.decode()
    assert "action-publish" not in html
    assert "Check the second figure." not in html


def test_wagtail_writes_no_mail(client, stories, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "reject"), {"comment": "Shorter."})
    again = stories.at_editing()
    decide_case(again, decision="approve", by=again.holder)
    assert mail.outbox == []
