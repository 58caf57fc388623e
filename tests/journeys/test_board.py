"""A lead goes over the board by keyboard alone, in both directions of writing."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.network import make_area, make_country, make_distributor, make_user
from tests.factories.stories import make_case
from tests.journeys.pages import fits, look

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
STANDING = {"area_review": 3, "editing": 1, "ready": 2}  # the stages between are empty


@pytest.fixture
def lead(transactional_db):
    area = make_area(name="Gulf")
    firm = make_distributor(country=make_country(area=area))
    for stage, count in STANDING.items():
        for n in range(count):
            make_case(firm, stage=stage, title=f"{stage} {n}")
    return make_user("lead", review_area=area)


def focused(page) -> str:
    return page.evaluate("document.activeElement.querySelector('b')?.textContent ?? ''")


def press(page, *keys: str) -> str:
    """The title of the card that has the keyboard afterwards."""
    for key in keys:
        page.keyboard.press(key)
    return focused(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_board_by_keyboard(device, sign_in, live_server, lead, language):
    ahead, back = ("ArrowLeft", "ArrowRight") if language == "ar" else ("ArrowRight", "ArrowLeft")
    page = device(viewport={"width": 1280, "height": 900}, locale=language).new_page()
    sign_in(page, lead, language)
    page.goto(f"{live_server.url}/{language}/desk/board/")
    look(page, language)
    fits(page)
    page.locator("[name=late]").focus()
    page.keyboard.press("Tab")  # the filter's button
    assert press(page, "Tab") == "area_review 0"  # the first card; the others wait for arrows
    assert press(page, "ArrowDown", "ArrowDown") == "area_review 2"
    assert press(page, "ArrowDown") == "area_review 2"  # the end of the stage
    assert press(page, ahead) == "editing 0"  # over an empty stage, as far down as there is
    assert press(page, ahead) == "ready 0"
    assert press(page, "End") == "ready 1"
    assert press(page, ahead) == "ready 1"
    assert press(page, back, back, "Home") == "area_review 0"
    assert press(page, "ArrowDown", "Shift+Tab", "Tab") == "area_review 1"  # kept for coming back
    look(page, language)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/review/\d{4}-\d+/"))
    expect(page.locator("main")).to_contain_text("area_review 1")


def test_the_board_on_a_small_screen_and_without_script(device, sign_in, live_server, lead):
    page = device(viewport={"width": 320, "height": 640}).new_page()
    sign_in(page, lead)
    for address in ("desk/", "desk/board/", "desk/board/?stage=ready", "desk/coaching/"):
        page.goto(f"{live_server.url}/en/{address}")
        look(page, "en")
        fits(page)
    plain = device(java_script_enabled=False, storage_state=page.context.storage_state()).new_page()
    plain.goto(f"{live_server.url}/en/desk/board/")
    cards = plain.locator("[data-card]")
    expect(cards).to_have_count(sum(STANDING.values()))
    assert plain.locator("[data-card][tabindex]").count() == 0
    cards.last.click()
    expect(plain.locator("main")).to_contain_text("ready 1")
