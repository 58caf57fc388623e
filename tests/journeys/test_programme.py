"""A coordinator makes a programme and plans a session; a trainee finds it closed, is told when it
opens, and enrols; then it is archived. In English at a desk, and in Arabic on a phone."""

import datetime

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.network import make_user
from tests.factories.workshops import make_lab, make_programme, make_trainee
from tests.journeys.pages import fits, look
from touchpoints.sending import send_due
from workshops.models import Enrolment, Programme, Session
from workshops.transitions import tell_eligible

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def seen(page, language: str) -> None:
    look(page, language)
    fits(page)


def test_from_a_new_programme_to_its_archive(device, sign_in, live_server):
    cache.clear()
    coordinator = make_user("coordinator", time_zone="UTC")
    trainee = make_trainee(years_of_experience=3, first_name="Dao")
    make_programme("values", name="Values")
    page = device(**DESK).new_page()
    sign_in(page, coordinator)
    page.goto(f"{live_server.url}/en/desk/workshops/")
    page.get_by_role("link", name="Programmes", exact=True).click()
    seen(page, "en")
    page.get_by_role("link", name="Make a programme").click()
    page.get_by_role("button", name="Put it into the catalogue").click()  # nothing typed
    expect(page.locator(".field--error .error").first).to_be_visible()
    seen(page, "en")
    page.fill("[name=title]", "Parts basics")
    page.fill("[name=summary]", "Order little, and often.")
    page.fill("[name=min_years]", "5")
    page.fill("[name=days]", "1")
    page.fill("[name=seats]", "8")
    page.get_by_role("button", name="Put it into the catalogue").click()
    expect(page.get_by_text("Made. Write its text next")).to_be_visible()
    page.get_by_role("link", name="Its text").click()
    page.fill("[name=added-body]", "Follow one order through the store.")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text("It stands in the catalogue.")).to_be_visible()
    page.goto(f"{live_server.url}/en/desk/workshops/new/parts-basics/")
    expect(page.locator("[name=seats]")).to_have_value("8")
    day = timezone.localdate() + datetime.timedelta(days=40)
    page.fill("[name=day-0-date]", day.isoformat())
    page.select_option("[name=time_zone]", "UTC")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_role("button", name="Open it for enrolment").click()

    reader = device(**DESK).new_page()
    sign_in(reader, trainee)
    reader.goto(f"{live_server.url}/en/workshops/parts-basics/")
    expect(reader.get_by_text("2 years of experience are missing")).to_be_visible()
    reader.get_by_role("button", name="Tell me when I am eligible").click()

    page.goto(f"{live_server.url}/en/desk/workshops/programmes/parts-basics/")
    page.fill("[name=min_years]", "3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Years of experience: 5, then: 3")).to_be_visible()
    seen(page, "en")
    mail.outbox.clear()
    assert tell_eligible() == 1  # what the worker does
    send_due()
    (told,) = [one for one in mail.outbox if one.to == [trainee.email]]
    assert told.subject.endswith("Open to you now: Parts basics")

    reader.goto(f"{live_server.url}/en/workshops/parts-basics/")
    expect(reader.get_by_text("Open to you", exact=True)).to_be_visible()
    reader.locator(f"a[href*='/sessions/{Session.objects.get().number}/']").first.click()
    reader.locator("form[action*=enrol] button").click()
    expect(reader.locator("#place")).to_be_visible()
    assert Enrolment.objects.get(state="enrolled").user == trainee

    page.get_by_role("link", name="Archive it").click()
    expect(page.get_by_text("It cannot be archived yet.")).to_be_visible()
    seen(page, "en")
    session = Session.objects.get()
    Session.objects.filter(pk=session.pk).update(state="cancelled")
    page.reload()
    page.fill("[name=reason]", "The book covers it.")
    seen(page, "en")
    page.get_by_role("button", name="Archive it").click()
    expect(page.get_by_text("Archived. Its history stays.")).to_be_visible()
    seen(page, "en")
    assert Programme.objects.get(key="parts-basics").is_archived
    reader.goto(f"{live_server.url}/en/workshops/")
    expect(reader.get_by_text("Parts basics")).to_have_count(0)


def test_on_a_phone_in_arabic(device, sign_in, live_server):
    cache.clear()
    coordinator = make_user("coordinator", interface_language="ar", time_zone="UTC")
    lab = make_lab("own-lab", name="Own lab", languages=("en", "ar"))
    page = device(**PHONE).new_page()
    sign_in(page, coordinator, "ar")
    base = f"{live_server.url}/ar/desk/workshops/programmes"
    for address in ("", "new/", *(f"own-lab/{part}" for part in ("", "text/", "lab/", "archive/"))):
        page.goto(f"{base}/{address}")
        seen(page, "ar")
    page.goto(f"{base}/own-lab/")
    page.fill("[name=min_years]", "4")
    with page.expect_navigation():
        page.locator("button[name=do][value=save]").tap()
    lab.refresh_from_db()
    assert lab.min_years == 4
    page.goto(f"{base}/own-lab/lab/")
    page.fill("[name=title-1]", "What they see")
    with page.expect_navigation():
        page.locator("button[name=do][value=publish]").tap()
    assert page.locator("[name=title-1]").input_value() == "What they see"
    seen(page, "ar")
    page.goto(f"{base}/own-lab/archive/")
    page.fill("[name=reason]", "انتهى")
    with page.expect_navigation():
        page.locator("form button.btn--stop").tap()
    seen(page, "ar")
    lab.refresh_from_db()
    assert lab.is_archived
