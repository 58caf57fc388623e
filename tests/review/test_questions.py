"""Questions (R6): whom one goes to, how it is asked, and who reads it."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bulletins.story_parts import part_names
from bulletins.transitions import delete_draft, withdraw_case
from network.models import Absence
from review.asked import readable_at
from review.chasing import chase
from review.models import Question
from review.models.questions import MAX_QUESTION
from review.permissions import can_view_question
from review.queries import involves
from review.views.questions import RATE
from tests.factories import make_case, make_country, make_distributor, make_region, make_user
from tests.review.asking import (
    DAY,
    TEXT,
    Network,
    answer,
    ask_at,
    page,
    steps,
    told,
    waiting,
)
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def net():
    cache.clear()
    return Network()


# --- whom it goes to ------------------------------------------------------------------
def test_a_storys_question_goes_to_its_author(net):
    question = net.ask(anchor="did")
    assert (question.owner, question.area) == (net.author, net.area)
    assert question.title == net.case.source_page().title
    assert question.place == str(part_names()["did"])
    assert question.due > timezone.now() + 4 * DAY
    assert told("question_asked") == [net.author.email]
    assert waiting(net.author) == [reverse("question", args=[question.pk])]
    assert waiting(net.lead) == waiting(net.asker) == []
    assert steps(question) == ["asked"]


def test_whoever_is_away_is_passed_over(net):
    today = timezone.localdate()
    Absence.objects.create(user=net.author, since=today - DAY, until=today + 3 * DAY)
    assert net.ask().owner == net.campaigner
    Absence.objects.create(user=net.campaigner, since=today - DAY, until=today + DAY)
    assert net.ask().owner == net.lead


def test_where_everybody_is_away_the_author_has_it(net):
    today = timezone.localdate()
    for person in (net.author, net.campaigner, net.lead, net.editor):
        Absence.objects.create(user=person, since=today - DAY, until=today + DAY)
    assert net.ask().owner == net.author


def test_an_author_who_left_is_not_asked_and_the_load_is_shared(net):
    net.author.is_active = False
    net.author.save()
    assert {net.ask().owner, net.ask().owner} == {net.campaigner, net.lead}


def test_who_reads_the_questions_language_comes_first(net):
    net.author.is_active = False
    net.author.save()
    net.lead.further_languages = ["ar"]
    net.lead.save()
    assert {net.ask(text_language="ar").owner for _n in range(3)} == {net.lead}


def test_an_author_who_asks_at_the_own_story_asks_a_campaigner(net):
    assert net.ask(by=net.author).owner == net.campaigner


def test_without_area_or_campaigner_an_editor_has_it_and_without_anybody_it_waits(net):
    for person in (net.author, net.campaigner, net.lead):
        person.is_active = False
        person.save()
    assert net.ask().owner == net.editor
    net.editor.is_active = False
    net.editor.save()
    question = net.ask()
    assert (question.owner, question.due) == (None, None)
    fresh = make_user("editor")
    chase()
    question.refresh_from_db()
    assert question.owner == fresh
    assert Question.objects.filter(owner=fresh).count() == 2  # and that of who is gone
    assert told("question_asked").count(fresh.email) == 2
    chase()
    assert told("question_asked").count(fresh.email) == 2


def test_a_region_only_storys_question_goes_to_nobody_who_may_not_read_it():
    here, there = make_region("here"), make_region("there")
    case = make_case(
        make_distributor(country=make_country(region=here)), published=True, audience="region"
    )
    area = case.distributor.review_area
    neighbour = make_distributor(country=make_country(region=there)).review_area
    area.neighbour = neighbour
    area.save()
    case.author.is_active = False
    case.author.save()
    stranger = make_user("lead", review_area=neighbour)
    editor = make_user("editor")
    asker = make_user(distributor=make_distributor(country=make_country(region=here)))
    question = ask_at(case, asker)
    assert question.owner == editor
    assert not can_view_question(stranger, question)


# --- the form -------------------------------------------------------------------------
def address(case, kind="story", **query) -> str:
    return reverse("question_ask", args=[kind, case.number]) + "?in=en"


def test_the_form_asks_and_says_who_answers(client, net):
    client.force_login(net.asker)
    response = client.post(address(net.case), {"text": TEXT, "written_in": "en", "at": "did"})
    question = Question.objects.get()
    assert response.url == reverse("question", args=[question.pk])
    assert net.author.display_name in client.get(response.url).text
    assert (question.anchor, question.is_private, question.text) == ("did", False, TEXT)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": " "},
        {"text": "x" * (MAX_QUESTION + 1)},
        {"written_in": "tlh"},
        {"at": "nowhere"},
    ],
)
def test_what_cannot_be_taken_is_refused_and_kept(client, net, changes):
    client.force_login(net.asker)
    data = {"text": TEXT, "written_in": "en", "private": "1"} | changes
    response = client.post(address(net.case), data)
    assert response.status_code == 400
    assert f">{data['text']}</textarea>" in response.text
    assert 'value="1" checked' in response.text
    assert not Question.objects.exists()


def test_what_was_typed_survives_a_sign_in(client, net):
    assert "/accounts/login/" in client.post(address(net.case), {"text": TEXT}).url
    client.force_login(net.asker)
    assert TEXT in client.get(address(net.case)).text
    assert TEXT not in client.get(address(net.case)).text


def test_questions_an_hour_are_limited_and_the_words_kept(client, net):
    client.force_login(net.asker)
    for _number in range(int(RATE.partition("/")[0])):
        assert client.post(address(net.case), {"text": ""}).status_code == 400
    response = client.post(address(net.case), {"text": TEXT, "written_in": "en"})
    assert (response.status_code, Question.objects.count()) == (429, 0)
    assert TEXT in response.text


@pytest.mark.parametrize(("kind", "key"), [("soup", "1"), ("story", "9"), ("issue", "x")])
def test_what_is_not_there_cannot_be_asked_about(client, net, kind, key):
    client.force_login(net.asker)
    for name in ("question_ask", "questions_about", "rate"):
        assert client.get(reverse(name, args=[kind, key]) + "?in=en").status_code == 404


# --- who reads it ---------------------------------------------------------------------
def everybody(net) -> dict:
    return {
        "asker": net.asker,
        "author": net.author,
        "campaigner": net.campaigner,
        "lead": net.lead,
        "editor": net.editor,
        "reader": net.reader,
    }


def readers(net, question) -> str:
    """Who may view it, by predicate and by queryset alike."""
    seen = []
    for name, user in everybody(net).items():
        may = can_view_question(user, question)
        assert may == readable_at("story", net.case.number, user).filter(pk=question.pk).exists()
        mine = Question.objects.filter(involves(user), pk=question.pk).exists()
        assert mine <= may
        seen += [name] if may else []
    return " ".join(seen)


def test_a_public_question_is_read_by_who_reads_the_story_a_private_one_by_two(client, net):
    public, private = net.ask(text="Public words"), net.ask(text="Private words", is_private=True)
    assert readers(net, public) == "asker author campaigner lead editor reader"
    assert readers(net, private) == "asker author"
    url = net.case.source_page().get_url()
    assert "Public words" not in client.get(url).text  # a visitor
    client.force_login(net.reader)
    shown = client.get(url).text
    assert ("Public words" in shown, "Private words" in shown) == (True, False)
    client.force_login(net.asker)
    assert "Private words" in client.get(url).text


def test_a_public_question_answered_in_private_leaves_the_page(client, net):
    question = net.ask()
    answer(question, net.author, is_private=True)
    question.refresh_from_db()
    assert readers(net, question) == "asker author"
    client.force_login(net.reader)
    assert TEXT not in client.get(net.case.source_page().get_url()).text


def test_a_private_question_stays_so_whatever_the_answerer_chooses(net):
    question = net.ask(is_private=True)
    answer(question, net.author, is_private=False)
    question.refresh_from_db()
    assert readers(net, question) == "asker author"


@pytest.mark.slow
def test_a_private_question_is_met_nowhere(client, net, mailoutbox):
    """Pages, lists, search, the API, desks, other people's mail; a control meets the public one."""
    word = "Quokkafence"
    net.ask(text=f"{word} private?", is_private=True)
    case = net.case

    def met(user) -> list[str]:
        client.force_login(user)
        found = []
        for url in (
            case.source_page().get_url(),
            reverse("questions_about", args=["story", case.number]),
            reverse("questions"),
            reverse("desk"),
            "/en/",
            f"/en/search/?q={word}",
            f"/en/search/complete/?q={word[:6]}",
            f"/api/v1/search?q={word}",
            reverse("people"),
        ):
            text = client.get(url).text.replace(f"?q={word}", "").replace(f'value="{word}"', "")
            found += [url] if f"{word} p" in text else []
        return found

    for user in (net.reader, net.campaigner, net.lead, net.editor):
        assert met(user) == []
    net.ask(text=f"{word} public?")
    assert met(net.reader) == [
        case.source_page().get_url(),
        reverse("questions_about", args=["story", case.number]),
    ]
    send_due()
    to = {mail.to[0] for mail in mailoutbox if f"{word} private" in mail.body}
    assert to == {net.author.email}


def test_a_withdrawn_storys_questions_are_for_whoever_is_in_them(client, net):
    question = net.ask()
    withdraw_case(net.case, by=net.author, reason="Wrong figures.")
    assert not can_view_question(net.reader, question)
    shown = page(client, net.asker, question)
    assert (shown.status_code, TEXT in shown.text) == (200, True)
    answer(question, net.author)
    assert told("question_answered") == [net.asker.email]


def test_a_drafts_question_is_the_authors_and_the_campaigners_only(client, net):
    draft = make_case(net.case.distributor, net.author, title="Secret title")
    question = ask_at(draft, net.author, kind="draft", anchor="causes")
    assert (question.is_private, question.owner) == (True, net.campaigner)
    assert not can_view_question(net.editor, question)
    shown = page(client, net.campaigner, question)
    assert shown.status_code == 200
    assert reverse("case_follow", args=[draft.number]) not in shown.text  # not theirs to open
    delete_draft(draft, by=net.author)
    assert not Question.objects.exists()
