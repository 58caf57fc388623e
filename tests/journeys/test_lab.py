"""An employee takes the online lab: in English with a break, in Arabic on a phone, no script."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from gkc_site.demo.workshops.blocks import lab_rows, lessons
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_session,
)
from tests.journeys.pages import fits, look
from workshops.models import CourseRecord, LabRun, ProgrammePage
from workshops.transitions.tailoring import tailor

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def make_real_lab():
    """The demo's lab, with its words in English and Arabic."""
    programme = make_programme("lexus-lab", place_kind="lab", is_yearly_duty=True)
    make_programme_page(programme, "ar", title="مختبر لكزس: كل سنة")
    block = ProgrammePage._meta.get_field("lessons").stream_block
    for page in programme.pages.select_related("locale"):
        page.lessons = block.to_python(lessons("lexus-lab", page.language))
        page.save()
    return programme


def seen(page, language: str) -> None:
    look(page, language)
    fits(page)


def answer_right(page, step: dict) -> None:
    for number in step["right"]:
        page.locator(f"input[name=option][value='{number}']").check()
    page.locator("button[name=do][value=answer]").click()


def go_on(page) -> None:
    page.locator("button[name=do][value=on]").click()


def test_a_lab_is_begun_left_and_passed_another_day(device, live_server, sign_in):
    cache.clear()
    programme, person = make_real_lab(), make_employee(first_name="Dao")
    page = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, person)
    page.goto(f"{live_server.url}/en/workshops/{programme.key}/")
    seen(page, "en")
    page.get_by_role("link", name="To the online lab").click()
    seen(page, "en")
    page.get_by_role("button", name="Begin").press("Enter")
    steps = lab_rows()
    expect(page.locator("h1")).to_have_text(steps[0]["en"]["title"])
    seen(page, "en")
    go_on(page)
    page.locator("button[name=do][value=answer]").click()  # nothing chosen
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer first.")
    seen(page, "en")
    answer_right(page, steps[1])
    expect(page.get_by_role("status")).to_contain_text("Right.")
    expect(page.locator("main")).to_contain_text(steps[1]["en"]["explanation"])
    seen(page, "en")
    go_on(page)
    page.close()  # in the middle of a lesson

    later = device(viewport={"width": 320, "height": 700}, java_script_enabled=False).new_page()
    sign_in(later, person)
    later.goto(f"{live_server.url}/en/workshops/lab/{programme.key}/")
    fits(later)  # axe needs the script that is off here
    later.get_by_role("button", name="Go on").click()
    expect(later.locator("h1")).to_have_text(steps[2]["en"]["title"])
    for step in steps[2:]:
        if step["kind"] == "question":
            answer_right(later, step)
        go_on(later)
    expect(later.locator(".alert--ok")).to_contain_text("100 per cent of your answers were right")
    fits(later)
    assert CourseRecord.objects.confirmed().get().user == person


def test_on_an_arabic_phone_one_answers_goes_wrong_and_reads_why(device, live_server, sign_in):
    cache.clear()
    programme = make_real_lab()
    person = make_employee(first_name="هدى", interface_language="ar", further_languages=["en"])
    phone = {"viewport": {"width": 390, "height": 800}, "locale": "ar"}
    page = device(**phone).new_page()
    sign_in(page, person, "ar")
    page.goto(f"{live_server.url}/ar/workshops/lab/{programme.key}/")
    seen(page, "ar")
    page.locator("aside form button").click()
    steps = lab_rows()
    expect(page.locator("h1")).to_have_text(steps[0]["ar"]["title"])
    seen(page, "ar")
    for step in steps:
        if step["kind"] == "question":
            page.locator("input[name=option]").nth(1 if 2 not in step["right"] else 0).check()
            page.locator("button[name=do][value=answer]").click()
            expect(page.locator("main")).to_contain_text(step["ar"]["explanation"])
        if step is steps[1]:
            seen(page, "ar")
        go_on(page)
    expect(page.locator(".alert--warn")).to_be_visible()
    seen(page, "ar")
    assert LabRun.objects.get().state == "failed"


def test_the_desks_beside_it_are_for_everybody(device, live_server, sign_in):
    """Versions, duties, figures and the trainer's desk, at two widths and in two directions."""
    cache.clear()
    programme, firm = make_real_lab(), make_home("asia", name="Home firm")
    manager = make_user("manager", distributor=firm)
    make_employee(firm)
    version = tailor(programme, firm, "en", by=manager)
    trainer = make_user("trainer", interface_language="ar")
    session = make_session(programme, country=firm.country, trainers=[trainer])
    make_enrolment(session)
    desk = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(desk, manager)
    for address in (
        "desk/workshops/versions/",
        f"desk/workshops/versions/{version.key}/",
        f"desk/workshops/versions/{version.key}/compare/",
        "desk/workshops/duties/?state=all",
    ):
        desk.goto(f"{live_server.url}/en/{address}")
        seen(desk, "en")
    phone = device(viewport={"width": 390, "height": 800}, locale="ar").new_page()
    sign_in(phone, trainer, "ar")
    for address in ("desk/teaching/", f"desk/teaching/{session.number}/"):
        phone.goto(f"{live_server.url}/ar/{address}")
        seen(phone, "ar")
    executive = make_user("executive", interface_language="ar")
    phone = device(viewport={"width": 390, "height": 800}, locale="ar").new_page()
    sign_in(phone, executive, "ar")
    for query in ("", "?by=month", "?by=programme&show=lexus-lab"):
        phone.goto(f"{live_server.url}/ar/desk/workshops/figures/{query}")
        seen(phone, "ar")
