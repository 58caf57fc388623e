"""Questions at the book's sections and at issues: the asker's own campaigner answers (R6)."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from gkc_site.demo.people import load_people
from gkc_site.demo.questions import load_questions
from network.models import User
from review.asking import ask
from review.models import Question
from review.permissions import can_view_question
from review.registry import askable_of
from silver_book.models import BookSectionPage
from tests.factories import make_case, make_distributor, make_issue, make_user
from tests.silver_book.conftest import folder, take_in  # noqa: F401  (fixtures)
from tests.silver_book.test_importing import section

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GO_AND_SEE = "/silver-book/way/words/go-and-see/"


@pytest.fixture
def people():
    cache.clear()
    firm = make_distributor()
    campaigner = make_user("campaigner", review_area=firm.review_area)
    return make_user(distributor=firm, first_name="Rosa"), campaigner, make_user("editor")


def ask_at(kind: str, key: str, by, **given) -> Question:
    given = {
        "text": "How often?",
        "language": "en",
        "anchor": "",
        "text_language": "en",
        "is_private": False,
    } | given
    return ask(kind, key, by=by, **given)


def test_a_sections_question_goes_to_the_askers_campaigner_and_shows_there(
    client,
    take_in,  # noqa: F811
    people,
):
    take_in("en", "ar")
    asker, campaigner, editor = people
    key = str(section().translation_key)
    place = askable_of("section").places(section())[1]
    client.force_login(asker)
    page = client.get(f"/en{GO_AND_SEE}").text
    url = reverse("question_ask", args=["section", key]) + "?in=en"
    assert url in page
    data = {"text": "How often?", "written_in": "en", "at": place.anchor}
    assert client.post(url, data).status_code == 302
    question = Question.objects.get()
    assert (question.owner, question.quoted) == (campaigner, place.words)
    for language in ("en", "ar"):  # all its languages share them
        assert "How often?" in client.get(f"/{language}{GO_AND_SEE}").text
    ask_at("section", key, asker, text="In private?", is_private=True)
    assert "In private?" in client.get(f"/en{GO_AND_SEE}").text
    client.force_login(make_user())  # what is kept of the page for others holds none of it
    page = client.get(f"/en{GO_AND_SEE}").text
    assert ("How often?" in page, "In private?" in page) == (True, False)
    client.logout()
    assert "How often?" not in client.get(f"/en{GO_AND_SEE}").text
    BookSectionPage.objects.update(live=False)
    assert not can_view_question(editor, question)
    assert can_view_question(asker, question)


def test_who_campaigns_alone_asks_an_editor(take_in, people):  # noqa: F811
    take_in("en")
    _asker, campaigner, editor = people
    assert ask_at("section", str(section().translation_key), campaigner).owner == editor


def test_an_issues_question_shows_at_the_issue(client, people):
    asker, campaigner, _editor = people
    issue = make_issue(cases=(make_case(published=True),), released=True)
    question = ask_at("issue", str(issue.pk), asker)
    assert question.owner == campaigner
    client.force_login(make_user())
    address = f"/en/bulletins/{issue.month:%Y/%m}/"
    assert "How often?" in client.get(address).text
    client.logout()
    assert "How often?" not in client.get(address).text
    planned = make_issue(datetime.date(2026, 12, 1))
    assert client.get(reverse("question_ask", args=["issue", planned.pk])).status_code == 302
    client.force_login(asker)
    url = reverse("question_ask", args=["issue", planned.pk]) + "?in=en"
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("kind", ["story", "issue", "section", "area"])
def test_visible_keys_take_any_text_and_none_of_a_visitor(kind):
    askable = askable_of(kind)
    odd = ["", "x", "²", "9" * 30, "00000000-0000-0000-0000-000000000000", "<b>"]
    assert askable.visible(make_user(), odd) == set()
    assert askable.visible(None, odd) == set()
    assert askable.find("9" * 30, "en") is None


def test_the_demos_questions_load_once_and_wait_for_who_is_there(settings, tmp_path):
    settings.GKC_HOME = tmp_path
    load_people()
    # Neither stories nor issues nor the book here: only what is asked at areas.
    assert load_questions() == 2
    assert load_questions() == 0
    away = User.objects.get(email="kanya.srisuk@th.example")
    owners = {question.area.slug: question.owner for question in Question.objects.all()}
    assert owners["brazil"].email == "rafael.azevedo@br.example"
    assert owners["thailand"] != away
    assert away.absences.count() == 1
