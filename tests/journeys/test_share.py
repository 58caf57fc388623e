"""Writing a story in a real browser: nothing typed is ever lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bulletins.models import DraftInput
from bulletins.transitions import start_case
from tests.factories.network_of_reviewers import make_author, make_reviewing_network

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(transactional_db):
    make_reviewing_network()
    author, firm = make_author("KE")
    return start_case(by=author, distributor=firm, language="en")


@pytest.fixture
def open_part(live_server, case):
    """Open a part of the story in a tab."""

    def do(page, part="title"):
        page.goto(live_server.url + reverse("share_part", args=[case.number, part]))
        return page

    return do


def state(page):
    return page.locator("#save-state")


def test_words_are_saved_when_the_field_is_left(device, sign_in, open_part, case):
    page = device().new_page()
    sign_in(page, case.author)
    open_part(page)
    page.fill("#title", "First reply before noon")
    page.locator("#summary").focus()
    expect(state(page)).to_contain_text("Saved")
    expect(page.locator("[name=version]")).to_have_value("1")
    assert DraftInput.objects.get().data["title"] == "First reply before noon"


def test_a_killed_tab_has_its_words_back(device, sign_in, open_part, case, live_server):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    open_part(page)
    page.fill("#title", "Typed a second before")
    # The tab dies between two autosaves: not even its last request gets out.
    browser.set_offline(True)
    page.close()
    browser.set_offline(False)
    assert not DraftInput.objects.exists()

    again = open_part(browser.new_page())
    expect(again.locator("#title")).to_have_value("Typed a second before")
    expect(state(again)).to_contain_text("Text from this device is back")
    assert DraftInput.objects.get().data["title"] == "Typed a second before"


def test_a_lost_line_keeps_the_words_and_sends_them_later(device, sign_in, open_part, case):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    open_part(page)
    browser.set_offline(True)
    page.fill("#title", "Written in a tunnel")
    page.locator("#summary").focus()
    expect(state(page)).to_have_attribute("data-s", "local")
    browser.set_offline(False)
    expect(state(page)).to_have_attribute("data-s", "saved")
    assert DraftInput.objects.get().data["title"] == "Written in a tunnel"


def test_the_older_tab_is_told_and_shows_both_texts(device, sign_in, open_part, case):
    browser = device()
    older, newer = browser.new_page(), browser.new_page()
    sign_in(older, case.author)
    open_part(older)
    open_part(newer)
    newer.fill("#title", "From the newer tab")
    newer.locator("#summary").focus()
    expect(state(newer)).to_contain_text("Saved")
    older.fill("#title", "From the older tab")
    older.locator("#summary").focus()
    told = older.locator("#told")
    expect(told).to_contain_text("From the newer tab")
    expect(told).to_contain_text("From the older tab")
    assert DraftInput.objects.get().data["title"] == "From the newer tab"

    told.locator("[data-keep]").click()
    expect(older.locator("#told > *")).to_have_count(0)
    expect(older.locator("#title")).to_have_value("From the older tab")
    assert DraftInput.objects.get().data["title"] == "From the older tab"


def test_a_button_waits_for_the_save_under_way(device, sign_in, open_part, case):
    page = device().new_page()
    sign_in(page, case.author)
    open_part(page)
    held = []
    page.route("**/title/save/", lambda route: held.append(route))
    page.fill("#title", "First reply before noon")
    page.locator("#summary").focus()
    expect(state(page)).to_have_attribute("data-s", "saving")
    page.fill("#summary", "Web enquiries now get an answer the same morning.")
    page.click("button[name=next]")
    with page.expect_navigation(url="**/background/"):
        held[0].continue_()
    kept = DraftInput.objects.get(part="title").data
    assert kept["summary"] == "Web enquiries now get an answer the same morning."


def test_what_a_button_sent_is_not_called_unsent(device, sign_in, open_part, case, tmp_path):
    page = device().new_page()
    sign_in(page, case.author)
    open_part(page)
    page.fill("#title", "First reply before noon")
    page.fill("#summary", "Web enquiries now get an answer the same morning.")
    page.click("button[name=next]")
    page.wait_for_url("**/background/")
    page.wait_for_load_state("networkidle")  # unsent.js has asked
    assert not page.evaluate(
        "() => Object.keys(localStorage).some((key) => key.endsWith(':title'))"
    )
    expect(page.locator("main [role=status]", has_text="has been sent")).to_have_count(0)

    open_part(page, "check")
    page.locator("[name=steps][value=own]").check()
    path = tmp_path / "list.pdf"
    path.write_bytes(b"%PDF-1.4\n%%EOF")
    page.set_input_files("#file", path)
    page.click("button[name=upload]")
    expect(page.locator("[name=files-0-title]")).to_be_visible()
    expect(page.locator("#told > *")).to_have_count(0)  # no words of this device to put back
    expect(page.locator("[name=steps][value=own]")).to_be_checked()


def test_an_expired_sign_in_loses_nothing(device, sign_in, open_part, case):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    open_part(page)
    browser.clear_cookies(name="sessionid")
    page.fill("#title", "Written after the session ended")
    page.locator("#summary").focus()
    link = state(page).locator("a")
    expect(link).to_have_text("Sign in again; nothing is lost.")
    link.click()
    page.fill("[name=login]", case.author.email)
    page.fill("[name=password]", "correct horse battery staple")
    page.click("form[action*=login] button[type=submit]")
    expect(page.locator("#title")).to_have_value("Written after the session ended")
    expect(state(page)).to_have_attribute("data-s", "saved")
    assert DraftInput.objects.get().data["title"] == "Written after the session ended"


def test_rows_are_added_without_leaving_the_page_and_come_back(device, sign_in, open_part, case):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    open_part(page, "causes")
    page.fill("[name=causes-0-name]", "Nobody owns the night")
    page.click("button[name=add]")
    page.fill("[name=causes-1-name]", "Five mailboxes")
    with page.expect_response(
        lambda answer: answer.ok and "Five mailboxes" in (answer.request.post_data or "")
    ):
        page.locator("#causes_text").focus()
    kept = DraftInput.objects.get().data
    assert kept["causes-1-name"] == "Five mailboxes"
    open_part(page, "causes")
    expect(page.locator("[name=causes-1-id]")).to_have_value(kept["causes-1-id"])
    page.locator("#causes-0 button[name=remove]").click()
    expect(page.locator("[name=causes-0-name]")).to_have_count(0)


def test_a_picture_is_made_smaller_before_it_is_sent(device, sign_in, open_part, case, tmp_path):
    from PIL import Image

    from network.models import GkcImage

    photo = tmp_path / "board.jpg"
    Image.effect_noise((3600, 1800), 80).convert("RGB").save(photo, quality=95)
    page = device().new_page()
    sign_in(page, case.author)
    open_part(page, "check")
    page.set_input_files("#file", photo)
    expect(page.locator("#file-told")).to_have_text("Made smaller on this device.")
    assert page.evaluate("document.getElementById('file').files[0].size") < photo.stat().st_size
    page.click("button[name=upload]")
    expect(page.locator(".thumbpic")).to_have_count(1)
    assert (GkcImage.objects.get().width, GkcImage.objects.get().height) == (2400, 1200)
