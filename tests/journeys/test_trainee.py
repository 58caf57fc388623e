"""A trainee finds a course, reads why another is closed, enrols, waits, is offered a seat."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from network.models import User
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.journeys.pages import fits, look
from workshops.models import EligibilityWatch, ExceptionRequest
from workshops.transitions import cancel_enrolment

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


def seen(page, language: str) -> None:
    look(page, language)
    fits(page)


def test_in_japanese_at_a_desk(device, sign_in, live_server):
    person = make_trainee(years_of_experience=2, interface_language="ja")
    closed = make_programme("twsm", name="TWSM", min_years=5, languages=("en", "ja"))
    make_session(closed)
    fits_me = make_programme("values", name="Values", languages=("en", "ja"))
    session = make_session(fits_me, in_days=20)
    page = device(**DESK).new_page()
    sign_in(page, person, "ja")
    page.goto(f"{live_server.url}/ja/workshops/")
    seen(page, "ja")
    page.click("section[aria-labelledby=programmes] a[href$='/twsm/']")
    # Why it is closed, by how much, and what to do about it.
    expect(page.locator("#yours li").first).to_contain_text("3")
    seen(page, "ja")
    page.click("#yours form[action*='/tell/'] button")
    expect(page.locator("#yours form[action*='/tell/'] button[name=end]")).to_be_visible()
    assert EligibilityWatch.objects.open().get().user == person
    page.click("#yours a[href*='/exception/']")
    seen(page, "ja")
    page.fill("textarea[name=words]", "取引先で十年教えました。")
    page.click("main form .btn")
    expect(page.locator("#yours .holder").first).to_be_visible()
    seen(page, "ja")
    assert ExceptionRequest.objects.open().count() == 1
    # A course that is open now, in two clicks.
    page.click("section[aria-labelledby=open-now] a[href$='/values/']")
    seen(page, "ja")
    page.click(f"main a[href$='/{session.number}/']")
    page.click("form[action$='/enrol/'] button")
    expect(page.locator("form[action$='/leave/']")).to_be_visible()
    seen(page, "ja")
    assert person.enrolments.get().state == "enrolled"
    with page.expect_download() as download:
        page.click("a[href$='.ics']")
    assert download.value.suggested_filename == f"{session.number}.ics"
    page.goto(f"{live_server.url}/ja/desk/courses/")
    page.click("form[action$='/calendar/'] button")
    expect(page.locator("#calendar-address")).to_be_visible()
    seen(page, "ja")


def test_in_arabic_on_a_phone(device, sign_in, live_server):
    person = make_trainee(interface_language="ar")
    programme = make_programme("values", name="Values", languages=("en", "ar"))
    session = make_session(programme, seats=1)
    first = make_enrolment(session)
    page = device(**PHONE).new_page()
    sign_in(page, person, "ar")
    address = f"{live_server.url}/ar/workshops/sessions/{session.number}/"
    page.goto(address)
    seen(page, "ar")
    page.tap("form[action$='/enrol/'] button")
    # The place in line, in Arabic digits.
    expect(page.locator("#place .holder")).to_contain_text("١")
    seen(page, "ar")
    cancel_enrolment(first, by=first.user)
    page.goto(f"{live_server.url}/ar/desk/")
    seen(page, "ar")
    page.locator(f"main a[href*='{session.number}']").first.tap()
    page.wait_for_url(f"{address}*")
    seen(page, "ar")
    page.tap("button[value=accept]")
    expect(page.locator("form[action$='/leave/']")).to_be_visible()
    assert person.enrolments.get().state == "enrolled"
    page.tap("form[action$='/leave/'] button")
    expect(page.locator("form[action$='/enrol/']")).to_be_visible()
    seen(page, "ar")
    assert person.enrolments.get().state == "cancelled"


def test_who_answers_and_who_plans_on_a_phone(device, sign_in, live_server):
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    coordinator = make_user("coordinator", interface_language="ar")
    programme = make_programme("twsm", name="TWSM", min_years=9)
    person = make_trainee(home, email="m@home.example")
    wish = ExceptionRequest.objects.create(
        user=person, programme=programme, words="Please", distributor=home
    )
    session = make_session(programme)
    made = make_enrolment(session, person)
    page = device(**PHONE).new_page()
    sign_in(page, coordinator, "ar")
    for path in ("demand/", f"exceptions/{wish.pk}/"):
        page.goto(f"{live_server.url}/ar/desk/workshops/{path}")
        seen(page, "ar")
    page.fill("[name=reason]", "نعم")
    page.fill("[name=until]", f"{timezone.localdate():%Y-%m-%d}")
    page.tap("button[value=grant]")
    page.wait_for_url("**/ar/desk/")
    wish.refresh_from_db()
    assert wish.state == "granted"

    page = device(**PHONE).new_page()
    sign_in(page, manager, "ar")
    page.goto(f"{live_server.url}/ar/desk/enrolments/{made.pk}/take-out/")
    seen(page, "ar")
    page.goto(f"{live_server.url}/ar/people/import/")
    seen(page, "ar")
    sheet = b"email,years\nm@home.example,12\n"
    page.set_input_files(
        "[name=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": sheet}
    )
    page.tap("main form[enctype] button")
    expect(page.locator("button[name=draft]")).to_be_visible()
    seen(page, "ar")
    page.tap("button[name=draft]")
    expect(page.locator("button[name=draft]")).to_have_count(0)
    assert User.objects.get(pk=person.pk).years_of_experience == 12
