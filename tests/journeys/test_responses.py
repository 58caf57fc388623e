"""Twelve answers on a phone: at most forty taps, at the desk and by the mail's link."""

import datetime

import pytest
from playwright.sync_api import expect

from bulletins.models import Response
from bulletins.response_links import link_token
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case, make_issue
from tests.journeys.pages import accessible, fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# A day's mixture: every choice, two of each.
ANSWERS = ["adopting", "adopted", "adapted", "already", "on_hold", "not_for_us"] * 2
TAPS = 40


class Thumb:
    """Taps on a page and counts them."""

    def __init__(self, page):
        self.page = page
        self.taps = 0

    def tap(self, place) -> None:
        place.tap()
        self.taps += 1

    def choose(self, place, value: str) -> None:
        """A native list takes two taps: one opens it, one chooses."""
        place.select_option(value)
        self.taps += 2


@pytest.fixture
def firm(transactional_db):
    return make_distributor()


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm, first_name="Omar", last_name="Saleh")


@pytest.fixture
def issue(firm):
    cases = tuple(make_case(published=True, title=f"Story number {n}") for n in range(12))
    return make_issue(datetime.date(2026, 10, 1), cases=cases, released=True)


def answer_all(thumb, page) -> None:
    """Answer every row, each with what its choice needs."""
    rows = page.locator("section.rowitem")
    expect(rows).to_have_count(12)
    for place, choice in enumerate(ANSWERS):
        row = rows.nth(place)
        thumb.tap(row.locator(f"input[value={choice}]"))
        if choice == "adapted":
            thumb.tap(row.locator("textarea"))  # opens the keyboard
            page.keyboard.type("Two looks a day")
        elif choice == "not_for_us":
            thumb.choose(row.locator("select"), "no_need")


def answered() -> list[str]:
    found = Response.objects.order_by("case__in_issue__sort_order")
    return list(found.values_list("choice", flat=True))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_twelve_answers_at_the_desk(device, sign_in, live_server, manager, issue, language):
    page = device(**PHONE).new_page()
    sign_in(page, manager)
    page.goto(f"{live_server.url}/{language}/desk/responses/")
    accessible(page)
    fits(page)
    # What a choice does not take is out of sight.
    first = page.locator("section.rowitem").first
    expect(first.locator("textarea")).to_be_hidden()
    thumb = Thumb(page)
    answer_all(thumb, page)
    accessible(page)
    fits(page)
    thumb.tap(page.locator("button[name=save]"))
    expect(page.locator("section.rowitem")).to_have_count(0)
    assert answered() == ANSWERS
    assert thumb.taps <= TAPS


def test_twelve_answers_by_the_link_without_signing_in(device, live_server, firm, manager, issue):
    page = device(**PHONE).new_page()
    token = link_token(firm.pk, issue.pk, manager.pk)
    page.goto(f"{live_server.url}/en/respond/{token}/")
    accessible(page)
    fits(page)
    assert answered() == []
    thumb = Thumb(page)
    answer_all(thumb, page)
    thumb.tap(page.locator("input[value=contact]"))
    thumb.tap(page.locator("main form button.btn").last)
    expect(page.get_by_text("All stories of this bulletin are answered")).to_be_visible()
    assert answered() == ANSWERS
    assert thumb.taps <= TAPS
