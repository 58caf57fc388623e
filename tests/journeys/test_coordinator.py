"""A coordinator plans a session, moves it with people in it, writes to them, merges it."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.network import make_user
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from tests.journeys.pages import accessible, fits, look
from touchpoints.models import Delivery
from workshops.models import Session

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def checked(page) -> None:
    accessible(page)
    fits(page)


def send(page, language: str = "en") -> None:
    """The form's own button, then the preview's."""
    page.locator("main form p.row button.btn").first.click()
    # A tap's click comes after the tap: what follows it waits for the preview.
    expect(page.locator("main form input[name=seen]")).to_be_attached()
    look(page, language)
    fits(page)
    page.locator("main form p.row button.btn").first.click()


def test_from_plan_to_merger(device, sign_in, live_server):
    coordinator = make_user("coordinator", time_zone="UTC")
    make_user("trainer", first_name="Mei", last_name="Lin")
    programme = make_programme("values", name="Values")
    other = make_session(programme, in_days=60, seats=9, venue="Hall 2")
    page = device(**DESK).new_page()
    sign_in(page, coordinator)
    page.goto(f"{live_server.url}/en/desk/workshops/")
    expect(page.get_by_text("1 session needs a decision.")).to_be_visible()
    checked(page)
    page.get_by_role("link", name="Plan a session").click()
    checked(page)
    page.locator("main a.btn", has_text="Plan a session").click()
    day = timezone.localdate() + datetime.timedelta(days=40)
    page.fill("[name=day-0-date]", day.isoformat())
    page.select_option("[name=time_zone]", "Africa/Nairobi")
    page.fill("[name=venue]", "Hall 1")
    page.fill("[name=seats]", "6")
    page.get_by_label("Mei Lin").check()
    checked(page)
    page.get_by_role("button", name="Plan it").click()
    made = Session.objects.exclude(pk=other.pk).get()
    expect(page.get_by_text("Only its team sees it until you open it.")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Open it for enrolment").click()
    people = [make_enrolment(made, make_trainee()).user for _ in range(2)]
    people.append(make_trainee(first_name="Zora", last_name="Quick"))

    page.get_by_role("link", name="Enrol a person").click()
    checked(page)
    page.get_by_label("Name or email address").fill("quick")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Gets a seat.")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Enrol Zora Quick").click()
    expect(page.get_by_text("Zora Quick has a seat, and is told so by mail.")).to_be_visible()

    page.get_by_role("link", name="Move").click()
    page.fill("[name=first_day]", (day + datetime.timedelta(days=7)).isoformat())
    send(page)
    expect(page.get_by_text("Moved.", exact=True)).to_be_visible()
    assert Delivery.objects.filter(mailing__kind="workshops.session_moved").count() == 4

    page.get_by_role("link", name="Write to participants").click()
    page.locator("[name=subject-en]").fill("Bring a map")
    page.locator("[name=body-en]").fill("We walk through the parts store.")
    checked(page)
    send(page)
    expect(page.get_by_text("Written to participants")).to_be_visible()

    page.get_by_role("link", name="Merge").click()
    page.locator(f"input[name=into][value='{other.pk}']").check()
    checked(page)
    send(page)
    expect(page.get_by_text("Its people went to another session")).to_be_visible()
    checked(page)
    assert {row.user for row in other.enrolments.all()} == set(people)


@pytest.mark.parametrize("language", ["ar", "ja"])
def test_on_a_phone(device, sign_in, live_server, language):
    coordinator = make_user("coordinator", interface_language=language, time_zone="UTC")
    session = make_session(make_programme(min_years=3), seats=2)
    make_trainee(last_name="Quick")
    make_trainee(last_name="Quick", years_of_experience=1)
    make_enrolment(session)
    make_enrolment(session, state="waiting")
    page = device(**PHONE).new_page()
    sign_in(page, coordinator, language)
    base = f"{live_server.url}/{language}/desk/workshops"
    here = f"{base}/sessions/{session.number}"
    for address in (
        f"{base}/",
        f"{base}/new/",
        f"{base}/new/{session.programme.key}/",
        f"{base}/materials/{session.programme.key}/",
        f"{here}/",
        f"{here}/enrol/?q=quick",
        *(
            f"{here}/{name}/"
            for name in ("edit", "move", "seats", "merge", "repeat", "message", "cancel")
        ),
    ):
        page.goto(address)
        look(page, language)
        fits(page)
    page.goto(f"{here}/seats/")
    page.fill("[name=seats]", "4")
    send(page, language)
    page.wait_for_url(f"{here}/")
    session.refresh_from_db()
    assert session.seats == 4
