"""A trainee's whole way and a trainer's evening in Japanese; campaigners' and executives' pages."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_programme_page,
    make_session,
    make_trainee,
)
from tests.journeys.test_certificate import (
    DESK,
    PHONE,
    TITLES,
    evaluates,
    gets_the_certificate,
    is_checked,
    seen,
)
from tests.workshops.after import attend, attended, evaluate, make_past
from workshops.models import AttendanceMark, Enrolment, Reflection, Session

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def a_programme(**fields):
    programme = make_programme("go-and-see", name="Go and see", **fields)
    for language in ("ar", "ja"):
        make_programme_page(programme, language, title=TITLES[language])
    return programme


def let_it_pass(session: Session) -> None:
    """As if its days were over: it ended yesterday."""
    back = session.ends_at - timezone.now() + datetime.timedelta(days=1)
    for day in session.days.all():
        day.starts_at, day.ends_at = day.starts_at - back, day.ends_at - back
        day.save()
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at - back,
        ends_at=session.ends_at - back,
        enrol_until=session.enrol_until - back,
        state="done",
    )


def test_a_trainees_whole_way_in_japanese(device, sign_in, live_server):
    root = live_server.url
    trainer = make_user("trainer", first_name="Mei")
    session = make_session(a_programme(), in_days=20, trainers=[trainer], city="名古屋")
    person = make_trainee(first_name="美咲", last_name="佐藤", interface_language="ja")
    page = device(**PHONE).new_page()
    sign_in(page, person, "ja")
    page.goto(f"{root}/ja/workshops/")
    page.click("section[aria-labelledby=programmes] a[href$='/go-and-see/']")
    expect(page.locator("h1")).to_have_text(TITLES["ja"])
    page.click(f"main a[href$='/{session.number}/']")
    seen(page, "ja")
    page.click("form[action$='/enrol/'] button")
    expect(page.locator("form[action$='/leave/']")).to_be_visible()
    seen(page, "ja")
    let_it_pass(session)
    attend(session, [Enrolment.objects.get(user=person)], by=trainer)
    page.goto(f"{root}/ja/desk/")
    page.locator("main a[href$='/evaluation/']").first.click()
    evaluates(page, root, session, "ja")
    found = gets_the_certificate(page, root, person, "ja")
    assert found.titles["ja"] == TITLES["ja"]
    employer = device(locale="ja", **DESK).new_page()
    is_checked(employer, root, found, "ja")


def test_a_trainers_evening_on_a_tablet_in_japanese(device, sign_in, live_server):
    root, programme = live_server.url, a_programme()
    trainer = make_user("trainer", first_name="舞", last_name="林", interface_language="ja")
    home = make_home()
    # Five who spoke after the last time, so that there is something to read.
    before = make_past(programme, trainers=[trainer], ago=40)
    evaluate(attended(before, 5, by=trainer), level=2, words="もっと現場を見たい")
    session = make_past(programme, trainers=[trainer], ago=0.1)
    for name in ("佐藤", "鈴木", "高橋"):
        make_enrolment(session, make_trainee(home, first_name="美咲", last_name=name))
    page = device(**TABLET).new_page()
    sign_in(page, trainer, "ja")
    page.goto(f"{root}/ja/desk/teaching/")
    seen(page, "ja")
    page.goto(f"{root}/ja/workshops/sessions/{session.number}/attendance/")
    seen(page, "ja")
    page.locator(".roll li").first.locator(".answer__choice--no").tap()
    page.tap("button[name=all]")
    expect(page.locator("button[name=all]")).to_have_count(0)
    seen(page, "ja")
    assert sorted(
        AttendanceMark.objects.filter(day__session=session).values_list("is_present")
    ) == [
        (False,),
        (True,),
        (True,),
    ]
    page.locator("form[action$='/close/'] button").tap()
    expect(page.locator(".alert--ok").first).to_be_visible()
    seen(page, "ja")
    results = f"{root}/ja/workshops/sessions/{before.number}/results/"
    page.goto(results)
    expect(page.locator("main")).to_contain_text("もっと現場を見たい")
    seen(page, "ja")
    page.locator("a[href$='/reflect/']").first.tap()
    page.fill("[name=gap_from]", "現場は一日だけ")
    page.fill("[name=gap_to]", "現場を二日")
    page.locator("main form.stack button.btn").tap()  # no action, no day yet
    expect(page.locator("[name=gap_from]")).to_have_value("現場は一日だけ")
    seen(page, "ja")
    page.fill("[name=action]", "午後を工場で行う")
    due = timezone.localdate() + datetime.timedelta(days=30)
    page.fill("[name=due_on]", due.isoformat())
    page.locator("main form.stack button.btn").tap()
    page.wait_for_url(results)
    expect(page.locator("section[aria-labelledby=reflections]")).to_contain_text("現場を二日")
    seen(page, "ja")
    assert Reflection.objects.get().owner == trainer
    page.locator("section[aria-labelledby=reflections] article a").tap()
    page.wait_for_url(re.compile("/desk/reflections/"))
    seen(page, "ja")


@pytest.mark.parametrize(("language", "window"), [("en", DESK), ("ja", DESK), ("ar", PHONE)])
def test_campaigners_and_executives_see_what_is_taught_and_how_full(
    device, sign_in, live_server, language, window
):
    home = make_home("asia")
    programme = a_programme()
    trainer = make_user("trainer")
    past = make_past(programme, trainers=[trainer], country=home.country, ago=20)
    rows = [make_enrolment(past, make_trainee(home)) for _ in range(5)]
    attend(past, rows, by=trainer, absent=rows[:1])
    ahead = make_session(programme, country=home.country, seats=2, trainers=[trainer])
    make_enrolment(ahead, make_trainee(home))
    area = home.country.review_area
    people = (
        make_user("campaigner", review_area=area, distributor=make_distributor()),
        make_user("executive"),
    )
    root = f"{live_server.url}/{language}"
    for person in people:
        page = device(**window).new_page()
        sign_in(page, person, language)
        page.goto(f"{root}/workshops/")
        page.locator("main a[href$='/go-and-see/']").first.click()
        expect(page.locator("h1")).to_have_text(TITLES[language])
        seen(page, language)
        page.goto(f"{root}/workshops/sessions/{ahead.number}/")
        seen(page, language)
        page.goto(f"{root}/desk/workshops/figures/")
        seen(page, language)
        # From the sums to the dates behind a row, and each date's own page.
        page.locator("table th[scope=row] a").first.click()
        expect(page.locator("section[aria-labelledby=dates]")).to_contain_text(past.number)
        seen(page, language)
        page.goto(f"{root}/desk/workshops/figures/?by=programme")
        expect(page.locator("table").first).to_contain_text(TITLES[language])
        seen(page, language)
        with page.expect_download() as sheet:
            page.locator("a[href*='figures.csv'], a[href*='csv']").first.click()
        lines = open(sheet.value.path(), encoding="utf-8-sig").read().splitlines()
        assert TITLES[language] in lines[1]
