"""An author's bad line: files go on where they stopped, words wait and are sent (issue 6)."""

import hashlib
import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bulletins.models import DraftInput
from bulletins.transitions import start_case
from network.models import GkcDocument, PartialUpload
from tests.factories.network_of_reviewers import make_author, make_reviewing_network
from tests.journeys.conftest import CHROMIUM

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MB = 1_000_000
# 50 kbit/s with the delay of a line over a satellite; bytes a second, ms.
SLOW = {
    "offline": False,
    "latency": 600,
    "downloadThroughput": 50_000 / 8,
    "uploadThroughput": 50_000 / 8,
}


@pytest.fixture
def case(transactional_db):
    make_reviewing_network()
    author, firm = make_author("KE")
    return start_case(by=author, distributor=firm, language="en")


def part_url(live_server, case, part):
    return live_server.url + reverse("share_part", args=[case.number, part])


def pdf(tmp_path, size):
    """A file that begins like a PDF, of random bytes."""
    path = tmp_path / "yard.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(size - 9))
    return path


def sent(page) -> int:
    """Bytes of the file that the page knows to have arrived."""
    return int(page.locator("#set-upload progress").evaluate("bar => bar.value"))


def wait_for_bytes(page, n):
    page.wait_for_function(
        "n => document.querySelector('#set-upload progress').value >= n", arg=n, timeout=60_000
    )


def digest(document) -> str:
    with document.file.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()


def test_twenty_megabytes_cut_three_times_arrive_whole(
    device, sign_in, case, live_server, tmp_path
):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    page.goto(part_url(live_server, case, "check"))
    path = pdf(tmp_path, 20 * MB)
    page.set_input_files("#file", path)
    page.click("button[name=upload]")
    for cut in (4 * MB, 9 * MB, 15 * MB):
        wait_for_bytes(page, cut)
        browser.set_offline(True)
        expect(page.locator("#file-told")).to_contain_text("No connection")
        assert PartialUpload.objects.get().received >= cut - MB
        assert not GkcDocument.objects.exists()
        browser.set_offline(False)
    expect(page.locator("[name=files-0-title]")).to_have_value("yard", timeout=60_000)
    assert digest(GkcDocument.objects.get()) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not PartialUpload.objects.exists()


def test_a_file_chosen_again_after_the_tab_was_closed_goes_on(
    device, sign_in, case, live_server, tmp_path
):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    path = pdf(tmp_path, 3 * MB)
    page.goto(part_url(live_server, case, "check"))
    page.set_input_files("#file", path)
    page.click("button[name=upload]")
    wait_for_bytes(page, MB)
    page.close()
    kept = PartialUpload.objects.get().received
    assert kept >= MB / 2

    again = browser.new_page()
    again.goto(part_url(live_server, case, "check"))
    pieces = []
    again.on("request", lambda r: r.method == "PATCH" and pieces.append(r.headers["upload-offset"]))
    again.set_input_files("#file", path)
    again.click("button[name=upload]")
    expect(again.locator("[name=files-0-title]")).to_have_value("yard", timeout=60_000)
    assert int(pieces[0]) >= kept
    assert digest(GkcDocument.objects.get()) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_is_given_up_by_keyboard(device, sign_in, case, live_server, tmp_path):
    browser = device()
    page = browser.new_page()
    sign_in(page, case.author)
    page.goto(part_url(live_server, case, "check"))
    page.set_input_files("#file", pdf(tmp_path, 15 * MB))
    page.locator("button[name=upload]").press("Enter")
    wait_for_bytes(page, MB)
    browser.set_offline(True)
    expect(page.locator("[data-go-on]")).to_be_visible()
    browser.set_offline(False)
    page.locator("[data-give-up]").press("Enter")
    expect(page.locator("button[name=upload]")).to_be_visible()
    expect(page.locator("#file")).to_be_focused()
    assert not GkcDocument.objects.exists()


def test_what_is_not_taken_says_why_and_the_words_stay(
    device, sign_in, case, live_server, tmp_path
):
    page = device().new_page()
    sign_in(page, case.author)
    page.goto(part_url(live_server, case, "check"))
    page.locator("[name=steps][value=own]").check()
    path = tmp_path / "run.pdf"
    path.write_bytes(os.urandom(300_000))
    page.set_input_files("#file", path)
    page.click("button[name=upload]")
    expect(page.locator("#file_error")).to_contain_text("Only pictures")
    expect(page.locator("[name=steps][value=own]")).to_be_checked()
    assert not PartialUpload.objects.exists()


def test_words_of_a_closed_browser_are_sent_from_whatever_page_comes_next(
    chromium, sign_in, case, live_server, tmp_path, traffic
):
    def browser():
        return chromium.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )

    first = browser()
    page = first.new_page()
    sign_in(page, case.author)
    page.goto(part_url(live_server, case, "title"))
    first.set_offline(True)
    page.fill("#title", "Written on a ferry")
    page.locator("#summary").focus()
    expect(page.locator("#save-state")).to_have_attribute("data-s", "local")
    page.click("button[name=next]")  # no error page of the browser in place of the words
    expect(page.locator("#title")).to_have_value("Written on a ferry")
    page.close()  # the tab first: a browser that ends lets its last request out
    first.close()
    assert not DraftInput.objects.exists()

    second = browser()  # still signed in
    page = second.new_page()
    page.goto(f"{live_server.url}/en/desk/")
    told = page.locator("main [role=status]", has_text="has been sent")
    expect(told).to_be_visible()
    assert DraftInput.objects.get().data["title"] == "Written on a ferry"
    page.reload()
    expect(told).to_have_count(0)
    second.close()
    traffic.wait_for_end()


def test_fifty_kilobits_a_second_are_enough_to_write_and_send(
    device, sign_in, case, live_server, tmp_path
):
    browser = device(viewport={"width": 390, "height": 844})
    page = browser.new_page()
    page.set_default_timeout(120_000)
    sign_in(page, case.author)
    page.goto(part_url(live_server, case, "check"))
    line = browser.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", SLOW)
    page.locator("[name=steps][value=own]").check()
    page.locator("[name=steps][value=own]").blur()
    expect(page.locator("#save-state")).to_have_attribute("data-s", "saved", timeout=60_000)
    path = pdf(tmp_path, 60_000)
    page.set_input_files("#file", path)
    page.click("button[name=upload]")
    expect(page.locator("[name=files-0-title]")).to_have_value("yard", timeout=120_000)
    assert digest(GkcDocument.objects.get()) == hashlib.sha256(path.read_bytes()).hexdigest()
