"""The trainer's desk, and asking and marking at programmes and dates."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from review.models import Flag, Question
from review.registry import askable_of, flaggable_of
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.models import CourseRecord, Material, Reflection
from workshops.teaching import roster
from workshops.transitions.tailoring import tailor

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer():
    return make_user("trainer")


@pytest.fixture
def programme():
    return make_programme("own-days", name="Own days")


@pytest.fixture
def session(programme, trainer):
    return make_session(programme, trainers=[trainer])


def test_the_roster_says_level_and_language(client, session, trainer):
    person = make_trainee(make_home("asia", name="Home firm"), years_of_experience=7)
    make_enrolment(session, person)
    make_enrolment(session, state="cancelled")
    waiting = make_enrolment(session, state="waiting")
    for level, confirmed in (("practice", True), ("start", True), ("advanced", False)):
        CourseRecord.objects.create(
            user=person,
            programme=make_programme(level=level, name=f"A {level} course"),
            done_on=datetime.date(2025, 5, 5),
            confirmed_at=timezone.now() if confirmed else None,
        )
    assert [(row.enrolment.user, row.level) for row in roster(session)] == [
        (person, "practice"),
        (waiting.user, ""),
    ]
    yearly = person.course_records.get(programme__level="start")
    yearly.pk, yearly.done_on = None, datetime.date(2026, 5, 5)
    yearly.save()  # done again a year later: one course
    assert [one.level for one in roster(session)[0].courses] == ["practice", "start"]
    Material.objects.create(
        programme=session.programme,
        kind="section",
        reference="no-such",
        title="Slides of the day",
        added_by=trainer,
    )
    session.materials.set(Material.objects.all())
    Reflection.objects.create(
        session=make_session(session.programme, in_days=-40, trainers=[trainer]),
        author=trainer,
        owner=trainer,
        gap_from="Nobody asked",
        gap_to="Three ask",
        due_on=datetime.date(2027, 1, 1),
        action="Begin with a question",
    )
    client.force_login(trainer)
    page = client.get(reverse("teaching_session", args=[session.number])).content.decode()
    for words in ("Home firm", "7 years", "Practice", "Slides of the day", "Begin with a question"):
        assert words in page, words
    desk = client.get(reverse("teaching")).content.decode()
    assert session.number in desk
    assert "Begin with a question" in desk


def test_members_ask_at_a_programme_and_a_date_and_the_trainer_sees_it(client, session, trainer):
    person = make_trainee()
    client.force_login(person)
    for kind, key, words in (
        ("programme", session.programme.key, "What shall I bring?"),
        ("session", session.number, "Is there parking?"),
    ):
        asked = client.post(
            reverse("question_ask", args=[kind, key]) + "?in=en",
            {"text": words, "language": "en", "anchor": ""},
        )
        assert asked.status_code == 302, asked.content.decode()[-2000:]
        page = f"/en/workshops/{key}/" if kind == "programme" else reverse("session", args=[key])
        assert words in client.get(page).content.decode()
    assert Question.objects.get(kind="session").owner == trainer
    client.force_login(trainer)
    shown = client.get(reverse("teaching_session", args=[session.number])).content.decode()
    assert "Is there parking?" in shown
    assert "What shall I bring?" in shown
    assert "2 open questions" in client.get(reverse("teaching")).content.decode()


def test_the_line_is_stopped_at_a_programme_and_a_date(client, session, trainer):
    client.force_login(make_trainee())
    for kind, key in (("programme", session.programme.key), ("session", session.number)):
        raised = client.post(
            reverse("flag_raise", args=[kind, key]) + "?in=en",
            {"reason": "The hour is wrong.", "anchor": ""},
        )
        assert raised.status_code == 302, raised.content.decode()[-2000:]
    assert Flag.objects.open().count() == 2
    for page in ("/en/workshops/own-days/", reverse("session", args=[session.number])):
        assert "The hour is wrong." in client.get(page).content.decode()
    coordinator = make_user("coordinator")
    for kind, key, who in (
        ("programme", session.programme.key, {coordinator}),
        ("session", session.number, {coordinator, trainer}),
    ):
        found = flaggable_of(kind)
        assert set(found.answerers(key)) == who
        for user in (coordinator, trainer, make_trainee()):
            assert found.may_answer(user, key) == (user in who)
            waits = found.waiting(user)
            mine = Flag.objects.filter(kind=kind).filter(waits) if waits is not None else ()
            assert bool(mine) == (user in who), (kind, user)


def test_whose_version_it_is_keeps_its_marks_and_questions(programme):
    firm = make_home()
    manager = make_user("manager", distributor=firm)
    version = tailor(programme, firm, "en", by=manager)
    version.pages.get().get_latest_revision().publish(skip_permission_checks=True)
    found = flaggable_of("programme")
    assert list(found.answerers(version.key)) == [manager]
    assert found.may_answer(manager, version.key)
    assert not found.may_answer(manager, programme.key)
    seen = askable_of("programme").visible
    keys = [version.key, programme.key]
    assert seen(make_trainee(firm), keys) == set(keys)
    assert seen(make_trainee(), keys) == {programme.key}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_desk_do_not_grow(client, django_assert_num_queries, trainer, count):
    sessions = [make_session(trainers=[trainer]) for _ in range(count)]
    for session in sessions:
        for _ in range(count):
            make_enrolment(session)
    client.force_login(trainer)
    client.get(reverse("teaching"))
    with django_assert_num_queries(OF_LIST):
        client.get(reverse("teaching"))
    address = reverse("teaching_session", args=[sessions[0].number])
    client.get(address)
    with django_assert_num_queries(OF_ROSTER):
        client.get(address)


# session, user; mandates; ahead, over, titles, questions, reflections
OF_LIST = 8
# session, user; the date, trainers, days; enrolments, records; titles; seats, quotas; materials;
# questions; reflections
OF_ROSTER = 14
