"""A course is entered by its owner while a list or an attendance counts the same one."""

import datetime

import pytest

from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_programme, make_trainee
from tests.races import kinds, while_inside
from workshops.models import CourseRecord
from workshops.transitions import enter_course, note_courses, records

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY = datetime.date(2026, 5, 29)


def enter_while_a_list_comes_in(monkeypatch, note) -> list[str]:
    firm = make_distributor()
    person, programme = make_trainee(firm), make_programme()
    manager = make_user("manager", distributor=firm)
    # The list has looked for what is there when the owner enters the same.
    answers, _through = while_inside(
        monkeypatch,
        "workshops.transitions.records.can_confirm_course",
        lambda: note([(person, programme, DAY)], by=manager),
        lambda: enter_course(person, programme, DAY),
    )
    return kinds(answers)


def test_a_course_entered_while_a_list_comes_in_stands_once_and_counts(monkeypatch):
    assert enter_while_a_list_comes_in(monkeypatch, note_courses) == ["CourseRecord", "list"]
    assert CourseRecord.objects.get().confirmed_at is not None


@pytest.mark.postgres
def test_control_a_list_that_looks_once_only_breaks_off(monkeypatch):
    def once(wanted, by):
        return records._noted(wanted, by)

    assert "IntegrityError" in enter_while_a_list_comes_in(monkeypatch, once)
