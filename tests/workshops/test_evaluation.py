"""Evaluations: nobody's answer is anybody's, five are shown and four never."""

import itertools
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from network.registry import desk_items
from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import make_home, make_programme, make_trainee
from tests.workshops.after import answers_of, attended, evaluate, later, make_past
from touchpoints.models import Mailing
from workshops import results
from workshops.exceptions import TransitionRefused
from workshops.models import (
    EvaluationBatch,
    EvaluationForm,
    EvaluationRequest,
    EvaluationSheet,
)
from workshops.permissions import can_read_batch
from workshops.questions import words_of
from workshops.titles import titles_for
from workshops.transitions import (
    Question,
    answer_evaluation,
    form_for,
    pool_answers,
    remind_to_evaluate,
    standard_form,
    write_questions,
)
from workshops.transitions.evaluating import GATHERED_DAYS

pytestmark = pytest.mark.django_db


def shown(session) -> int:
    """How many answers anybody can read of a session, alone or pooled."""
    own, _pools, pooled = results.of_session(session)
    return own.size + pooled.size


def in_the_table(session) -> list[tuple[str, str]]:
    """(key, answers) in the order in which the rows lie on the disk."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, answers FROM {EvaluationSheet._meta.db_table} "
            f"WHERE session_id = %s ORDER BY {place}",
            [session.pk],
        )
        return [(str(pk), str(answers)) for pk, answers in cursor]


# --- anonymity in the tables ------------------------------------------------------------
def test_nothing_in_a_table_leads_from_an_answer_to_a_person():
    columns = {field.name for field in EvaluationSheet._meta.get_fields()}
    assert columns == {"id", "session", "form", "batch", "answers"}
    asked = {field.name for field in EvaluationRequest._meta.concrete_fields}
    assert asked == {"id", "enrolment", "form", "asked_at", "reminded_at", "has_answered"}
    trainer, programme = make_user("trainer"), make_programme()
    in_order = 0
    for _turn in range(6):
        session = make_past(programme, trainers=[trainer])
        rows = attended(session, 4, by=trainer)
        for place, row in enumerate(rows):
            before = {key for key, _answers in in_the_table(session)}
            answer_evaluation(row.evaluation_request, answers_of(3, f"number {place}"), by=row.user)
            assert not before & {key for key, _answers in in_the_table(session)}
        lie = [answers for _key, answers in in_the_table(session)]
        in_order += all(f"number {place}" in one for place, one in enumerate(lie))
    assert in_order < 6  # all six by chance: once in 200 million


def test_an_answer_is_given_once_by_the_attendee_and_whole():
    trainer = make_user("trainer")
    session = make_past(trainers=[trainer])
    row, other = attended(session, 2, by=trainer)
    whole = answers_of(4)
    for person in (trainer, other.user, make_user("administrator")):
        with pytest.raises(PermissionDenied):
            answer_evaluation(row.evaluation_request, whole, by=person)
    for broken in ({}, whole | {next(iter(whole)): 6}, whole | {next(iter(whole)): "4"}):
        with pytest.raises(TransitionRefused, match="has a scale"):
            answer_evaluation(row.evaluation_request, broken, by=row.user)
    answer_evaluation(row.evaluation_request, whole | {"stranger": 3}, by=row.user)
    assert list(EvaluationSheet.objects.values_list("answers", flat=True)) == [whole]
    with pytest.raises(TransitionRefused, match="answered already"):
        answer_evaluation(row.evaluation_request, whole, by=row.user)


# --- five, and never four ---------------------------------------------------------------------
def test_four_are_never_shown_and_five_are():
    trainer = make_user("trainer")
    session = make_past(trainers=[trainer])
    rows = attended(session, 12, by=trainer)
    seen = []
    for row in rows:
        evaluate([row])
        seen.append(shown(session))
    # All answered with two left over: they wait for sessions of the same kind.
    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationBatch.objects.create(
            programme=session.programme, size=4, released_on=timezone.localdate()
        )


def test_what_is_left_is_pooled_with_the_same_programme_trainers_and_questions_alone():
    trainer, programme = make_user("trainer"), make_programme()
    first, second = (make_past(programme, trainers=[trainer]) for _number in range(2))
    others = [
        make_past(trainers=[trainer]),  # another programme
        make_past(programme, trainers=[make_user("trainer")]),
        make_past(programme, trainers=[trainer, make_user("trainer")]),
    ]
    for session in others:
        evaluate(attended(session, 3, by=session.trainers.first()))
    evaluate(attended(first, 3, by=trainer))
    assert shown(first) == 0
    rows = attended(second, 3, by=trainer)
    evaluate(rows[:2])
    assert shown(first) == 0  # the second still gathers: its third may answer
    with later(GATHERED_DAYS + 1):
        assert pool_answers() == 1
        assert pool_answers() == 0
        assert shown(first) == shown(second) == 5
        evaluate(rows[2:])
        assert shown(second) == 5  # one that comes late waits for four others
    assert [shown(session) for session in others] == [0, 0, 0]
    batch = EvaluationBatch.objects.get()
    assert batch.session is None
    assert set(batch.trainers.all()) == {trainer}
    new = write_questions(programme, [Question("scale", standard="useful")], by=coordinator())
    third = make_past(programme, trainers=[trainer])
    for row in attended(third, 4, by=trainer):
        assert row.evaluation_request.form == new
        answer_evaluation(row.evaluation_request, answers_of(2), by=row.user)
    with later(GATHERED_DAYS + 1):
        assert pool_answers() == 0  # four of another form, one of the first


def coordinator():
    return make_user("coordinator")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_view_and_no_difference_of_two_views_is_about_fewer_than_five(seed):
    chance = random.Random(seed)  # noqa: S311 - a test's own dice
    trainers = [make_user("trainer") for _number in range(2)]
    programmes = [make_programme() for _number in range(2)]
    homes = [make_home(slug) for slug in ("asia", "africa")]
    waiting, sessions, number = [], [], itertools.count()
    for _number in range(7):
        session = make_past(
            chance.choice(programmes),
            trainers=chance.sample(trainers, chance.choice([1, 1, 2])),
            country=chance.choice(homes).country,
        )
        sessions.append(session)
        waiting += attended(session, chance.randint(1, 8), by=session.trainers.first())
    chance.shuffle(waiting)
    views: set[frozenset[str]] = {frozenset()}
    for row in waiting:
        answer_evaluation(row.evaluation_request, answers_of(4, f"w{next(number)}"), by=row.user)
        views |= all_views(sessions)
    with later(GATHERED_DAYS + 1):
        pool_answers()
        views |= all_views(sessions)
    assert len(views) > 4
    for one, other in itertools.permutations(views, 2):
        assert len(one - other) == 0 or len(one - other) >= 5
    assert max(map(len, views)) <= len(waiting)


def all_views(sessions) -> set[frozenset[str]]:
    """Everything that the pages can show now, each as the set of words in it."""
    batches = list(
        EvaluationBatch.objects.select_related("session", "region", "review_area").prefetch_related(
            "trainers"
        )
    )
    titles = titles_for({one.programme for one in sessions}, ["en"])
    found = [
        row["result"] for by in results.GROUPINGS for row in results.grouped(batches, by, titles)
    ]
    found.append(results.of_batches(batches))
    for session in sessions:
        own, _pools, pooled = results.of_session(session)
        found += [own, pooled]
    return {frozenset(w for one in r.in_words for w in one.said) for r in found}


def test_batches_are_seen_by_their_trainers_and_those_who_read_figures():
    trainer, stranger = make_user("trainer"), make_user("trainer")
    programme = make_programme()
    session = make_past(programme, trainers=[trainer])
    evaluate(attended(session, 5, by=trainer))
    batch = EvaluationBatch.objects.get()
    of_one, of_other = make_user(), make_user()
    key = {"scope": "programme"}
    make_mandate(of_one, "coordinator", programme_key=programme.programme_key, **key)
    make_mandate(of_other, "coordinator", programme_key=make_programme().programme_key, **key)
    roles = ("editor", "coordinator", "executive", "administrator", "lead", "campaigner")
    people = [trainer, stranger, of_one, of_other, make_trainee(), *map(make_user, roles)]
    sees = [can_read_batch(person, batch) for person in people]
    visible = [EvaluationBatch.objects.visible_to(person).exists() for person in people]
    assert sees == visible
    assert sees == [
        *(True, False, True, False, False),
        *(False, True, True, True, True, False),
    ]


# --- questions -------------------------------------------------------------------------------
def test_questions_have_versions_and_words_in_the_readers_language():
    programme, by = make_programme(), coordinator()
    assert form_for(programme) == standard_form()
    texts = {"en": "Did the walk help?", "ar": "هل أفادت الجولة؟"}
    first = write_questions(programme, [Question("scale", texts=texts)], by=by)
    question = first.questions.get()
    again = Question("scale", texts=texts | {"en": "Did the walk help you?"}, key=str(question.key))
    second = write_questions(programme, [again, Question("words", standard="change")], by=by)
    assert (second.version, form_for(programme)) == (2, second)
    assert second.questions.first().key == question.key
    shown_in = {}
    for code in ("en", "ar", "ja"):
        with translation.override(code):
            shown_in[code] = words_of(second.questions.first())
    assert shown_in["ar"].text == texts["ar"]
    assert (shown_in["ja"].text, shown_in["ja"].language) == ("Did the walk help you?", "en")
    version = make_programme(parent=programme, distributor=make_home())
    assert form_for(version) == second
    for broken in (
        [],
        [Question("scale", texts={"ar": "هل؟"})],
        [Question("words", standard="change")],
        [Question("scale", standard="clear")] * 21,
        [Question("scale", texts={"en": "x" * 301})],
    ):
        with pytest.raises(TransitionRefused):
            write_questions(programme, broken, by=by)
    with pytest.raises(PermissionDenied):
        write_questions(programme, [again], by=make_user("trainer"))


def test_the_coordinator_writes_questions_in_several_languages(client):
    programme = make_programme()
    client.force_login(coordinator())
    assert client.get(reverse("question_sets")).status_code == 200
    where = reverse("evaluation_questions", args=[programme.key])
    found = client.get(where, {"in": ["ar"]}).content.decode()
    assert "العربية" in found
    data = {
        "kind-1": "scale",
        "text-1-en": "Was it near your work?",
        "text-1-ar": "هل كان قريبا من عملك؟",
        "place-1": "2",
        "kind-2": "scale",
        "standard-2": "useful",
        "place-2": "1",
        "kind-3": "scale",
    }
    assert client.post(where, data).status_code == 302
    names = [(one.standard, one.text_ar) for one in form_for(programme).questions.all()]
    assert names == [("useful", None), ("", "هل كان قريبا من عملك؟")]
    empty = client.post(where, {"kind-1": "words", "text-1-en": "Only words"})
    assert empty.status_code == 409
    assert "Only words" in empty.content.decode()
    assert EvaluationForm.objects.filter(programme=programme).count() == 1
    assert client.get(reverse("evaluation_questions", args=["standard"])).status_code == 200


# --- pages --------------------------------------------------------------------------------------
def test_an_attendee_answers_from_the_desk_and_what_was_typed_stays(client):
    trainer = make_user("trainer")
    session = make_past(trainers=[trainer])
    (row,) = attended(session, 1, by=trainer)
    (item,) = desk_items(row.user)
    client.force_login(row.user)
    assert "I can use what I learned" in client.get(item.url).content.decode()
    words = [str(q.key) for q in standard_form().questions.all() if q.kind == "words"]
    half = {words[0]: "More go and see"}
    found = client.post(item.url, half)
    assert found.status_code == 400
    assert "More go and see" in found.content.decode()
    assert "Choose one answer." in found.content.decode()
    assert client.post(item.url, answers_of(5) | half).status_code == 302
    assert "You have answered" in client.get(item.url).content.decode()
    assert list(desk_items(row.user)) == []
    client.force_login(make_trainee())
    assert client.get(item.url).status_code == 404


def test_trainers_read_results_and_the_comparison_from_five_on(client):
    trainer = make_user("trainer")
    session = make_past(make_programme(name="Values"), trainers=[trainer])
    rows = attended(session, 5, by=trainer)
    evaluate(rows[:4], 2, "Too fast")
    client.force_login(trainer)
    where = reverse("session_results", args=[session.number])
    found = client.get(where).content.decode()
    assert "4 answers wait" in found
    assert "Too fast" not in found
    assert "Nothing to compare yet" in client.get(reverse("evaluations")).content.decode()
    evaluate(rows[4:], 4)
    found = client.get(where).content.decode()
    assert "Too fast" in found
    assert "2.40" in found
    chosen = found.partition('data-th="How many chose what">')[2].partition("</td>")[0]
    assert chosen.endswith("A little: 4</span>"), chosen  # no separator after the last
    for by in results.GROUPINGS:
        page = client.get(reverse("evaluations"), {"by": by}).content.decode()
        assert "2.4" in page, by
    table = client.get(reverse("evaluations"), {"form": "csv"}).content.decode()
    assert "Values,5,2.4" in table


@pytest.mark.parametrize("by", results.GROUPINGS)
def test_the_comparison_costs_the_same_with_one_session_and_with_three(
    client, by, django_assert_max_num_queries
):
    trainer = make_user("trainer")
    client.force_login(make_user("executive"))

    def add():
        evaluate(attended(make_past(trainers=[trainer]), 5, by=trainer))

    add()
    where = reverse("evaluations")
    client.get(where, {"by": by})
    with django_assert_max_num_queries(14):
        client.get(where, {"by": by})
    add()
    with django_assert_max_num_queries(14):
        client.get(where, {"by": by})


def test_who_has_not_answered_is_reminded_once():
    trainer = make_user("trainer")
    evaluate(attended(make_past(trainers=[trainer]), 2, by=trainer)[:1])
    assert remind_to_evaluate() == 0
    with later(8):
        assert [remind_to_evaluate(), remind_to_evaluate()] == [1, 0]
    assert Mailing.objects.filter(kind="workshops.evaluation_reminder").count() == 1
