"""A member asks, whoever knows answers: in English at a desk, in Arabic on a phone."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from review.models import Question
from tests.factories import make_case, make_distributor, make_user
from tests.journeys.pages import fits, look

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
QUESTION = "Does it work with half the staff?"
ANSWER = "Yes. Begin with one shift, and count for a week."
ARABIC = "من يساعدنا على البدء؟"
ARABIC_ANSWER = "أنا. اتصلوا بي يوم الأحد."


def seen(page, language: str) -> None:
    look(page, language)
    fits(page)


def test_a_question_at_a_story_is_answered_for_all_its_readers(device, live_server, sign_in):
    cache.clear()
    case = make_case(published=True)
    reader, stranger = make_user(first_name="Rosa"), make_user(first_name="Omar")
    story = live_server.url + case.source_page().get_url()

    asking = device(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(asking, reader)
    asking.goto(story)
    asking.get_by_role("link", name="Ask a question").click()
    seen(asking, "en")
    asking.get_by_label("Where").select_option("did")
    asking.get_by_label("Your question").fill(QUESTION)
    asking.get_by_label("Your question").press("Tab")
    asking.get_by_role("button", name="Ask", exact=True).press("Enter")
    expect(asking.locator(".holder")).to_contain_text(case.author.display_name)
    seen(asking, "en")

    answering = device(viewport={"width": 390, "height": 800}).new_page()
    sign_in(answering, case.author)
    answering.get_by_role("link", name=re.compile(f"^Answer.*{re.escape(QUESTION)}")).click()
    expect(answering.locator("main")).to_contain_text(QUESTION)
    seen(answering, "en")
    # Two at once: what came second is refused, and its words are there to copy.
    second = answering.context.new_page()
    second.goto(answering.url)
    for page in (answering, second):
        page.get_by_label("Answer", exact=True).fill(ANSWER)
    answering.get_by_role("button", name="Send the answer").click()
    expect(answering.locator(".state").first).to_contain_text("Answered")
    second.get_by_role("button", name="Send the answer").click()
    expect(second.get_by_role("alert")).to_contain_text("answered this already")
    expect(second.get_by_label("What you wrote")).to_have_value(ANSWER)
    seen(second, "en")

    reading = device(viewport={"width": 320, "height": 700}, java_script_enabled=False).new_page()
    sign_in(reading, stranger)
    reading.goto(story)
    expect(reading.locator("#question-1, article[id^=question-]").first).to_contain_text(ANSWER)
    visiting = device().new_page()
    visiting.goto(story)
    expect(visiting.locator("body")).not_to_contain_text(QUESTION)


def test_on_an_arabic_phone_the_own_campaigner_is_asked_in_private(device, live_server, sign_in):
    cache.clear()
    firm = make_distributor()
    arabic = {"interface_language": "ar", "further_languages": ["en"]}
    reader = make_user(distributor=firm, first_name="هدى", **arabic)
    campaigner = make_user("campaigner", review_area=firm.review_area, first_name="فيصل", **arabic)
    stranger = make_user(distributor=firm, **arabic)
    phone = {"viewport": {"width": 390, "height": 800}, "locale": "ar"}

    asking = device(**phone, java_script_enabled=False).new_page()
    sign_in(asking, reader, "ar")
    asking.locator(".foot a[href$='/people/mine/']").click()
    expect(asking.locator("main")).to_contain_text("فيصل")
    asking.locator("section a[href*='/questions/area/']").click()
    asking.fill("#text", ARABIC)
    asking.check("input[name=private][value='1']")
    expect(asking.locator("#written_in")).to_have_value("ar")
    asking.locator("main form button.btn").click()
    expect(asking.locator(".thread [lang=ar]").first).to_have_text(ARABIC)
    assert Question.objects.get().owner == campaigner

    answering = device(**phone).new_page()
    sign_in(answering, campaigner, "ar")
    answering.locator("a[href*='/ar/questions/']", has_text=ARABIC).first.click()
    seen(answering, "ar")
    answering.fill("#answer", ARABIC_ANSWER)
    answering.locator("form:has(#answer) button.btn").click()
    expect(answering.locator(".thread")).to_contain_text(ARABIC_ANSWER)
    seen(answering, "ar")
    answering.goto(f"{live_server.url}/ar/people/")
    seen(answering, "ar")

    asking.goto(f"{live_server.url}/ar/questions/")
    asking.locator("main article a").first.click()
    expect(asking.locator(".thread")).to_contain_text(ARABIC_ANSWER)
    # A colleague of the same firm meets neither.
    other = device(**phone).new_page()
    sign_in(other, stranger, "ar")
    slug = firm.review_area.slug
    for address in ("/ar/questions/", f"/ar/questions/area/{slug}/", "/ar/people/", "/ar/desk/"):
        other.goto(live_server.url + address)
        expect(other.locator("body")).not_to_contain_text(ARABIC)
        seen(other, "ar")
    assert other.goto(asking.url).status == 404
