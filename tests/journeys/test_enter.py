"""Enter in a field does what the button beside that field says, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bulletins.models import CoAuthorship, IssueProposal
from bulletins.transitions import invite_co_author
from tests.factories import make_case, make_user
from tests.factories.regional import make_proposal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def test_enter_declines_where_it_says_decline_and_accepts_where_it_says_write(
    device, live_server, sign_in
):
    """Once the first button of the whole page was meant: a word of thanks accepted."""
    declined, accepted = (make_case(number=f"2001-000{n}") for n in range(2))
    asked = [
        invite_co_author(
            case,
            person=make_user(distributor=case.distributor),
            by=case.author,
            words="You were there.",
        )
        for case in (declined, accepted)
    ]
    first = device(viewport={"width": 390, "height": 800}).new_page()
    sign_in(first, asked[0].user)
    first.goto(live_server.url + reverse("co_authorship", args=[asked[0].pk]))
    buttons = first.locator("main form").get_by_role("button")
    expect(buttons.first).to_have_text("Write along")
    first.locator("summary", has_text="Decline").press("Enter")
    expect(first.get_by_label("A word to the author")).to_be_visible()
    first.get_by_label("A word to the author").fill("Thank you, but I was away.")
    first.get_by_label("A word to the author").press("Enter")
    expect(first.get_by_text("Declined. The author is told.")).to_be_visible()
    row = CoAuthorship.objects.get(pk=asked[0].pk)
    assert (row.state, row.reason) == ("declined", "Thank you, but I was away.")
    assert not declined.co_authors.exists()

    second = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(second, asked[1].user)
    second.goto(live_server.url + reverse("co_authorship", args=[asked[1].pk]))
    second.get_by_role("button", name="Write along").press("Enter")
    expect(second.get_by_text("You write along from now on.")).to_be_visible()
    assert CoAuthorship.objects.get(pk=asked[1].pk).state == "accepted"
    assert list(accepted.co_authors.all()) == [asked[1].user]


def test_enter_beside_words_to_the_lead_takes_no_story(device, live_server, sign_in):
    """'Take it' stands above in a form of its own; the field's first button is 'Later'."""
    proposal = make_proposal(make_case(published=True))
    page = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, make_user("editor"))
    page.goto(live_server.url + reverse("issue_proposals"))
    words = page.get_by_label("Words to the lead campaigner; needed for a no")
    form = page.locator("form", has=words)
    expect(form.get_by_role("button").first).to_contain_text("Later")
    words.fill("In spring, with the others.")
    words.press("Enter")
    expect(page.get_by_text("Answered. The lead campaigner is told.")).to_be_visible()
    row = IssueProposal.objects.get(pk=proposal.pk)
    assert row.answer == "later"
    given = row.answers.get()
    assert (given.answer, given.reason) == ("later", "In spring, with the others.")
