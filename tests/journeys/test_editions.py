"""An edition is frozen at the desk and read: on a phone, by keyboard, without script."""

import re

import pytest
from playwright.sync_api import expect

from silver_book.models import Edition, EditionFile
from silver_book.transitions.freezing import freeze_edition
from tests.factories import make_case, make_user
from tests.journeys.pages import accessible, fits, look
from tests.journeys.test_reach import skip_to_main, walk
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)
from tests.silver_book.frozen_books import make_ready, system
from tests.silver_book.test_importing import change

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def editions(transactional_db, folder, take_in):  # noqa: F811
    """Two editions of the small book; the second changed a paragraph. One file is ready."""
    make_case(number="2026-0001", title="The lost key", published=True, audience="public")
    take_in("en", "ar", "ja")
    freeze_edition(by=system())
    change(folder, "en", "Watch the whole event", "Watch all of the event")
    take_in("en")
    freeze_edition(by=system())
    make_ready(EditionFile.objects.filter(edition=2, language="en", format="pdf").get())


@pytest.mark.parametrize("language", ["en", "ar", "ja"])
@pytest.mark.parametrize("width", [320, 1280])
def test_editions_are_read(device, live_server, editions, language, width):
    page = device(viewport={"width": width, "height": 800}, locale=language).new_page()
    for address in (
        "editions/",
        "editions/2/",
        "editions/1/",
        f"editions/2/{language}/",
        f"editions/2/{language}/sections/go-and-see/",
        f"editions/2/{language}/changes/",
        "section-changes/go-and-see/",
    ):
        page.goto(f"{live_server.url}/{language}/{address}")
        look(page, language)
        fits(page)
    # An edition's other language keeps its own direction, and the page its reader's.
    other = "ar" if language == "en" else "en"
    page.goto(f"{live_server.url}/{language}/editions/2/{other}/sections/go-and-see/")
    look(page, language)
    text = page.locator("article [lang]").first
    expect(text).to_have_attribute("dir", "rtl" if other == "ar" else "ltr")


def test_an_edition_is_read_by_keyboard(device, live_server, editions):
    page = device().new_page()
    page.goto(f"{live_server.url}/en/editions/")
    skip_to_main(page)
    walk(page, {"name": "Edition 2"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/editions/2/")
    skip_to_main(page)
    walk(page, {"name": "Read it in English"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/editions/2/en/")
    page.get_by_role("link", name="Go and see").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sections/go-and-see/")
    expect(page.locator(".prose")).to_contain_text("Watch all of the event")
    walk(page, {"name": "2026-0001 The lost key"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/stories/**")


def test_an_older_edition_says_so_without_script(device, live_server, editions):
    page = device(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/en/editions/1/en/sections/go-and-see/")
    expect(page.locator(".prose")).to_contain_text("Watch the whole event")
    page.get_by_role("link", name="Read what the section says today").click()
    expect(page.locator(".prose").last).to_contain_text("Watch all of the event")


def test_an_editor_freezes_by_keyboard(device, sign_in, live_server, editions, folder, take_in):  # noqa: F811
    change(folder, "en", "Watch all of the event", "Watch everything")
    take_in("en")
    page = device().new_page()
    sign_in(page, make_user("editor"))
    page.goto(f"{live_server.url}/en/desk/book/editions/")
    accessible(page)
    skip_to_main(page)
    walk(page, {"name": "Prepare the next edition"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/editions/new/")
    look(page, "en")
    skip_to_main(page)
    walk(page, {"name": "Freeze edition 3"})
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/book/editions/(#|$)"))
    accessible(page)
    assert Edition.objects.count() == 3
