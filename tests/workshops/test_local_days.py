"""Whose day it is: a person's own, or that of the place, never that of the server."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from network.registry import Period, desk_items
from tests.factories.network import make_user
from tests.factories.workshops import (
    make_employee,
    make_enrolment,
    make_lab,
    make_programme,
    make_session,
    make_trainee,
)
from workshops.duties import duties_of, employees
from workshops.eligibility import did_this_year, eligibility, forget_courses
from workshops.exceptions import TransitionRefused
from workshops.figures import count
from workshops.models import (
    CourseRecord,
    ExceptionRequest,
    LabRun,
    PracticeProof,
    Programme,
    Reflection,
    Session,
)
from workshops.transitions import (
    answer,
    begin_lab,
    enter_course,
    grant_exception,
    hand_in,
    lapse_proofs,
    read_on,
    remind_of_practice,
    write_reflection,
)
from workshops.worklist import table

pytestmark = pytest.mark.django_db
EAST, WEST = "Asia/Tokyo", "Pacific/Honolulu"  # nine hours before UTC, ten behind
JUNE = datetime.date(2026, 6, 15)
DAY = datetime.timedelta(days=1)
# The evening of 15 June by UTC: the 16th has begun in Tokyo.
EVENING = datetime.datetime(2026, 6, 15, 22, 30, tzinfo=datetime.UTC)
# The night after, by UTC the 16th: the 15th goes on in Honolulu.
NIGHT = datetime.datetime(2026, 6, 16, 5, tzinfo=datetime.UTC)
NEW_YEAR = datetime.datetime(2026, 12, 31, 22, 30, tzinfo=datetime.UTC)


@pytest.fixture
def east():
    return make_trainee(time_zone=EAST)


@pytest.fixture
def west():
    return make_trainee(time_zone=WEST)


def test_a_course_is_entered_on_the_day_that_it_is_for_the_person(client, east, west):
    programme = make_programme()
    with time_machine.travel(EVENING, tick=False):
        assert enter_course(east, programme, JUNE + DAY).done_on == JUNE + DAY
        with pytest.raises(TransitionRefused, match="once it is done"):
            enter_course(west, programme, JUNE + DAY)
        client.force_login(east)
        assert 'max="2026-06-16"' in client.get(reverse("my_courses")).content.decode()
    with time_machine.travel(NIGHT, tick=False), pytest.raises(TransitionRefused):
        enter_course(west, programme, JUNE + DAY)


def test_proof_of_practice_is_taken_until_the_attendees_day_is_over(east, west):
    proofs = [
        PracticeProof.objects.create(
            enrolment=make_enrolment(make_session(), person, state="attended"), due_on=JUNE
        )
        for person in (east, west)
    ]
    with time_machine.travel(EVENING - 3 * DAY, tick=False):
        # Two days before in Tokyo, three in Honolulu: the second reminder for both.
        assert [remind_of_practice(), remind_of_practice()] == [2, 0]
    with time_machine.travel(EVENING, tick=False):
        with pytest.raises(TransitionRefused, match="time for it is over"):
            hand_in(proofs[0], by=east, text="Mine")
        assert [lapse_proofs(), lapse_proofs()] == [1, 0]
    with time_machine.travel(NIGHT, tick=False):
        assert lapse_proofs() == 0
        assert hand_in(proofs[1], by=west, text="Mine").state == "handed_in"
    proofs[0].refresh_from_db()
    assert proofs[0].state == "lapsed"


def test_an_exception_counts_to_the_end_of_the_persons_day(east, west):
    programme, by = make_programme(min_years=9), make_user("coordinator")
    asked = {
        person: ExceptionRequest.objects.create(user=person, programme=programme, words="Please")
        for person in (east, west)
    }

    def is_open(person) -> bool:
        forget_courses(person)
        return eligibility(person, programme).open

    with time_machine.travel(EVENING, tick=False):
        with pytest.raises(TransitionRefused, match="from today on"):
            grant_exception(asked[east], by=by, reason="Yes", until=JUNE)
        grant_exception(asked[west], by=by, reason="Yes", until=JUNE)
        ExceptionRequest.objects.filter(user=east).update(state="granted", until=JUNE)
        assert [is_open(east), is_open(west)] == [False, True]
    with time_machine.travel(NIGHT, tick=False):
        assert is_open(west)
    with time_machine.travel(NIGHT + DAY / 2, tick=False):
        assert not is_open(west)


def test_a_session_counts_in_the_month_that_it_is_where_it_happens(coordinator):
    first = datetime.datetime(2026, 6, 30, 23, tzinfo=datetime.UTC)  # 1 July in Tokyo
    end = first + datetime.timedelta(hours=6)
    session = make_session(time_zone=EAST)
    session.days.update(starts_at=first, ends_at=end)
    Session.objects.update(starts_at=first, ends_at=end, enrol_until=first)
    june, july, august = (datetime.date(2026, month, 1) for month in (6, 7, 8))
    assert [one.month for one in count(Session.objects.all(), Period(july, august))] == [july]
    assert count(Session.objects.all(), Period(june, july)) == []
    for month, found in (("2026-06", 0), ("2026-07", 1), ("2026-08", 0)):
        assert len(table(coordinator, {"month": month, "state": "any"}).lines) == found


def test_the_year_of_a_duty_ends_where_the_person_is():
    lab = make_lab("year-lab", is_yearly_duty=True)
    Programme.objects.update(created_at=datetime.datetime(2023, 3, 1, tzinfo=datetime.UTC))
    east, west = (make_employee(time_zone=zone) for zone in (EAST, WEST))
    done = {"programme": lab, "confirmed_at": NEW_YEAR}
    for person in (east, west):
        CourseRecord.objects.create(user=person, done_on="2025-05-05", **done)
    states = {duty.user: duty.state for duty in duties_of(employees(), NEW_YEAR)}
    assert states == {east: "overdue", west: "due"}
    with time_machine.travel(NEW_YEAR, tick=False):
        page = lab.pages.get()
        run = begin_lab(lab, page, by=east)
        for step in page.lessons:
            if step.block_type == "question":
                answer(run, page, step.id, [2, 3][: len(step.value["right"])], by=east)
            read_on(run, page, step.id, by=east)
        assert LabRun.objects.get().state == "passed"
        assert east.course_records.order_by("-done_on")[0].done_on == datetime.date(2027, 1, 1)
        CourseRecord.objects.create(user=west, done_on="2026-05-05", **done)
        assert [did_this_year(east, lab), did_this_year(west, lab)] == [True, True]


def test_a_reflection_has_a_day_ahead_of_its_author_and_returns_on_its_owners(west):
    trainer = make_user("trainer", time_zone=EAST)
    whole = {"gap_from": "a", "gap_to": "b", "action": "c", "owner": west}
    with time_machine.travel(EVENING, tick=False):
        session = make_session(in_days=-3, trainers=[trainer], state="done")
        with pytest.raises(TransitionRefused, match="is over"):
            write_reflection(session, by=trainer, due_on=JUNE, **whole)
        write_reflection(session, by=trainer, due_on=JUNE + DAY, **whole)
    with time_machine.travel(NIGHT, tick=False):
        assert list(desk_items(west)) == []
    with time_machine.travel(NIGHT + DAY / 2, tick=False):
        (item,) = desk_items(west)
        assert item.due == datetime.datetime(2026, 6, 17, 9, 59, 59, tzinfo=datetime.UTC)
    assert Reflection.objects.count() == 1
