"""The translators' desk in a real browser, with a person behind each step."""

import re
import shutil
import types

import pytest
from playwright.sync_api import expect
from pytest_bdd import given, scenarios, then, when

from silver_book.models import BookSectionPage
from silver_book.transitions import publish_text
from tests.factories import make_user
from tests.journeys.pages import fits, look
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
scenarios("translators_desk.feature")

SECTION = "/silver-book/way/words/go-and-see/"
TRANSLATED = ("ar", "es", "fa")
CHANGED = "Watch all of the event, above all its `end`, for 2 hours."
WORDS = {
    "ar": "راقب الحدث كله، ولا سيما `end`، ساعتين (2).",
    "es": "Observe todo el suceso, sobre todo su `end`, durante 2 horas.",
    "fa": "همهٔ رویداد را، به‌ویژه `end`، ۲ ساعت ببینید.",
}


@pytest.fixture
def book(transactional_db, folder, take_in, device, sign_in, live_server):  # noqa: F811
    """The small book, its people, and a browser for each of them."""
    for language in ("es", "fa"):
        shutil.copytree(folder / "ar", folder / language)
    take_in("en", "ja", "ar", "es", "fa")
    people = {
        (language, n): make_user("translator", language=language)
        for language in TRANSLATED
        for n in (1, 2)
    }
    people["editor"] = make_user("editor")
    tabs = {}

    def of(who):
        """The person's desk, as it is now."""
        if who not in tabs:
            tabs[who] = device().new_page()
            sign_in(tabs[who], people[who])
        tabs[who].goto(f"{live_server.url}/en/desk/")
        return tabs[who]

    return types.SimpleNamespace(people=people, desk=of)


@given("a book in English, Japanese, Arabic, Spanish and Persian")
def _a_book(book):
    assert BookSectionPage.objects.filter(key="go-and-see", live=True).count() == 5


def draft_of(editor):
    """The editor's draft of another meaning."""
    page = BookSectionPage.objects.get(key="go-and-see", locale__language_code="en")
    rows = page.body.get_prep_value()
    (row,) = [row for row in rows if str(row["value"]).startswith("Watch the whole event")]
    row["value"] = CHANGED
    page.body = page._meta.get_field("body").to_python(rows)
    return page, page.save_revision(user=editor)


@when("an editor changes the meaning of a paragraph in English and publishes it")
def _published(book):
    draft_of(book.people["editor"])
    page = book.desk("editor")
    page.locator("main a[href$='/desk/book/']").click()
    page.locator(".task a", has_text="Go and see").first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".alert").first).to_contain_text("Published.")


@given("an editor changed a paragraph in English")
def _changed(book):
    page, revision = draft_of(book.people["editor"])
    publish_text(page, by=book.people["editor"], seen_revision=revision.pk)


def marked(device, live_server, language):
    """Texts of the paragraphs that say to a visitor that their original changed."""
    page = device().new_page()
    page.goto(f"{live_server.url}/{language}{SECTION}")
    return page.locator(".para__state")


@then("exactly that paragraph says in Arabic, Spanish and Persian that its original changed")
@then("readers still see it marked, until it is read")
def _stale(device, live_server, book):
    for language in TRANSLATED:
        state = marked(device, live_server, language)
        expect(state).to_have_count(1)
        state.locator("a").click()
        state.page.wait_for_url(re.compile(f"/en{SECTION}#p-"))
        expect(state.page.locator(".para:target")).to_contain_text("Watch all of the event")
    expect(marked(device, live_server, "en")).to_have_count(0)


@then("exactly that paragraph is to be compared in Japanese")
def _to_compare(book):
    page = book.desk("editor")
    page.locator("main a[href$='/desk/book/']").click()
    pairs = page.locator("section", has=page.locator("#pairs")).locator(".task")
    expect(pairs).to_have_count(1)
    expect(pairs).to_contain_text("現地現物")


def open_text(book, who):
    """From 'Waiting for you' to the text."""
    page = book.desk(who)
    page.locator(".task", has_text="Original changed").get_by_role("link").last.click()
    page.wait_for_url("**/write/")
    return page


@when("a translator of each of the three languages translates it at the desk")
def _translated(book):
    for language in TRANSLATED:
        page = open_text(book, (language, 1))
        look(page, "en")
        now = page.locator(".pair[data-now]")
        expect(now.locator("ins").first).to_contain_text("all of")
        expect(now.locator("del").first).to_contain_text("whole")
        field = now.locator("[data-field]")
        field.fill("")
        field.press_sequentially(WORDS[language][:12])
        expect(now.locator(".save")).to_contain_text("Saved")
        expect(now.locator(".told")).to_contain_text("A number of the original is missing: 2.")
        page.reload()
        expect(field).to_have_value(WORDS[language][:12])
        field.fill(WORDS[language])
        field.press("Control+Enter")
        expect(page.locator("#next")).to_contain_text("Every paragraph is done.")
        expect(page.locator(".pair[data-now]")).to_have_count(0)


@when("a second person of each of the three languages reads it")
def _read(book):
    for language in TRANSLATED:
        page = book.desk((language, 2))
        page.locator(".task", has_text="To read").get_by_role("link").last.click()
        look(page, "en")
        expect(page.locator(".pair", has_text="To read")).to_contain_text(WORDS[language])
        page.get_by_role("button", name="I have read it: it can go live").click()
        expect(page.locator(".alert").first).to_contain_text("Read and published")


@then("no paragraph says that its original changed")
def _current(device, live_server):
    for language in TRANSLATED:
        state = marked(device, live_server, language)
        expect(state).to_have_count(0)
        expect(state.page.locator("article")).to_contain_text(WORDS[language].split("`")[0].strip())


@when("the editor finds that the Japanese still says the same")
def _settled(book):
    page = book.desk("editor")
    page.locator("main a[href$='/desk/book/']").click()
    page.get_by_role("button", name="It still says the same").click()


@then("nothing is to be compared")
def _nothing(book):
    page = book.desk("editor")
    page.locator("main a[href$='/desk/book/']").click()
    expect(page.locator("main")).to_contain_text("Nothing to compare.")


# --- two at one paragraph ------------------------------------------------------------------
@when("two translators of Arabic write at it, and one is faster", target_fixture="slow")
def _two(book):
    slow, fast = open_text(book, ("ar", 1)), open_text(book, ("ar", 2))
    fast.locator(".pair[data-now] [data-field]").fill(WORDS["ar"])
    fast.locator(".pair[data-now]").get_by_role("button", name=re.compile("^Done")).click()
    expect(fast.locator("#next")).to_contain_text("Every paragraph is done.")
    slow.locator(".pair[data-now] [data-field]").fill("كلمات أخرى")
    return slow


@then("the slower one is told while typing")
def _told(slow):
    expect(slow.locator(".pair[data-now] .save")).to_contain_text("was faster")


@then("sees both texts, and keeps the words of the faster one")
def _both(slow):
    slow.locator(".pair[data-now] [data-field]").press("Control+Enter")
    alert = slow.locator(".pair[data-now] .conflict")
    expect(alert).to_contain_text(WORDS["ar"])
    expect(alert).to_be_focused()
    expect(slow.locator(".pair[data-now] [data-field]")).to_have_value("كلمات أخرى")
    slow.get_by_role("button", name="Leave the text as it is").click()
    expect(slow.locator(".pair[data-now] [data-field]")).to_have_value(WORDS["ar"])


@then("the words that were not taken stand beside the paragraph")
def _beside(slow):
    slow.locator(".pair[data-now] summary", has_text="Earlier words").click()
    expect(slow.locator(".pair[data-now] .memory").first).to_contain_text("كلمات أخرى")


# --- a question ----------------------------------------------------------------------------
@when("a translator of Arabic asks the editor about it")
def _ask(book):
    page = open_text(book, ("ar", 1))
    page.locator(".pair[data-now] summary", has_text="Ask the editor").click()
    page.get_by_label("What is unclear here?").fill("Whose end is meant?")
    page.get_by_role("button", name="Ask the editor").click()
    expect(page.locator(".thread")).to_contain_text("Waits for an editor's answer.")


@then("the editor finds the question waiting, and answers")
def _answer(book):
    page = book.desk("editor")
    page.locator(".task", has_text="asks about a paragraph").get_by_role("link").last.click()
    look(page, "en")
    page.get_by_label("Your answer").fill("The end of the service.")
    page.get_by_role("button", name="Answer").click()
    page.wait_for_url("**/desk/translate/")


@then("a translator of Spanish reads the answer at the paragraph")
def _reads(book):
    page = open_text(book, ("es", 1))
    expect(page.locator(".thread")).to_contain_text("The end of the service.")


# --- everywhere ------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "ja", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_desk_stands_in_every_direction_and_width(
    device, sign_in, live_server, book, language, width
):
    _changed(book)
    page = device(viewport={"width": width, "height": 900}, locale=language).new_page()
    sign_in(page, book.people["editor"], language)
    page.goto(f"{live_server.url}/{language}/desk/translate/")
    look(page, language)
    fits(page)
    page.locator("#texts td a, #texts th a").first.click()
    page.wait_for_url("**/write/")
    look(page, language)
    fits(page)
    page.goto(page.url.replace("/write/", "/file/"))
    look(page, language)
    fits(page)


def test_a_text_is_translated_without_script(device, sign_in, live_server, book):
    _changed(book)
    page = device(java_script_enabled=False).new_page()
    sign_in(page, book.people["ar", 1])
    page.locator(".task", has_text="Original changed").get_by_role("link").last.click()
    page.locator(".pair[data-now] [data-field]").fill("كلمات")
    page.get_by_role("button", name="Keep for later").click()
    expect(page.locator(".pair[data-now] [data-field]")).to_have_value("كلمات")
    page.locator(".pair[data-now] [data-field]").fill(WORDS["ar"])
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.locator("#next")).to_contain_text("Every paragraph is done.")
