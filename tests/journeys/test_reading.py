"""Marks, local notes and terms in a real browser, in English, Arabic and Japanese."""

import types

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect
from pytest_bdd import given, parsers, scenarios, then, when

from network.models import User
from review.models import Flag
from silver_book.paragraphs import anchor
from silver_book.tasks import count_terms
from silver_book.transitions import publish_text
from tests.factories import make_user
from tests.journeys.pages import fits, look
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)
from tests.silver_book.local import make_place
from tests.silver_book.test_importing import ids, section
from touchpoints.sending import send_due

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
scenarios("reading.feature")

SECTION = "/silver-book/way/words/go-and-see/"
REASON = {"en": "The door is on the left.", "ar": "الباب على اليسار.", "ja": "扉は左にある。"}
NOTE = {"en": "We count on paper.", "ar": "نعد على الورق."}
TERM = {"en": ("hansei", "They do hansei."), "ja": ("kaizen", "ここで改善を行う。")}


@pytest.fixture
def road(device, sign_in, live_server):
    """What the steps hand on; `road.open(person, path)` is a page of that person's browser."""
    tabs = {}
    road = types.SimpleNamespace(language="en")

    def go(user, path):
        key = user.pk if user else None
        if key not in tabs:
            tabs[key] = device(locale=road.language).new_page()
            if user:
                sign_in(tabs[key], user, road.language)
        page = tabs[key]
        page.goto(f"{live_server.url}{path}")
        look(page, road.language)
        fits(page)
        return page

    road.open = go
    road.section = lambda user: go(user, f"/{road.language}{SECTION}")
    return road


def third(language: str) -> str:
    """The anchor of 'Watch the whole event …', the same paragraph in every language."""
    return anchor(ids(section())[2])


def publish_third(words: str, language: str = "en") -> None:
    page = section(language=language)
    data = [dict(block) for block in page.body.raw_data]
    number = next(n for n, block in enumerate(data) if anchor(block["id"]) == third(language))
    data[number]["value"] = words
    page.body = data
    page.save_revision()
    publish_text(page, by=User.objects.get(is_system=True))


@given("the book in English, Arabic and Japanese")
def _(road, take_in):  # noqa: F811
    take_in("en", "ar", "ja")


@given(parsers.parse("a reader of {language}"))
def _(road, language):
    road.language = language
    road.reader = make_user(interface_language=language)


@given(parsers.parse("a campaigner and a reader of a region, who read {language}"))
def _(road, language):
    road.language = language
    road.place = make_place("here")
    road.elsewhere = make_place("there").reader
    for person in (road.place.campaigner, road.place.reader, road.elsewhere):
        person.interface_language = language
        person.save()


# --- stop the line ----------------------------------------------------------------------
@when("the reader opens a section")
def _(road):
    road.page = road.section(road.reader)


@when("marks a defect at its third paragraph")
def _(road):
    place = road.page.locator(f"[id='{third(road.language)}']")
    place.locator(".para__no").click()
    place.locator(".para__flag").click()
    road.page.wait_for_url("**/raise/**")
    look(road.page, road.language)
    fits(road.page)
    road.page.fill("[name=reason]", REASON[road.language])
    road.page.locator("main form button").click()
    road.page.wait_for_url(f"**{SECTION}#p-*")


@then("the mark stands at that paragraph")
def _(road):
    place = road.page.locator(f"[id='{third(road.language)}']")
    expect(place.locator(".flagmark")).to_contain_text(REASON[road.language])
    look(road.page, road.language)


@when("an editor answers that the text stands")
def _(road):
    road.editor = make_user("editor", interface_language=road.language)
    page = road.open(road.editor, f"/{road.language}/desk/")
    with translation.override(road.language):
        address = reverse("flag", args=[Flag.objects.get().pk])
    page.locator(f"main a[href='{address}']").first.click()
    page.wait_for_url(f"**{address}")
    look(page, road.language)
    fits(page)
    page.check("[name=outcome][value=stands]")
    page.fill("[name=answer]", "It was on the right.")
    page.locator("main form button").click()
    expect(page.locator("#answer-head")).to_be_visible()
    look(page, road.language)


@then("the mark is gone")
def _(road):
    page = road.section(road.reader)
    expect(page.locator(".flagmark")).to_have_count(0)


@then("the answer lies in the reader's mail")
def _(road, mailoutbox):
    send_due()
    [mail] = [mail for mail in mailoutbox if mail.to == [road.reader.email]]
    assert "It was on the right." in mail.body


# --- the local edition --------------------------------------------------------------------
@when("the campaigner adds a local note to the third paragraph")
def _(road):
    page = road.section(road.place.campaigner)
    place = page.locator(f"[id='{third(road.language)}']")
    place.locator(".para__no").click()
    place.locator(".para__local").click()
    page.wait_for_url("**/write/**")
    look(page, road.language)
    fits(page)
    page.fill("[name=text]", NOTE[road.language])
    page.locator("main form button").click()
    page.wait_for_url(f"**{SECTION}**")


@then("the reader finds it beside the standard")
def _(road):
    page = road.section(road.place.reader)
    place = page.locator(f"[id='{third(road.language)}']")
    expect(place.locator("> p").first).to_be_visible()
    note = place.locator(".local > div")
    expect(note).to_have_text(NOTE[road.language])
    assert note.get_attribute("dir") == ("rtl" if road.language == "ar" else "ltr")


@then("a reader of another region looks at it by choice")
def _(road):
    page = road.section(road.elsewhere)
    expect(page.locator(".local")).to_have_count(0)
    page.locator("details:has(a[href='?local=region-here']) summary").click()
    page.locator("a[href='?local=region-here']").click()
    page.wait_for_url("**?local=region-here")
    expect(page.locator(".local > div")).to_have_text(NOTE[road.language])
    look(page, road.language)


@then("a visitor does not find it")
def _(road):
    page = road.open(None, f"/{road.language}{SECTION}?local=region-here")
    expect(page.locator(".local")).to_have_count(0)


@when("the meaning of the standard changes")
def _():
    publish_third("Watch half of the event.")


@then("the note is marked, and waits for its campaigner")
def _(road):
    page = road.section(road.place.reader)
    expect(page.locator(".local .para__state")).to_have_count(1)
    page = road.open(road.place.campaigner, f"/{road.language}/desk/")
    page.locator("main .task a[href*='/local-edition/text/']").first.click()
    page.wait_for_url("**/local-edition/text/**")
    look(page, road.language)
    fits(page)
    expect(page.locator("ins").first).to_be_visible()
    road.page = page


@when("the campaigner says that it is still right")
def _(road):
    road.page.locator("button[value=confirm]").click()
    expect(road.page.locator("button[value=confirm]")).to_have_count(0)


@then("the note is no longer marked")
def _(road):
    page = road.section(road.place.reader)
    expect(page.locator(".local")).to_have_count(1)
    expect(page.locator(".local .para__state")).to_have_count(0)


# --- terms ----------------------------------------------------------------------------------
@when("a paragraph uses a term")
def _(road):
    publish_third(TERM[road.language][1], road.language)
    count_terms()


@when("the reader presses its button by keyboard")
def _(road):
    road.page = road.section(road.reader)
    button = road.page.locator(f"[popovertarget='term-{TERM[road.language][0]}']")
    button.focus()
    road.page.keyboard.press("Enter")


@then("its meaning opens in place")
def _(road):
    note = road.page.locator(f"#term-{TERM[road.language][0]}")
    expect(note).to_be_visible()
    look(road.page, road.language)
    fits(road.page)
    road.page.keyboard.press("Escape")
    expect(note).to_be_hidden()


@then("leads to the glossary")
def _(road):
    key = TERM[road.language][0]
    road.page.locator(f"[popovertarget='term-{key}']").click()
    road.page.locator(f"#term-{key} a").click()
    road.page.wait_for_url(f"**/{road.language}/glossary/{key}/")
    look(road.page, road.language)
    fits(road.page)
    expect(road.page.locator(".bookrows li")).not_to_have_count(0)
    road.open(road.reader, f"/{road.language}/glossary/")
