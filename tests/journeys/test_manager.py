"""A distributor's manager vouches for a member, nominates, approves, enrols a group, reads who is
late."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from tests.journeys.pages import fits, look
from workshops.models import Enrolment

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.mark.parametrize(
    ("language", "window"), [("en", DESK), ("ja", DESK), ("ar", PHONE)], ids=["en", "ja", "ar"]
)
def test_members_come_in_by_their_manager(device, sign_in, live_server, language, window):
    firm = make_distributor()
    manager = make_user("manager", distributor=firm)
    newcomer, second = (make_trainee(firm, first_name=name) for name in ("Aoi", "Rin"))
    unknown = make_trainee(firm, first_name="Ume", post_confirmed_at=None)
    asking = make_trainee(firm, first_name="Nao")
    make_employee(firm, first_name="Sora")
    make_lab("yearly", is_yearly_duty=True)
    discovery = make_session(make_programme("discovery", entry="nomination", min_years=2))
    twsm = make_session(make_programme("twsm", entry="approval"))
    values = make_session(make_programme("values"), seats=1)
    request = make_enrolment(twsm, asking, state="requested")
    root = f"{live_server.url}/{language}"
    page = device(**window).new_page()
    sign_in(page, manager, language)

    def seen() -> None:
        look(page, language)
        fits(page)

    # Whoever is not vouched for cannot be nominated: the page says why.
    page.goto(f"{root}/workshops/sessions/{discovery.number}/group/")
    expect(page.locator(f"input[value='{unknown.pk}']")).to_be_disabled()
    seen()
    page.goto(f"{root}/people/members/")
    seen()
    page.locator(f"form[action*='/members/{unknown.pk}/confirm/'] button").first.click()
    page.wait_for_load_state()
    unknown.refresh_from_db()
    assert unknown.post_confirmed_at is not None
    page.goto(f"{root}/workshops/sessions/{discovery.number}/group/")
    page.check(f"input[value='{unknown.pk}']")
    page.locator("main form .btn").click()
    page.wait_for_url(re.compile(f"/{discovery.number}/$"))
    seen()
    assert Enrolment.objects.get(user=unknown).state == "nominated"
    # A request waits at the desk.
    page.goto(f"{root}/desk/")
    page.locator(f"main a[href$='/desk/enrolments/{request.pk}/']").first.click()
    seen()
    page.click("button[value=approve]")
    page.wait_for_load_state()
    request.refresh_from_db()
    assert request.state == "enrolled"
    # Two people and one seat: nobody comes in, and who was chosen stays chosen.
    page.goto(f"{root}/workshops/sessions/{values.number}/group/")
    for person in (newcomer, second):
        page.check(f"input[value='{person.pk}']")
    page.locator("main form .btn").click()
    expect(page.locator(".alert--stop").first).to_be_visible()
    expect(page.locator(f"input[value='{second.pk}']")).to_be_checked()
    seen()
    assert not values.enrolments.exists()
    page.uncheck(f"input[value='{second.pk}']")
    page.locator("main form .btn").click()
    page.wait_for_url(re.compile(f"/{values.number}/$"))
    assert values.enrolments.get().user == newcomer
    # Who has not done the course of the year.
    page.goto(f"{root}/desk/workshops/duties/?state=all")
    expect(page.locator("main table")).to_contain_text("Sora")
    seen()
