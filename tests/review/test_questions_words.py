"""Questions (R6): in both languages, and what their pages cost."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from network.permissions import region_scopes
from network.registry import desk_items
from review.asked import questions_on
from review.asking import (
    translate_question,
)
from review.chasing import chase
from review.models import WorkingTranslation
from review.models.questions import OPEN_QUESTIONS
from tests.factories import make_user
from tests.review.asking import (
    Network,
    answer,
    page,
    told,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def net():
    cache.clear()
    return Network()


# --- in both languages ----------------------------------------------------------------
def test_question_and_answer_stand_beside_their_translations(client, net):
    net.asker.interface_language = "ar"
    net.asker.save()
    translator = make_user("translator", language="ar", further_languages=["ar"])
    question = net.ask(text="هل ينجح ذلك؟", text_language="ar")
    assert (question.text_wanted_in, question.answer_wanted_in) == ("en", "")
    [item] = [item for item in desk_items(make_reader_of_both()) if "#translate" in item.url]
    assert item.language == "ar"
    client.force_login(translator)
    url = reverse("question", args=[question.pk])
    data = {"do": "translate", "part": "question", "to": "en", "translation": "Does it work?"}
    assert client.post(url, data).status_code == 302
    question.refresh_from_db()
    assert question.text_wanted_in == ""
    assert told("question_translated") == [net.author.email]
    shown = page(client, net.author, question).text
    assert "هل ينجح ذلك؟" in shown
    assert "Does it work?" in shown
    answer(question, net.author)
    question.refresh_from_db()
    assert question.answer_wanted_in == "ar"
    translate_question(question, part="answer", language="ar", text="نعم، بشخصين.", by=translator)
    assert sorted(told("question_translated")) == sorted([net.author.email, net.asker.email])
    [row] = questions_on("story", net.case.number, "en", net.asker).rows
    assert {part: words.text for part, words in row.working.items()} == {"answer": "نعم، بشخصين."}
    client.force_login(net.asker)
    shown = client.get(net.case.source_page().get_url()).text
    assert "نعم، بشخصين." in shown
    assert "Yes, with two people." in shown


def test_words_in_any_language_they_read_are_enough(net):
    net.asker.interface_language, net.asker.further_languages = "th", ["ar"]
    net.asker.save()
    translator = make_user(further_languages=["ar"])
    question = net.ask()
    answer(question, net.author)
    question.refresh_from_db()
    assert question.answer_wanted_in == "th"
    translate_question(question, part="answer", language="ar", text="نعم.", by=translator)
    question.refresh_from_db()
    assert question.answer_wanted_in == ""
    assert told("question_translated") == [net.asker.email]


def make_reader_of_both():
    """A translator into English who reads Arabic."""
    return make_user("translator", language="en", further_languages=["ar"])


def test_only_who_reads_both_languages_and_the_question_translates_it(net):
    question = net.ask(is_private=True)
    both = make_user(further_languages=["ar"])
    for person in (both, net.author, net.asker):
        with pytest.raises(PermissionDenied):
            translate_question(question, part="question", language="ar", text="x", by=person)
    assert not WorkingTranslation.objects.exists()
    net.author.further_languages = ["ar"]
    net.author.save()
    question = net.ask(is_private=True)
    translate_question(question, part="question", language="ar", text="نص", by=net.author)
    translate_question(question, part="question", language="ar", text=" ", by=net.author)
    assert not WorkingTranslation.objects.exists()


def test_a_private_questions_words_wait_on_no_translators_desk(net):
    net.ask(text="سؤال", text_language="ar", is_private=True)
    assert waiting(make_reader_of_both()) == []
    net.ask(text="سؤال", text_language="ar")
    assert len(waiting(make_reader_of_both())) == 1


# --- what it costs --------------------------------------------------------------------
def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["asker", "author"])
def test_lists_cost_the_same_with_one_question_and_with_three(client, net, who):
    client.force_login(getattr(net, who))
    urls = [
        reverse("questions"),
        reverse("questions_about", args=["story", net.case.number]),
        net.case.source_page().get_url(),
        reverse("desk"),
    ]
    net.ask(text="One?")
    for url in urls:
        client.get(url)
    cache.delete(OPEN_QUESTIONS)
    one = [queries(client, url) for url in urls]
    for number in range(2):
        by = make_user()
        net.ask(text=f"More {number}?", by=by if who == "author" else net.asker)
    cache.delete(OPEN_QUESTIONS)
    assert [queries(client, url) for url in urls] == one


def test_a_story_without_questions_costs_no_query_for_them(net, django_assert_num_queries):
    questions_on("story", net.case.number, "en", net.reader)
    with django_assert_num_queries(0):
        questions_on("story", net.case.number, "en", net.reader)
    net.ask()
    questions_on("story", net.case.number, "en", net.reader)
    with django_assert_num_queries(1):
        questions_on("story", net.case.number, "en", net.reader)


def test_a_questions_page_costs_the_same_however_many_could_have_it(client, net):
    question = net.ask()
    client.force_login(net.author)
    url = reverse("question", args=[question.pk])
    client.get(url)
    few = queries(client, url)
    for _number in range(3):
        make_user("editor")
        make_user("campaigner", review_area=net.area)
    assert client.get(url).text.count("<option") > 6
    assert queries(client, url) == few


def test_the_sweep_costs_a_query_where_nothing_is_due(net, django_assert_num_queries):
    net.ask()
    chase()
    with django_assert_num_queries(1):
        chase()


def test_the_desk_asks_once_for_questions(net, django_assert_num_queries):
    from review.question_desk import items, to_translate

    for _number in range(3):
        net.ask()
    with django_assert_num_queries(1):
        assert len(list(items(net.author))) == 3
    translator = make_reader_of_both()
    region_scopes(translator)  # loads what the permissions keep of a person
    list(to_translate(translator))
    for _number in range(3):
        net.ask(text="سؤال", text_language="ar")
    with django_assert_num_queries(2):
        assert len(list(to_translate(translator))) == 3
