"""Sessions that are over, with people in them, for tests of what follows."""

import datetime

import time_machine
from django.utils import timezone

from network.models import User
from tests.factories.workshops import make_enrolment, make_programme, make_session, make_trainee
from workshops.models import Certificate, Enrolment, Session
from workshops.transitions import (
    Mark,
    answer_evaluation,
    close_list,
    give_certificates,
    mark,
    standard_form,
)


def make_past(programme=None, *, trainers=(), days: int = 1, ago: float = 3, **fields) -> Session:
    """A session that ended `ago` days ago, done; ten seats unless said otherwise."""
    fields.setdefault("seats", 10)
    fields.setdefault("state", "done")
    return make_session(
        programme or make_programme(),
        in_days=-ago - days + 1 - 0.26,
        days=days,
        trainers=trainers,
        **fields,
    )


def people_of(session: Session, count: int, **fields) -> list[Enrolment]:
    """So many with a seat."""
    return [
        make_enrolment(session, make_trainee(first_name=f"Person {number}", **fields))
        for number in range(count)
    ]


def attend(session: Session, rows, *, by: User, absent=()) -> None:
    """All of them marked on every day, the list closed."""
    gone = {row.pk for row in absent}
    for day in session.days.all():
        mark(session, [Mark(row.pk, day.pk, row.pk not in gone) for row in rows], by=by)
    close_list(session, by=by)


def attended(session: Session, count: int, *, by: User, **fields) -> list[Enrolment]:
    """So many who attended; rows as they stand after the list was closed."""
    rows = people_of(session, count, **fields)
    attend(session, rows, by=by)
    return list(
        Enrolment.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("user", "session__programme")
        .order_by("pk")
    )


def answers_of(level: int = 4, words: str = "") -> dict:
    """A whole sheet of the standard questions."""
    found = {}
    for question in standard_form().questions.all():
        if question.kind == "scale":
            found[str(question.key)] = level
        elif words:
            found[str(question.key)] = words
    return found


def evaluate(rows, level: int = 4, words: str = "") -> None:
    """Each says the same."""
    for row in rows:
        answer_evaluation(row.evaluation_request, answers_of(level, words), by=row.user)


def days_ago(number: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=number)


def given(trainer, programme=None, count: int = 1, **fields) -> list[Certificate]:
    """Certificates of people who attended; nothing else was asked of them."""
    programme = programme or make_programme(has_evaluation=False)
    attended(make_past(programme, trainers=[trainer]), count, by=trainer, **fields)
    give_certificates()
    return list(Certificate.objects.order_by("pk"))


def later(days: float):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)
