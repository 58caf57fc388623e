"""Questions (R6): who is asked, who reads them, how they are answered, handed on and chased."""

import datetime

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins.story_parts import part_names
from bulletins.transitions import delete_draft, withdraw_case
from network.models import Absence
from network.permissions import region_scopes
from network.registry import desk_items
from network.transitions import close_account
from review.asked import questions_on, readable_at
from review.asking import (
    answer_question,
    hand_on,
    remind,
    translate_question,
    withdraw,
)
from review.chasing import chase, recompute
from review.exceptions import ReviewRefused
from review.models import Question, QuestionEvent, WorkingTranslation
from review.models.questions import MAX_ANSWER, MAX_QUESTION, OPEN_QUESTIONS
from review.permissions import can_view_question
from review.queries import involves
from review.views.questions import RATE
from tests.factories import make_case, make_country, make_distributor, make_region, make_user
from tests.review.asking import TEXT, Network, ask_at
from touchpoints.models import Delivery
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def net():
    cache.clear()
    return Network()


def waiting(user) -> list[str]:
    """Addresses of the questions on somebody's desk."""
    return [item.url for item in desk_items(user) if "/questions/" in item.url]


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(mailing__kind=f"review.{kind}")
    return sorted(rows.values_list("user__email", flat=True))


def steps(question) -> list[str]:
    return [event.step for event in question.events.all()]


def page(client, user, question):
    client.force_login(user)
    return client.get(reverse("question", args=[question.pk]))


def answer(question, by, *, text="Yes, with two people.", language="en", is_private=False):
    answer_question(question, answer=text, language=language, is_private=is_private, by=by)


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


def later(question, days: int) -> None:
    """As if whoever has it had got it so many days ago."""
    since = timezone.now() - days * DAY
    Question.objects.filter(pk=question.pk).update(owner_since=since, asked_at=since)
    recompute()


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
