"""The main journey in a real browser, with a person behind each step."""

import datetime
import types
import zoneinfo
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image
from playwright.sync_api import expect
from pytest_bdd import given, parsers, scenarios, then, when
from wagtail_localize.models import StringSegment

from bulletins.models import BulletinIssue, Case, Stage
from bulletins.tasks import release_due_issues
from network.models import User
from tests.factories import make_distributor, make_user
from tests.factories.network_of_reviewers import make_author, make_reviewing_network
from tests.journeys.pages import accessible, look
from tests.journeys.words import WORDS, figures, in_english
from touchpoints.sending import send_due
from translations.api import begin_translation, translate_page

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
scenarios("main_journey.feature")

PROSE = ("title", "background", "situation", "target", "causes", "did", "happened", "learned")


@pytest.fixture
def at(live_server):
    """The address of a view in a language."""

    def address(language, name, *args):
        with translation.override(language):
            return live_server.url + reverse(name, args=args)

    return address


@pytest.fixture
def road(device, sign_in, at, search_follows):
    """What the steps hand on; `road.open(person, view)` is a page of that person's browser."""
    tabs = {}

    def go(user, name, *args):
        if user.pk not in tabs:
            tabs[user.pk] = device(locale=road.language).new_page()
            sign_in(tabs[user.pk], user, road.language)
        page = tabs[user.pk]
        page.goto(at(road.language, name, *args))
        look(page, road.language)
        return page

    road = types.SimpleNamespace(open=go, search_follows=search_follows)
    return road


@pytest.fixture
def mails(mailoutbox):
    """Send what is due; the mails to a person."""

    def to(user):
        send_due()
        return [mail for mail in mailoutbox if mail.to == [user.email]]

    return to


def fill(page, fields) -> None:
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if name.endswith("_month"):
            field.select_option(value)
        else:
            field.fill(value)


def judge(road, reviewer, action: str, **fields):
    """Press a button of the review desk."""
    page = road.open(reviewer, "review_case", road.case.number)
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.click(f"button[name=action][value={action}]")
    page.wait_for_url("**/desk/review/")
    look(page, road.language)
    road.case.refresh_from_db()


# --- who is there ------------------------------------------------------------------
@given(parsers.parse("a network whose people read {language}"))
def _(road, language, transactional_db):
    road.language, road.words = language, WORDS[language]
    make_reviewing_network()
    User.objects.update(interface_language=language)
    firm = make_distributor("far-away", languages=[language])
    road.contact = make_user("manager", distributor=firm, interface_language=language)


@given(parsers.parse("an author in {country}"))
def _(road, country):
    road.author, firm = make_author(country, interface_language=road.language)


@given("an issue that an editor plans")
def _(road):
    editor = User.objects.get(email="editor1@gkc.example")
    page = road.open(editor, "issue_desks")
    fill(page, {"month": "2026-12", "title": "Before it is late"})
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/issues/*/")
    look(page, road.language)
    road.issue = BulletinIssue.objects.get()


# --- the author ---------------------------------------------------------------------
@when("the author writes every part of a story")
def _(road):
    page = road.open(road.author, "share_start")
    page.select_option("[name=language]", road.language)
    page.click("main form button.btn")
    page.wait_for_url("**/share/*/title/")
    road.case = Case.objects.get()
    assert road.case.source_language == road.language
    numbers = figures(road.language)
    for part in PROSE:
        page.wait_for_url(f"**/{part}/")
        look(page, road.language)
        fill(page, road.words[part] | numbers.get(part, {}))
        if part == "did":
            page.select_option("[name=countermeasures-0-cause]", index=1)
        page.click("button[name=next]")
    page.wait_for_url("**/check/")
    page.check("[name=steps][value=buy]")


@when("adds a photo with a text for those who do not see it")
def _(road, tmp_path):
    photo = tmp_path / "board.jpg"
    Image.effect_noise((1600, 1000), 60).convert("RGB").save(photo, quality=90)
    page = road.open(road.author, "share_part", road.case.number, "check")
    expect(page.locator("[name=steps][value=buy]")).to_be_checked()
    page.set_input_files("#file", photo)
    page.click("button[name=upload]")
    expect(page.locator(".thumbpic")).to_be_visible()
    page.fill("[name=pictures-0-alt]", road.words["photo"])
    accessible(page)


@when("submits it with both ticks")
def _(road):
    page = road.open(road.author, "share_part", road.case.number, "check")
    expect(page.locator("[name=pictures-0-alt]")).to_have_value(road.words["photo"])
    page.click("button[name=submit]")  # without the ticks: told why, nothing lost
    expect(page.locator("#problems")).to_be_focused()
    accessible(page)
    _submit(road, page)


def _submit(road, page) -> None:
    page.check("[name=people_agreed]")
    page.check("[name=no_customer_data]")
    page.click("button[name=submit]")
    page.wait_for_url(f"**/desk/stories/{road.case.number}/")
    look(page, road.language)
    road.case.refresh_from_db()


@then("the author sees who has it")
def _(road):
    assert road.case.stage == Stage.AREA_REVIEW
    page = road.open(road.author, "case_follow", road.case.number)
    expect(page.locator("main .holder").first).to_contain_text(road.case.holder.display_name)
    desk = road.open(road.author, "desk")
    expect(desk.locator(".waybox")).to_contain_text(road.words["title"]["title"])


@then("a campaigner of the area has it on the desk")
def _(road):
    road.campaigner = road.case.holder
    page = road.open(road.campaigner, "desk")
    expect(page.locator(".task h3").first).to_contain_text(road.words["title"]["title"])


# --- one round ------------------------------------------------------------------------
@when("the campaigner asks for a change beside a paragraph")
def _(road):
    page = road.open(road.campaigner, "review_case", road.case.number)
    said = page.locator(".rv", has_text=road.words["situation"]["situation"])
    said.locator("details summary").click()
    said.locator("textarea").fill(road.words["ask"])
    said.locator("button[value^='note:']").click()
    expect(page.locator(".thread")).to_contain_text(road.words["ask"])
    accessible(page)
    judge(road, road.campaigner, "request_changes", reason=road.words["ask"])
    assert road.case.stage == Stage.CHANGES_REQUESTED


@then("the request lies in the author's mail")
def _(road, mails):
    html = mails(road.author)[-1].alternatives[0][0]
    assert f"/{road.language}/desk/stories/{road.case.number}/" in html
    assert ('dir="rtl"' in html) is (road.language == "ar")
    page = road.open(road.author, "case_follow", road.case.number)
    expect(page.locator(".notegroup .thread")).to_contain_text(road.words["ask"])


@when("the author answers, changes the paragraph and submits again")
def _(road):
    page = road.open(road.author, "case_follow", road.case.number)
    page.locator(".notegroup details summary").click()
    page.locator(".notegroup textarea").fill(road.words["answer"])
    page.locator(".notegroup form", has=page.locator("textarea")).locator("button").click()
    expect(page.locator(".notegroup .reply")).to_contain_text(road.words["answer"])
    page = road.open(road.author, "share_part", road.case.number, "situation")
    expect(page.locator("form .thread, .thread").first).to_contain_text(road.words["ask"])
    page.fill("[name=situation]", road.words["changed"])
    page.click("button[name=next]")
    page.wait_for_url("**/target/")
    _submit(road, road.open(road.author, "share_part", road.case.number, "check"))


@then("the campaigner sees the answer and what changed")
def _(road):
    assert (road.case.stage, road.case.holder) == (Stage.AREA_REVIEW, road.campaigner)
    page = road.open(road.campaigner, "review_case", road.case.number)
    expect(page.locator(".thread").first).to_contain_text(road.words["answer"])
    expect(page.locator(".rv ins").first).to_be_visible()


@when("the campaigner approves")
def _(road):
    judge(road, road.campaigner, "approve")


@when("a campaigner of another region approves")
def _(road):
    assert road.case.stage == Stage.NEUTRAL_REVIEW
    road.neutral = road.case.holder
    assert road.neutral != road.campaigner
    judge(road, road.neutral, "approve")
    assert road.case.stage == Stage.EDITING


@when("its whole text stands in English, read by a second person")
def _(road):
    if road.language == "en":
        return
    writer, reader = (
        make_user("translator", language="en", interface_language=road.language) for _n in "12"
    )
    page, english = road.case.source_page(), in_english(road.language)
    begin_translation(page, "en", by=writer)
    segments = StringSegment.objects.filter(source__object_id=page.translation_key)
    texts = {
        segment.context.path: english[segment.string.data]
        for segment in segments.select_related("context", "string")
    }
    translate_page(page, "en", texts, by=writer)
    tab = road.open(reader, "translate_read", page.translation_key, "en")
    expect(tab.locator("main")).to_contain_text("First reply before noon")
    tab.locator("main .savebar button").click()
    tab.wait_for_url("**/desk/translate/")
    look(tab, road.language)


# --- the issue ---------------------------------------------------------------------------
@when("an editor makes it ready with the issue")
def _(road):
    road.editor = road.case.holder
    page = road.open(road.editor, "review_case", road.case.number)
    page.select_option("[name=choice-ready]", str(road.issue.pk))
    page.click("button[name=action][value=ready]")
    page.wait_for_url("**/desk/review/")
    road.case.refresh_from_db()
    assert road.case.stage == Stage.READY


@when("the editor introduces it and freezes the issue")
def _(road, at):
    page = road.open(road.editor, "issue_desk", road.issue.pk)
    story = page.locator(f"#story-{road.case.number}")
    story.locator("textarea").fill("Who opens, calls.")
    story.locator("form").first.locator("button").click()
    expect(story.locator("textarea")).to_have_value("Who opens, calls.")
    road.open(road.editor, "issue_page_preview", road.issue.pk, road.language)
    # The mail's preview is sandboxed: no script runs there, axe's neither.
    mail = page.request.get(at("en", "issue_mail_preview", road.issue.pk, road.language))
    assert road.words["title"]["title"] in mail.text()
    page = road.open(road.editor, "issue_desk", road.issue.pk)
    road.minute = timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(minutes=5)
    local = road.minute.astimezone(zoneinfo.ZoneInfo(road.editor.time_zone))
    page.fill("[name=release_at]", f"{local:%Y-%m-%dT%H:%M}")
    page.locator("form[action$='/schedule/'] button").click()
    expect(page.locator("button[formaction$='/release/']")).to_be_visible()
    look(page, road.language)


@then("no reader finds it yet")
def _(road):
    assert release_due_issues() == 0
    page = road.open(road.contact, "search")
    page.goto(f"{page.url}?q={road.words['word']}")
    expect(page.locator(".hit")).to_have_count(0)
    look(page, road.language)


@when("the minute of the release comes")
def _(road, mails):
    with time_machine.travel(road.minute + datetime.timedelta(seconds=5)):
        assert release_due_issues() == 1
        road.sent = mails(road.contact)
    road.search_follows()
    road.case.refresh_from_db()
    assert (road.case.stage, road.case.is_published) == (Stage.PUBLISHED, True)


@then("the bulletin lies in the contact's mailbox")
def _(road):
    html = road.sent[-1].alternatives[0][0]
    assert road.words["title"]["title"] in html
    assert f"/{road.language}/stories/" in html
    assert ('dir="rtl"' in html) is (road.language == "ar")


# --- the reader --------------------------------------------------------------------------
@then("a reader finds the story with the word marked")
def _(road):
    page = road.open(road.contact, "search")
    page.locator("#qq").fill(road.words["word"])
    page.locator("#search button[type=submit]").first.click()
    hit = page.locator(".hit", has_text=road.words["title"]["title"])
    expect(hit.locator("mark").first).to_contain_text(road.words["word"])
    look(page, road.language)
    hit.locator("h3 a").click()
    page.wait_for_url("**/stories/**")
    road.page = page


@then("reads it with its figures in their own digits")
def _(road):
    look(road.page, road.language)
    expect(road.page.locator("h1")).to_have_text(road.words["title"]["title"])
    expect(road.page.locator("main")).to_contain_text(road.words["changed"])
    expect(road.page.locator("main")).to_contain_text(road.words["shown"])
    expect(road.page.locator(f"img[alt='{road.words['photo']}']")).to_be_visible()
    result = road.case.source_page().results[0].value
    assert (result["before"], result["after"]) == (Decimal("31.5"), Decimal("3.4"))


@then("opens the issue it came with")
def _(road, live_server):
    road.page.goto(f"{live_server.url}/{road.language}/bulletins/2026/12/")
    look(road.page, road.language)
    road.page.get_by_role("link", name=road.words["title"]["title"]).first.click()
    road.page.wait_for_url("**/stories/**")


@then("opens it as one A3 sheet")
def _(road):
    road.page.locator("a[href*='/a3/']").click()
    road.page.wait_for_url("**/a3/**")
    look(road.page, road.language)
    expect(road.page.locator(".a3")).to_contain_text(road.words["title"]["title"])
    expect(road.page.locator(".a3")).to_contain_text(road.words["shown"])
