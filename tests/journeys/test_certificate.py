"""A trainer keeps the list on a tablet without a connection, an attendee evaluates and gets the
certificate, an employer checks it: in English at a desk, in Arabic on a phone."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_trainee,
)
from tests.journeys.pages import fits, look
from tests.workshops.after import attend, make_past
from workshops.models import AttendanceMark, Certificate, EvaluationSheet
from workshops.transitions import give_certificates, hand_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
TITLES = {"en": "Go and see", "ar": "اذهب وانظر", "ja": "現地現物"}
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 800}}


def a_session(**fields):
    """A session that is over, with three people; its programme has words in TITLES."""
    programme = make_programme("go-and-see", name="Go and see", **fields)
    for language in ("ar", "ja"):
        make_programme_page(programme, language, title=TITLES[language])
    session = make_past(programme, trainers=[make_user("trainer", first_name="Mei")], days=2)
    home = make_home()
    for name in ("Ines", "Noura", "Dao"):
        make_enrolment(session, make_trainee(home, first_name=name, last_name="Valmora"))
    return session


def seen(page, language: str) -> None:
    look(page, language)
    fits(page)


def test_the_list_keeps_every_tap_without_a_connection(device, live_server, sign_in):
    cache.clear()
    session = a_session()
    tablet = device(viewport={"width": 820, "height": 1100})
    page = tablet.new_page()
    sign_in(page, session.trainers.get())
    where = f"{live_server.url}/en/workshops/sessions/{session.number}/attendance/"
    page.goto(where)
    seen(page, "en")
    taps = page.locator(".roll li")
    taps.nth(0).get_by_role("radio", name="Not here").check()
    tablet.set_offline(True)
    taps.nth(1).get_by_role("radio", name="Here", exact=True).check()
    page.get_by_role("button", name="Save the list").click()
    expect(page.locator("#roll-state")).to_contain_text("No connection")
    assert AttendanceMark.objects.count() == 0
    tablet.set_offline(False)
    page.reload()  # the tablet slept: what was tapped is there again
    expect(page.locator("#roll-state")).to_contain_text("Kept on this device")
    page.get_by_role("button", name="Save the list").click()
    expect(page.locator(".lead")).to_contain_text("1 not marked")
    expect(page.locator("#roll-state")).to_be_hidden()
    page.get_by_role("button", name="All others are here").click()
    page.locator(".chips a").first.click()
    page.get_by_role("button", name="All others are here").click()
    page.get_by_role("button", name="Close the list").click()
    expect(page.locator("main")).to_contain_text("A change is a correction now")
    seen(page, "en")
    assert session.enrolments.filter(state="attended").count() == 2
    narrow = device(viewport={"width": 320, "height": 700}).new_page()
    sign_in(narrow, session.trainers.get())
    narrow.goto(where.replace("/en/", "/ar/"))
    seen(narrow, "ar")


@pytest.mark.parametrize(("language", "window"), [("en", DESK), ("ar", PHONE)])
def test_an_attendee_evaluates_and_an_employer_checks(
    device, live_server, sign_in, language, window
):
    cache.clear()
    session = a_session()
    attend(session, list(session.enrolments.all()), by=session.trainers.get())
    person = session.enrolments.first().user
    person.interface_language = language
    person.save()
    page = device(**window).new_page()
    sign_in(page, person, language)
    root = live_server.url
    evaluates(page, root, session, language)
    found = gets_the_certificate(page, root, person, language)
    employer = device(locale=language, **window).new_page()
    is_checked(employer, root, found, language)


def evaluates(page, root: str, session, language: str) -> None:
    """The form, first with the scales left open, then whole."""
    page.goto(f"{root}/{language}/workshops/sessions/{session.number}/evaluation/")
    seen(page, language)
    send = page.locator("form[method=post] button.btn").last
    page.locator("textarea").first.fill("More go and see")
    send.click()  # the scales are open
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("textarea").first).to_have_value("More go and see")
    seen(page, language)
    for group in page.locator("fieldset").all():
        group.locator("label").first.click()
    send.click()
    expect(page.locator(".alert--ok.mt5")).to_be_visible()
    assert EvaluationSheet.objects.count() == 1
    seen(page, language)


def gets_the_certificate(page, root: str, person, language: str) -> Certificate:
    """From the training record to the sheet and its file."""
    assert give_certificates() == 1
    found = Certificate.objects.get()
    page.goto(f"{root}/{language}/workshops/record/")
    seen(page, language)
    page.get_by_role("link", name=found.number).click()
    expect(page.locator(".certsheet__name")).to_have_text(person.get_full_name())
    seen(page, language)
    with page.expect_download() as file:
        page.locator("a[download]").click()
    assert file.value.suggested_filename == f"certificate-{found.number}.pdf"
    return found


def is_checked(employer, root: str, found: Certificate, language: str) -> None:
    """An employer, without an account, types the code from the paper."""
    employer.goto(f"{root}/verify/")
    seen(employer, language)
    employer.fill("#code", found.shown_code.lower().replace("-", " "))
    employer.press("#code", "Enter")
    employer.wait_for_url(re.compile(f"/verify/{found.shown_code}/$"))
    expect(employer.locator(".facts")).to_contain_text(found.holder_name)
    title = TITLES[language]
    expect(employer.locator(".facts")).to_contain_text(title)
    seen(employer, language)
    employer.goto(f"{root}/verify/KQ7M-4T2D-9XWP/")
    seen(employer, language)


def test_other_pages_after_a_session_are_accessible(device, live_server, sign_in):
    cache.clear()
    session = a_session(proof_days=30, has_evaluation=False)
    trainer = session.trainers.get()
    attend(session, list(session.enrolments.all()), by=trainer)
    proof = session.enrolments.first().proof
    hand_in(proof, by=proof.enrolment.user, text="Four weeks on the board")
    places = (
        f"workshops/sessions/{session.number}/results/",
        f"workshops/sessions/{session.number}/reflect/",
        f"workshops/sessions/{session.number}/attendance/add/?q=val",
        f"desk/practice/{proof.pk}/",
        "workshops/evaluations/",
    )
    for language, window in (("en", DESK), ("ar", PHONE)):
        page = device(**window).new_page()
        sign_in(page, trainer, language)
        for place in places:
            page.goto(f"{live_server.url}/{language}/{place}")
            seen(page, language)
        page = device(**window).new_page()
        sign_in(page, make_user("coordinator"), language)
        for place in (
            f"workshops/sessions/{session.number}/certificates/",
            "desk/workshops/questions/",
            "desk/workshops/questions/go-and-see/",
        ):
            page.goto(f"{live_server.url}/{language}/{place}")
            seen(page, language)
