"""The list: marks by day, two tablets, people without a seat, closing, corrections."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from network.registry import desk_items
from tests.factories.network import make_user
from tests.factories.workshops import make_programme, make_session, make_trainee
from tests.workshops.after import attended, make_past, people_of
from touchpoints.models import Mailing
from workshops.exceptions import TransitionRefused
from workshops.models import (
    AttendanceMark,
    CourseRecord,
    Enrolment,
    EvaluationRequest,
    PracticeProof,
)
from workshops.transitions import Mark, close_list, enter_course, mark, walk_in

pytestmark = pytest.mark.django_db


def state_of(row) -> str:
    return Enrolment.objects.get(pk=row.pk).state


def test_closing_decides_who_attended_and_asks_for_what_follows():
    trainer = make_user("trainer")
    programme = make_programme(proof_days=30)
    session = make_past(programme, trainers=[trainer], days=5)
    rows = people_of(session, 3)
    entered = enter_course(rows[0].user, programme, session.last_day)
    with pytest.raises(TransitionRefused, match="Person 0, Person 1"):
        close_list(session, by=trainer)
    for number, day in enumerate(session.days.all()):
        there = [True, number != 0, number < 3]  # all days, four of five, three of five
        pairs = zip(rows, there, strict=True)
        mark(session, [Mark(row.pk, day.pk, here) for row, here in pairs], by=trainer)
    close_list(session, by=trainer)
    close_list(session, by=trainer)  # twice changes nothing
    assert [state_of(row) for row in rows] == ["attended", "attended", "no_show"]
    came = {rows[0].user_id, rows[1].user_id}
    assert set(CourseRecord.objects.confirmed().values_list("user", flat=True)) == came
    entered.refresh_from_db()
    assert entered.session == session  # their own entry is the one that counts
    asked = EvaluationRequest.objects.values_list("enrolment__user", flat=True)
    assert set(asked) == came
    due = {proof.due_on for proof in PracticeProof.objects.all()}
    assert due == {timezone.now().date() + datetime.timedelta(days=30)}
    kinds = Mailing.objects.values_list("kind", flat=True)
    assert sorted(kinds).count("workshops.evaluation_asked") == 2
    assert sorted(kinds).count("workshops.practice_asked") == 2


def test_two_tablets_lose_nothing_and_overwrite_nothing():
    trainers = [make_user("trainer"), make_user("trainer")]
    session = make_past(trainers=trainers)
    one, two = people_of(session, 2)
    day = session.days.get()
    assert mark(session, [Mark(one.pk, day.pk, True)], by=trainers[0]) == []
    # The second tablet saw nothing yet: another person is taken, the same one with another word
    # is not, the same word is.
    late = [Mark(one.pk, day.pk, False), Mark(two.pk, day.pk, False)]
    assert mark(session, late, by=trainers[1]) == [late[0]]
    assert mark(session, [Mark(one.pk, day.pk, True)], by=trainers[1]) == []
    standing = AttendanceMark.objects.standing_of(session)
    assert [standing[row.pk, day.pk].is_present for row in (one, two)] == [True, False]
    assert mark(session, [Mark(one.pk, day.pk, False, seen=True)], by=trainers[1]) == []
    assert AttendanceMark.objects.count() == 3  # the log keeps the mark before


def test_a_saved_list_takes_back_nothing_that_was_not_touched_on_it():
    """A whole list is sent with every tap; somebody else has marked people since it was shown."""
    trainers = [make_user("trainer"), make_user("trainer")]
    session = make_past(trainers=trainers)
    one, two = people_of(session, 2)
    day = session.days.get().pk
    mark(session, [Mark(row.pk, day, True) for row in (one, two)], by=trainers[0])
    mark(session, [Mark(one.pk, day, False, seen=True)], by=trainers[0])
    whole = [Mark(one.pk, day, True, seen=True), Mark(two.pk, day, False, seen=True)]
    assert mark(session, whole, by=trainers[1]) == []
    standing = AttendanceMark.objects.standing_of(session)
    assert [standing[row.pk, day].is_present for row in (one, two)] == [False, False]


def test_marks_are_never_overwritten_by_the_database_either():
    session = make_past(trainers=[make_user("trainer")])
    (row,) = people_of(session, 1)
    mark(session, [Mark(row.pk, session.days.get().pk, True)], by=session.trainers.get())
    found = AttendanceMark.objects.get()
    for work in (found.delete, found.save):
        with pytest.raises(RuntimeError):
            work()
    for sql in ("UPDATE workshops_attendancemark SET reason = 'x'",):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_who_may_not_and_what_is_too_early_is_refused():
    trainer, session = make_user("trainer"), make_session(in_days=3)
    session.trainers.add(trainer)
    (row,) = people_of(session, 1)
    day = session.days.get()
    with pytest.raises(TransitionRefused, match="not come yet"):
        mark(session, [Mark(row.pk, day.pk, True)], by=trainer)
    with pytest.raises(TransitionRefused, match="not come yet"):
        close_list(session, by=trainer)
    with pytest.raises(TransitionRefused, match="not come yet"):
        walk_in(session, make_trainee(), by=trainer)
    for person in (row.user, make_user("trainer"), make_user("editor")):
        with pytest.raises(PermissionDenied):
            mark(session, [], by=person)
    cancelled = make_past(state="cancelled", trainers=[trainer])
    with pytest.raises(TransitionRefused, match="has no list"):
        close_list(cancelled, by=trainer)


def test_a_correction_needs_a_reason_and_undoes_what_followed():
    trainer = make_user("trainer")
    session = make_past(make_programme(proof_days=30), trainers=[trainer])
    (row,) = attended(session, 1, by=trainer)
    day = session.days.get()
    away = [Mark(row.pk, day.pk, False, seen=True)]
    with pytest.raises(TransitionRefused, match="Say why"):
        mark(session, away, by=trainer)
    mark(session, away, by=trainer, reason="Was ill")
    assert state_of(row) == "no_show"
    assert row.events.last().reason == "Was ill"
    assert not CourseRecord.objects.exists()
    assert not EvaluationRequest.objects.exists()
    assert not PracticeProof.objects.exists()
    assert Mailing.objects.filter(kind="workshops.attendance_corrected").count() == 1
    mark(session, [Mark(row.pk, day.pk, True, seen=False)], by=trainer, reason="Came late")
    assert state_of(row) == "attended"
    assert CourseRecord.objects.confirmed().count() == 1
    assert EvaluationRequest.objects.count() == PracticeProof.objects.count() == 1


# --- the page --------------------------------------------------------------------------
def test_the_page_saves_by_tap_marks_the_rest_and_shows_conflicts(client):
    trainer = make_user("trainer")
    session = make_past(trainers=[trainer])
    rows = people_of(session, 3)
    (day,) = session.days.all()
    where = reverse("session_attendance", args=[session.number])
    (item,) = [one for one in desk_items(trainer) if one.state_label == "List open"]
    assert item.url == where
    client.force_login(trainer)
    assert "0 of 3 here" in client.get(where).content.decode()
    seen = {f"seen-{row.pk}": "" for row in rows}
    tap = {"day": day.pk, **seen, f"mark-{rows[0].pk}": "0"}
    assert client.post(where, tap).status_code == 302
    conflict = client.post(where, {"day": day.pk, **seen, f"mark-{rows[0].pk}": "1"})
    assert conflict.status_code == 409
    assert "has marked it otherwise" in conflict.content.decode()
    rest = {"day": day.pk, **seen, f"seen-{rows[0].pk}": "0", "all": "1"}
    client.post(where, rest)
    assert "2 of 3 here" in client.get(where).content.decode()
    found = client.post(reverse("session_attendance_close", args=[session.number]), follow=True)
    assert "The list is closed: 2 people attended." in found.content.decode()
    fix = {"day": day.pk, f"seen-{rows[1].pk}": "1", f"mark-{rows[1].pk}": "0", "reason": ""}
    assert client.post(where, fix).status_code == 409
    assert client.post(where, fix | {"reason": "Left at once"}).status_code == 302
    assert state_of(rows[1]) == "no_show"
    broken = {"day": "x", "mark-999999": "1", "mark-x": "1", "seen-1234567890123": ""}
    assert client.post(where, broken).status_code == 409


def test_the_list_costs_the_same_with_one_person_and_with_three(client, django_assert_num_queries):
    trainer = make_user("trainer")
    session = make_past(trainers=[trainer], days=2)
    where = reverse("session_attendance", args=[session.number])
    client.force_login(trainer)
    people_of(session, 1)
    client.get(where)
    with django_assert_num_queries(11):
        client.get(where)
    people_of(session, 2)
    client.get(where)  # what a page keeps for a minute is kept now
    with django_assert_num_queries(11):
        client.get(where)
