"""Questions (R6): answered, handed on, reminded, escalated."""

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from network.models import Absence
from network.transitions import close_account
from review.asking import (
    hand_on,
    remind,
    withdraw,
)
from review.chasing import chase, recompute
from review.exceptions import ReviewRefused
from review.models import Question, QuestionEvent
from review.models.questions import MAX_ANSWER
from review.permissions import can_view_question
from tests.factories import make_user
from tests.review.asking import (
    DAY,
    Network,
    answer,
    later,
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


# --- answers --------------------------------------------------------------------------
def test_an_answer_stands_at_the_story_and_its_asker_is_told(client, net):
    question = net.ask()
    client.force_login(net.author)
    data = {"do": "answer", "answer": "Yes, with two.", "written_in": "en"}
    assert client.post(reverse("question", args=[question.pk]), data).status_code == 302
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Yes, with two.", net.author)
    assert not question.is_open
    assert waiting(net.author) == []
    assert told("question_answered") == [net.asker.email]
    client.force_login(net.reader)
    assert "Yes, with two." in client.get(net.case.source_page().get_url()).text


@pytest.mark.parametrize(
    "changes",
    [{"answer": ""}, {"answer": "x" * (MAX_ANSWER + 1)}, {"written_in": "tlh"}],
)
def test_a_refused_answer_keeps_its_words(client, net, changes):
    question = net.ask()
    client.force_login(net.author)
    data = {"do": "answer", "answer": "Yes.", "written_in": "en", "private": "1"} | changes
    response = client.post(reverse("question", args=[question.pk]), data)
    assert response.status_code == 400
    assert f">{data['answer']}</textarea>" in response.text
    question.refresh_from_db()
    assert question.is_open


def two_readers(question) -> tuple[Question, Question]:
    return Question.objects.get(pk=question.pk), Question.objects.get(pk=question.pk)


def test_the_second_of_two_answers_is_refused_and_its_words_are_kept(client, net):
    question = net.ask()
    first, second = two_readers(question)
    answer(first, net.author, text="First.")
    with pytest.raises(ReviewRefused):
        answer(second, net.author, text="Second.")
    client.force_login(net.author)
    data = {"do": "answer", "answer": "Third.", "written_in": "en"}
    response = client.post(reverse("question", args=[question.pk]), data)
    assert (response.status_code, "Third." in response.text) == (400, True)
    question.refresh_from_db()
    assert question.answer == "First."
    assert steps(question) == ["asked", "answered"]
    assert told("question_answered") == [net.asker.email]


def test_control_plain_saves_let_both_answers_through(net):
    question = net.ask()
    for stale, text in zip(two_readers(question), ("First.", "Second."), strict=True):
        assert stale.is_open
        stale.answer, stale.answered_at = text, timezone.now()
        stale.save()  # if this fails, the test above proves nothing
    question.refresh_from_db()
    assert question.answer == "Second."


def test_an_answer_after_it_was_taken_back_or_handed_on_is_refused(net):
    gone, given = net.ask(), net.ask()
    withdraw(gone, by=net.asker)
    with pytest.raises(ReviewRefused):
        answer(gone, net.author)
    hand_on(given, to=net.lead, reason="She knows.", by=net.author)
    with pytest.raises(PermissionDenied):
        answer(given, net.author)
    assert waiting(net.author) == []


def test_nobody_else_answers_hands_on_or_takes_back(net):
    question = net.ask()
    for person in (net.asker, net.reader, net.lead):
        with pytest.raises(PermissionDenied):
            answer(question, person)
        with pytest.raises(PermissionDenied):
            hand_on(question, to=net.campaigner, reason="Why not.", by=person)
    for person in (net.author, net.reader, net.editor):
        with pytest.raises(PermissionDenied):
            withdraw(question, by=person)
        with pytest.raises(PermissionDenied):
            remind(question, by=person)


# --- handed on, reminded, escalated ---------------------------------------------------
def test_a_question_is_handed_on_with_a_reason(client, net):
    question = net.ask(is_private=True)
    client.force_login(net.author)
    data = {"do": "hand_on", "to": str(net.lead.pk), "reason": "She knows the area."}
    response = client.post(reverse("question", args=[question.pk]), data)
    assert response.url == reverse("questions")  # the author reads a private one no more
    question.refresh_from_db()
    assert question.owner == net.lead
    assert waiting(net.lead) == [reverse("question", args=[question.pk])]
    assert told("question_asked") == sorted([net.author.email, net.lead.email])
    assert QuestionEvent.objects.get(step="handed_on").reason == "She knows the area."
    assert not can_view_question(net.author, question)


@pytest.mark.parametrize("to", ["reader", "asker", "nobody"])
def test_it_goes_to_nobody_who_is_not_in_the_list(client, net, to):
    question = net.ask()
    client.force_login(net.author)
    key = {"reader": net.reader.pk, "asker": net.asker.pk, "nobody": "9" * 30}[to]
    data = {"do": "hand_on", "to": str(key), "reason": "Somebody."}
    response = client.post(reverse("question", args=[question.pk]), data)
    assert (response.status_code, ">Somebody.</textarea>" in response.text) == (400, True)
    question.refresh_from_db()
    assert question.owner == net.author


def test_the_owner_is_reminded_and_the_lead_told_once(net):
    question = net.ask()
    assert chase() == 0
    later(question, 30)
    assert chase() == 1
    assert told("question_due") == []  # days without beat: what is latest is told, and only that
    assert told("question_late") == [net.lead.email]
    question.refresh_from_db()
    assert question.escalated_to == net.lead
    assert waiting(net.lead) == waiting(net.author) == [reverse("question", args=[question.pk])]
    assert chase() == 0
    hand_on(question, to=net.campaigner, reason="She knows.", by=net.lead)
    later(question, 30)
    assert chase() == 1  # late again: the owner is reminded, the lead not told twice
    assert told("question_late") == [net.lead.email]
    assert told("question_due") == [net.campaigner.email]
    assert steps(question) == ["asked", "escalated", "handed_on", "reminded"]


def test_notices_come_in_their_order(net):
    question = net.ask()
    for at, step in (
        (question.next_at, ["reminded"]),
        (question.due, ["reminded", "reminded"]),
        (question.due + 4 * DAY, ["reminded", "reminded", "escalated"]),
    ):
        chase(at)
        assert [step for step in steps(question) if step != "asked"] == step
        assert chase(at) == 0
    assert told("question_due") == [net.author.email] * 2


def test_the_lead_answers_a_late_question(net):
    question = net.ask()
    later(question, 30)
    chase()
    answer(question, net.lead)
    assert told("question_answered") == [net.asker.email]
    assert waiting(net.lead) == waiting(net.author) == []


def test_the_leads_own_late_question_goes_to_an_editor(net):
    question = net.ask()
    hand_on(question, to=net.lead, reason="She knows.", by=net.author)
    later(question, 30)
    chase()
    assert told("question_late") == [net.editor.email]


def test_days_away_move_what_is_due(net):
    question = net.ask()
    due = question.due
    Absence.objects.create(
        user=net.author, since=timezone.localdate() + DAY, until=timezone.localdate() + 14 * DAY
    )
    assert recompute() == 1
    question.refresh_from_db()
    assert question.due >= due + 12 * DAY
    assert recompute() == 0


def test_the_asker_reminds_once_a_day(net):
    question = net.ask()
    with pytest.raises(ReviewRefused):
        remind(question, by=net.asker)
    Question.objects.update(owner_since=timezone.now() - 2 * DAY, asked_at=timezone.now() - 2 * DAY)
    remind(question, by=net.asker)
    with pytest.raises(ReviewRefused):
        remind(question, by=net.asker)
    assert told("question_due") == [net.author.email]


def test_a_closed_accounts_questions_go_on(net):
    question = net.ask()
    hand_on(question, to=net.campaigner, reason="She knows.", by=net.author)
    close_account(net.campaigner, by=make_user("administrator"))
    cache.clear()
    chase()
    question.refresh_from_db()
    assert question.owner == net.author


def test_a_mail_to_who_handed_it_on_before_it_was_sent_is_not_sent(net, mailoutbox):
    question = net.ask()
    hand_on(question, to=net.lead, reason="She knows.", by=net.author)
    send_due()
    assert {mail.to[0] for mail in mailoutbox} == {net.lead.email}
