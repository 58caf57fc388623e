"""Every page is reached by keyboard, on a small screen, and without script where one reads."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from bulletins.transitions import (
    add_story,
    decide_case,
    make_ready,
    plan_issue,
    release_issue,
    schedule_issue,
    start_case,
    submit_case,
)
from tests.factories import make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network, write_story
from tests.journeys.pages import accessible, fits

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
LANGUAGES = ["en", "ar"]


class World:
    """A released issue with one story, a draft, and a story that waits for its reviewer."""

    def __init__(self):
        self.editor = make_reviewing_network()["editors"][0]
        self.author, firm = make_author("KE")
        self.member = make_user("manager", distributor=firm)
        self.draft = start_case(by=self.author, distributor=firm, language="en")
        self.waiting = self._submitted(firm)
        self.told = self._submitted(firm)
        for _step in ("area", "neutral"):
            decide_case(self.told, decision="approve", by=self.told.holder)
        make_ready(self.told, by=self.told.holder)
        issue = plan_issue(
            by=self.editor, month=datetime.date(2026, 12, 1), title="Look before it is late"
        )
        add_story(issue, self.told, by=self.editor)
        schedule_issue(
            issue, by=self.editor, release_at=timezone.now() + datetime.timedelta(minutes=5)
        )
        release_issue(issue, by=self.editor)

    def _submitted(self, firm):
        case = start_case(by=self.author, distributor=firm, language="en")
        write_story(case)
        submit_case(case, by=self.author, people_agreed=True, no_customer_data=True)
        return case

    def addresses(self, language: str) -> dict[str, str]:
        """Name → path, of what a member reads."""
        story = self.told.source_page().get_url().replace("/en/", f"/{language}/", 1)
        return {
            "home": f"/{language}/",
            "story": story,
            "issue": f"/{language}/bulletins/2026/12/",
            "search": f"/{language}/search/?q=noon",
        }


@pytest.fixture
def world(transactional_db):
    return World()


def part_address(case, part: str, language: str) -> str:
    with translation.override(language):
        return reverse("share_part", args=[case.number, part])


def review_address(case, language: str) -> str:
    with translation.override(language):
        return reverse("review_case", args=[case.number])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_screen_scrolls_one_way_only(device, sign_in, live_server, world, language):
    """320 px wide (WCAG 1.4.10), each page for somebody who works on it."""
    size = {"width": 320, "height": 640}

    def look(user, *addresses):
        page = device(viewport=size, locale=language).new_page()
        sign_in(page, user, language)
        for address in addresses:
            page.goto(live_server.url + address)
            fits(page)
            accessible(page)

    look(
        world.author,
        *world.addresses(language).values(),
        f"/{language}/desk/",
        part_address(world.draft, "did", language),
        part_address(world.draft, "happened", language),
        part_address(world.draft, "check", language),
    )
    look(
        world.waiting.holder,
        f"/{language}/desk/",
        f"/{language}/desk/review/",
        review_address(world.waiting, language),
    )
    look(world.editor, f"/{language}/desk/issues/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_reading_needs_no_script(device, live_server, world, language):
    page = device(java_script_enabled=False, locale=language).new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/{language}/")
    page.fill("[name=login]", world.member.email)
    page.fill("[name=password]", "correct horse battery staple")
    page.click("form[action*=login] button[type=submit]")
    page.wait_for_url(f"**/{language}/")
    for name, address in world.addresses(language).items():
        page.goto(live_server.url + address)
        expect(page.locator("main")).to_contain_text("First reply before noon")
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        if name == "search":
            expect(page.locator(".hit mark").first).to_have_text("noon")
            page.locator("#qq").fill("mailboxes")
            page.locator("#search button[type=submit]").first.click()
            expect(page).to_have_url(f"{live_server.url}/{language}/search/?q=mailboxes")
            expect(page.locator(".hit").first).to_be_visible()


FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const marked = [at, at.nextElementSibling, at.parentElement].filter(Boolean).some((e) => {
    const style = getComputedStyle(e);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  });
  return {
    tag: at.tagName,
    name: at.getAttribute("name") || at.id || at.textContent.trim().slice(0, 40),
    value: at.getAttribute("value"),
    marked,
    seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def walk(page, last: dict, most: int = 150) -> list[dict]:
    """Press Tab until the control with `last` has the keyboard; each stop must be seen."""
    passed = []
    for _step in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert at["marked"], f"no focus to be seen on {at}"
        assert at["seen"], f"the keyboard is out of sight at {at}"
        passed.append(at)
        if all(at[key] == value for key, value in last.items()):
            return passed
    raise AssertionError(f"{last} is not reached: {[at['name'] for at in passed]}")


def skip_to_main(page) -> None:
    """The first Tab shows the skip link; Enter goes to the content."""
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_part_is_written_by_keyboard_alone(device, sign_in, live_server, world):
    page = device().new_page()
    sign_in(page, world.author)
    page.goto(live_server.url + part_address(world.draft, "title", "en"))
    skip_to_main(page)
    walk(page, {"name": "title"})
    page.keyboard.type("Typed without a mouse")
    walk(page, {"name": "summary"})
    page.keyboard.type("Each control in its turn.")
    walk(page, {"name": "next", "tag": "BUTTON"})
    page.keyboard.press("Enter")
    page.wait_for_url("**/background/")
    page.goto(live_server.url + part_address(world.draft, "title", "en"))
    expect(page.locator("#title")).to_have_value("Typed without a mouse")


def test_a_story_is_returned_by_keyboard_alone(device, sign_in, live_server, world):
    page = device().new_page()
    sign_in(page, world.waiting.holder)
    page.goto(live_server.url + review_address(world.waiting, "en"))
    skip_to_main(page)
    walk(page, {"tag": "SUMMARY"})
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Since when?")
    walk(page, {"name": "reason"})
    page.keyboard.type("Say since when nobody owned them.")
    walk(page, {"name": "action", "value": "request_changes"})
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/review/(#main)?$"))
    world.waiting.refresh_from_db()
    assert world.waiting.stage == "changes_requested"
