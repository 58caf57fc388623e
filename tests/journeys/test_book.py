"""The book is read in English, Arabic and Japanese: by keyboard, on a phone, without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_user
from tests.journeys.pages import accessible, fits, look
from tests.journeys.test_reach import skip_to_main, walk
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)
from tests.silver_book.test_importing import change

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
SECTION = "/silver-book/way/words/go-and-see/"
TITLES = {"en": "Go and see", "ar": "اذهب وانظر", "ja": "現地現物"}


@pytest.fixture
def book(transactional_db, take_in):  # noqa: F811
    """The small book in three languages."""
    take_in("en", "ar", "ja")


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_book_is_read_from_cover_to_section(device, live_server, book, language, width):
    page = device(viewport={"width": width, "height": 800}, locale=language).new_page()
    page.goto(f"{live_server.url}/{language}/silver-book/")
    look(page, language)
    fits(page)
    page.get_by_role("link", name=re.compile(TITLES[language])).first.click()
    page.wait_for_url(f"**/{language}{SECTION}")
    expect(page.locator("h1")).to_have_text(TITLES[language])
    look(page, language)
    fits(page)
    page.locator(".pager a[rel=next]").click()
    page.wait_for_url(f"**/{language}/silver-book/way/words/ask-why/")
    page.locator(".folio a").nth(1).click()
    page.wait_for_url(f"**/{language}/silver-book/way/")
    look(page, language)
    fits(page)
    page.goto(f"{live_server.url}/{language}/practices/")
    look(page, language)
    fits(page)


def test_a_paragraph_is_pointed_at_without_script(device, live_server, book):
    page = device(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en{SECTION}")
    page.locator(".para__no").nth(1).click()
    place = page.url.partition("#")[2]
    expect(page.locator(f"[id='{place}']")).to_be_in_viewport()
    expect(page.locator(f"[id='{place}']")).to_contain_text("Watch the whole event")


def test_the_section_is_read_by_keyboard(device, live_server, book):
    page = device().new_page()
    page.goto(f"{live_server.url}/en{SECTION}")
    skip_to_main(page)
    walk(page, {"name": "Next sectionAsk why"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask-why/")


def test_arabic_paragraphs_that_are_behind_say_so(device, live_server, book, folder, take_in):  # noqa: F811
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    take_in("en")
    page = device(locale="ar").new_page()
    page.goto(f"{live_server.url}/ar{SECTION}")
    expect(page.locator(".para__state")).to_have_count(1)
    accessible(page)
    page.locator(".para__state a").click()
    page.wait_for_url(re.compile(f"/en{SECTION}#p-"))
    expect(page.locator(".para:target")).to_contain_text("Watch all of the event")


def test_a_member_goes_on_where_they_left_off(device, sign_in, live_server, book):
    page = device().new_page()
    sign_in(page, make_user())
    page.goto(f"{live_server.url}/en{SECTION}")
    page.goto(f"{live_server.url}/en/")
    accessible(page)
    page.locator(".homebook .task a").click()
    page.wait_for_url(f"**/en{SECTION}")


@pytest.mark.parametrize("width", [320, 1280])
def test_two_languages_are_read_side_by_side(device, live_server, book, width):
    page = device(viewport={"width": width, "height": 800}, java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en{SECTION}")
    page.locator(".beside summary").click()
    page.locator(".beside a[href='?beside=ar']").click()
    page.wait_for_url("**?beside=ar")
    row = page.locator(".twocol", has_text="Watch the whole event").locator("> div")
    english, arabic = row.nth(0).bounding_box(), row.nth(1).bounding_box()
    if width == 320:
        assert arabic["y"] >= english["y"] + english["height"]
    else:
        assert arabic["y"] == english["y"]
        assert arabic["x"] >= english["x"] + english["width"]
    expect(row.nth(1)).to_have_css("direction", "rtl")
    fits(page)
