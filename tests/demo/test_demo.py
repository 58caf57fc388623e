"""The demo content is real input: every step a transition, and it loads once."""

import datetime
import itertools
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Page

from bulletins.flow.rules import can_read_coaching
from bulletins.models import (
    BulletinIssue,
    Case,
    CaseStoryPage,
    CoachingNote,
    IssueProposal,
    News,
    RegionalSupplement,
    Stage,
    StageLimit,
)
from bulletins.models.lasting import LastingCheck, Lasts
from bulletins.permissions import has_interest_in
from bulletins.projection import wrong_cases
from bulletins.reach import report
from gkc_site.demo.book import CONTENT
from gkc_site.demo.story_files import story_files
from network.document_texts import read_waiting
from network.models import Country, Distributor, Mandate, Region, User
from network.registry import resolve_references
from review.models import Question, Review
from search.api import drain, embedded_consumer, search
from search.contract import SearchRequest
from search.upkeep import compare
from silver_book.models import BookSectionPage, Edition, FileState
from tests.shared import round_the_tests
from touchpoints.models import Delivery
from translations.models import TextState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for all of these tests and rolled back after them."""
    home = tmp_path_factory.mktemp("demo-home")
    with override_settings(GKC_HOME=home, MEDIA_ROOT=str(home)):
        with round_the_tests(django_db_blocker):
            call_command("demo", verbosity=0)
            yield home


def test_the_demo_holds_what_the_network_needs(demo):
    assert Distributor.objects.count() == 60
    assert Region.objects.count() == 8
    assert Country.objects.values("review_area").distinct().count() == 15
    for firm in Distributor.objects.active():
        assert firm.memberships.filter(contact="first").count() == 1, firm.code
    logins = json.loads((demo / "demo-logins.json").read_text())
    assert {"role", "email", "password"} == set(logins[0])
    for login in logins:
        assert User.objects.get(email=login["email"]).check_password(login["password"])


def test_every_area_has_limits_and_its_lead_has_spoken_with_somebody():
    areas = set(Mandate.objects.filter(role="lead").values_list("review_area", flat=True))
    assert set(StageLimit.objects.values_list("area", flat=True)) == areas
    notes = CoachingNote.objects.select_related("by", "distributor")
    assert notes.count() > len(areas)
    assert all(can_read_coaching(note.by, note.distributor) for note in notes)


def test_stories_stand_in_various_stages_and_agree_with_their_events():
    told = Case.objects.filter(is_archive=True)
    stages = set(told.values_list("stage", flat=True))
    assert stages == {
        Stage.PUBLISHED,
        Stage.READY,
        Stage.EDITING,
        Stage.AREA_REVIEW,
        Stage.NEUTRAL_REVIEW,
        Stage.CHANGES_REQUESTED,
    }
    assert told.count() == 30
    assert wrong_cases() == []
    assert Page.find_problems() == ([], [], [], [], [])


def test_eight_stories_and_all_issues_stand_in_five_languages():
    live = CaseStoryPage.objects.filter(live=True)
    by_case = {}
    for page in live.select_related("locale"):
        by_case.setdefault(page.case_id, set()).add(page.locale.language_code)
    assert sum(languages == {"en", "ja", "es", "ar", "fa"} for languages in by_case.values()) == 8
    made_up = Case.objects.filter(is_archive=False)
    told = BulletinIssue.objects.released().exclude(stories__case__in=made_up)
    assert told.count() == 3
    for issue in told:
        assert issue.pages.filter(live=True).count() == 5
    assert BulletinIssue.objects.filter(stage="planned").count() == 1
    assert not Delivery.objects.filter(state="unreachable").exists()


def test_the_book_stands_in_every_language_that_has_a_folder():
    languages = {folder.name for folder in CONTENT.iterdir() if any(folder.rglob("*.md"))}
    found = set(BookSectionPage.objects.live().values_list("locale__language_code", flat=True))
    assert found == languages
    english = BookSectionPage.objects.live().filter(locale__language_code="en")
    assert english.count() == 47
    assert not TextState.objects.filter(object_key__in=english.values("translation_key")).unread()


def test_the_book_names_the_demos_stories(rf):
    request = rf.get("/en/")
    request.user = User.objects.filter(mandates__role="editor").first()
    named = set()
    for cases in BookSectionPage.objects.filter(locale__language_code="en").values_list("cases"):
        named |= set(cases[0])
    published = {file.slug for file in story_files() if file.facts["state"] == "published"}
    assert set(resolve_references(request, "case", named)) == named & published
    assert len(published) > 10


def test_two_years_of_months_are_there_and_marked_as_examples(client):
    months = list(BulletinIssue.objects.released().order_by("month"))
    assert len(months) == 24
    assert [issue.number for issue in months] == list(range(1, 25))
    assert all(
        later.month == (issue.month + datetime.timedelta(days=31)).replace(day=1)
        for issue, later in itertools.pairwise(months)
    )
    made_up = Case.objects.filter(is_archive=False)
    assert not made_up.filter(is_example=False).exists()
    assert set(made_up.values_list("stage", flat=True)) == {
        *("published", "declined", "withdrawn", "area_review", "neutral_review"),
        *("changes_requested", "editing", "ready"),
    }
    # The rules hold for them too: nobody judged the own firm's story, none came twice.
    for review in Review.objects.all():
        assert not has_interest_in(review.reviewer, review.subject), review.subject
    one = made_up.filter(is_published=True).first()
    client.force_login(User.objects.get(email="ken.morgan@gkc.example"))
    page = client.get(one.source_page().url)
    assert "This story is made up, as an example." in page.content.decode()
    answered = LastingCheck.objects.exclude(answer="")
    assert set(answered.values_list("answer", flat=True)) == set(Lasts.values)
    reached = report(months[0])
    assert reached.of_state("reached")
    assert not reached.of_state("waiting")
    while drain(embedded_consumer()):  # a host’s own index, beside PostgreSQL
        pass
    found = compare()
    assert not [key for key, _language in found.missing if key.startswith(("story:", "issue:"))]
    assert (found.stale, found.orphaned) == ((), ())


def test_a_second_load_adds_nothing(demo, settings):
    before = (Case.objects.count(), User.objects.count(), Page.objects.count())
    settings.GKC_HOME = demo
    call_command("demo", verbosity=0)
    assert (Case.objects.count(), User.objects.count(), Page.objects.count()) == before


def test_demo_logins_do_not_work_outside_demo_mode(demo, client, settings):
    login = json.loads((demo / "demo-logins.json").read_text())[0]
    form = {"login": login["email"], "password": login["password"]}
    settings.DEMO_MODE = False
    assert client.post("/accounts/login/", form).status_code == 200
    settings.DEMO_MODE = True
    assert client.post("/accounts/login/", form).status_code == 302


@pytest.mark.parametrize(
    ("word", "language", "title"),
    [
        ("stocktaking", "en", "Nineteen days of stock"),
        ("evening briefing", "en", "The first recall"),
        ("copy the rows", "en", "Fewer letters"),
        ("stocktaking", "ja", "在庫は19日分"),
    ],
)
def test_the_demos_files_are_found_by_what_stands_in_them(demo, settings, word, language, title):
    settings.MEDIA_ROOT = str(demo)
    read_waiting()
    while drain(embedded_consumer()):  # the sweep of a host with an index of its own
        pass
    filters = {"type": ("story",)}  # the book has sections on the same subjects
    answer = search(SearchRequest(word, language, AnonymousUser(), filters=filters))
    assert answer.hits[0].title.startswith(title)
    assert answer.hits[0].is_in_file


def test_the_book_is_frozen_once_and_its_files_wait():
    edition = Edition.objects.get()
    live = BookSectionPage.objects.filter(live=True)
    assert set(edition.languages) == set(live.values_list("locale__language_code", flat=True))
    for language, numbers in edition.languages.items():
        assert numbers["sections"] == live.filter(locale__language_code=language).count()
    states = edition.files.values_list("state", flat=True)
    assert list(states) == [FileState.WAITING] * 2 * len(edition.languages)
    call_command("demo", verbosity=0)
    assert Edition.objects.get() == edition


def test_members_ask_and_the_campaigners_answer():
    questions = list(Question.objects.order_by("asked_at"))
    assert len(questions) == 7
    assert all(question.owner_id for question in questions)
    assert sum(question.is_open for question in questions) == 4
    assert sum(question.is_private for question in questions) == 1
    rafael = User.objects.get(email="rafael.azevedo@br.example")
    assert Question.objects.waiting_for(rafael).exists()
    assert {question.text_language for question in questions} == {"en", "pt-br", "ar", "th"}
    assert not Question.objects.exclude(answer_wanted_in="").exists()
    # Somebody is away now: whoever stands in has the question meanwhile.
    away = User.objects.get(email="kanya.srisuk@th.example")
    assert not away.questions_to_answer.exists()
    assert Mandate.objects.exclude(nomination_note="").exclude(deputy=None).count() == 4


def test_news_a_supplement_and_a_proposal_are_there_to_see():
    news = News.objects.with_texts()
    assert {row.place.slug if row.place else "" for row in news} == {"", "middle-east"}
    assert all(len(row.texts.all()) == 5 and row.is_out for row in news)
    assert set(RegionalSupplement.objects.out().values_list("language", flat=True)) == {"en", "ar"}
    assert IssueProposal.objects.open().count() == 1
    assert all(BulletinIssue.objects.values_list("theme", flat=True))


def test_the_benchmarks_copy_its_stories(demo):
    from benchmarks.content import YEARS, check_tree, copy_stories, what_to_ask

    before = Case.objects.filter(is_published=True).count()
    copy_stories(2 * len(YEARS))
    check_tree()
    asked = what_to_ask()
    assert asked["stories"] == before + 2 * len(YEARS)
    assert asked["addresses"]["story"].startswith("/en/")
