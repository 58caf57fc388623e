"""Searching in the browser: as one types, without script, by keyboard, on a small screen."""

import re

import pytest
from playwright.sync_api import expect

from search.api import mark_changed
from tests.factories import make_case, make_story_page
from tests.journeys.pages import accessible, fits, look

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def publish(title: str, language: str = "en", **fields):
    case = make_case(language=language, title=title, published=True, audience="public", **fields)
    mark_changed(case)
    return case


@pytest.fixture
def stories(transactional_db):
    """Twelve about a warehouse, one of them also in Persian and Arabic; one about trays."""
    cases = [
        publish(f"Warehouse number {n}", process_steps=["own" if n % 2 else "buy"])
        for n in range(12)
    ]
    for language, title in (("fa", "انبار شماره صفر"), ("ar", "المستودع رقم صفر")):
        make_story_page(cases[0], language, title, live=True)
    mark_changed(cases[0])
    publish("The tray that is empty")
    return cases


@pytest.fixture
def opened(device, live_server, stories):
    """opened('/en/search/', …) → a page of a new browser."""

    def at(address: str, **options):
        page = device(**options).new_page()
        page.goto(live_server.url + address)
        return page

    return at


def test_results_come_as_one_types_and_the_address_follows(opened):
    page = opened("/en/search/")
    depth = page.evaluate("history.length")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("wareh", delay=30)
    expect(page.locator(".hit").first).to_be_visible()
    field.press_sequentially("ouse", delay=30)
    expect(page).to_have_url(re.compile(r"/en/search/\?q=warehouse$"))
    expect(page.locator("#found .hit mark").first).to_have_text("Warehouse")
    # Said to those who hear the page; the keyboard stays where it was.
    expect(page.get_by_role("status")).to_contain_text("12 results")
    expect(field).to_be_focused()
    # One entry of the history, however many keys were struck.
    assert page.evaluate("history.length") == depth
    expect(page).to_have_title(re.compile("^Search: warehouse"))
    french = page.locator('.langs__panel a[hreflang="fr"]')
    assert french.get_attribute("href").endswith("/fr/search/?q=warehouse")
    page.keyboard.press("Escape")
    accessible(page)
    # What stands in the address is the whole state.
    page.reload()
    expect(page.locator("#found .hit")).to_have_count(10)
    expect(field).to_have_value("warehouse")


def test_an_older_question_is_cancelled(opened):
    page = opened("/en/search/")
    asked, answered = [], []
    page.on("request", lambda r: asked.append(r.url) if "/search/?" in r.url else None)
    page.on("requestfinished", lambda r: answered.append(r.url) if "/search/?" in r.url else None)

    def hold(route):
        if "q=tray" in route.request.url:
            route.continue_()
        # The others are never answered.

    page.route(re.compile(r"/search/\?"), hold)
    field = page.locator("#qq")
    with page.expect_request(re.compile(r"/search/\?q=warehouse")):
        field.fill("warehouse")
    with page.expect_response(re.compile(r"/search/\?q=tray")):
        field.fill("tray")
    expect(page.get_by_role("status")).to_contain_text("1 result")
    assert [re.search(r"q=(\w*)", url).group(1) for url in asked] == ["warehouse", "tray"]
    assert all("q=tray" in url for url in answered)


def test_facets_narrow_and_back_widens(opened):
    page = opened("/en/search/?q=warehouse")
    box = page.locator("#f-process-own")
    box.check()
    expect(page).to_have_url(re.compile(r"q=warehouse&process=own"))
    expect(page.get_by_role("status")).to_contain_text("6 results")
    expect(page.locator("#f-process-own")).to_be_focused()
    # Its own counts stay; a second value widens.
    expect(page.locator("label", has=page.locator("#f-process-buy"))).to_contain_text("6")
    page.locator("#f-process-buy").check()
    expect(page.get_by_role("status")).to_contain_text("12 results")
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("6 results")
    # Nothing of it is left for the next person at this browser, and the field still completes.
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Warehouse" not in kept
    expect(page.get_by_role("combobox", name="Search")).to_have_attribute("aria-expanded", "false")
    accessible(page)


def test_completion_by_keyboard(opened, stories):
    page = opened("/en/search/")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("ware")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert options.count() <= 8
    accessible(page)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("ware")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("house number 11")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + stories[11].source_page().url)


def test_it_works_without_script(opened):
    page = opened("/en/search/", java_script_enabled=False)
    page.locator("#qq").fill("warehouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("12 results")
    page.get_by_role("link", name="Page 2").click()
    expect(page).to_have_url(re.compile(r"q=warehouse&page=2$"))
    expect(page.locator("#found .hit")).to_have_count(2)
    page.locator("#f-process-own").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("status")).to_contain_text("6 results")
    page.locator("#reading summary").click()
    page.get_by_label("فارسی").check()
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"q=warehouse&process=own$"))
    expect(page.locator("#reading summary")).to_contain_text("فارسی")


@pytest.mark.parametrize(("language", "word"), [("en", "warehouse"), ("ar", "المستودع")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_screen_reaches_everything(opened, language, word, scheme):
    page = opened(
        f"/{language}/search/?q={word}",
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,
        locale=language,
    )
    look(page, language)
    fits(page)
    if language == "en":
        page.get_by_role("link", name="Narrow the results").click()
        expect(page.locator("#facets")).to_be_in_viewport()
    page.locator("#reading summary").click()
    fits(page)
    accessible(page)
    page.goto(page.url.split("?")[0] + "?q=-")
    fits(page)
    accessible(page)


def test_a_foreign_hit_keeps_its_direction(opened):
    page = opened("/fa/search/?q=tray")
    link = page.locator("#found .hit h3 a").first
    expect(link).to_have_attribute("lang", "en")
    expect(link).to_have_attribute("dir", "ltr")
    look(page, "fa")
    fits(page)


def test_trouble_is_said(opened):
    page = opened("/en/search/")
    page.route(re.compile(r"/search/\?"), lambda route: route.abort())
    page.locator("#qq").press_sequentially("ware")
    expect(page.get_by_role("status")).to_have_text(
        "The results could not be loaded. Press Enter to try again."
    )
