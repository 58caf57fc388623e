"""Rows of the workshops: the catalogue and dates are everybody's; planned ones their team's."""

from django.utils import timezone

from tests.factories.workshops import make_enrolment, make_programme, make_session
from tests.permissions.table import LOGIN, Row
from workshops.models import CourseRecord

TEAM = "coordinator administrator superuser"
FIRMLESS = "editor executive administrator superuser"  # no member of any distributor


def a_session(**fields):
    return lambda world: [make_session(**fields).number]


def a_place(state: str, who: str = "own_author", **fields):
    """A session in which somebody has a place."""

    def args(world):
        session = make_session(make_programme(**fields))
        make_enrolment(session, world.users[who], state=state)
        return [session.number]

    return args


def a_request(world):
    session = make_session(make_programme(entry="approval"))
    return [make_enrolment(session, world.users["own_author"], state="requested").pk]


def a_record(action: str):
    def args(world):
        record = CourseRecord.objects.create(
            user=world.users["own_author"],
            programme=make_programme(),
            done_on=timezone.localdate(),
        )
        return [record.pk, action]

    return args


ROWS = [
    Row("session", args=a_session(), get=200, post=405),
    Row(
        "session",
        note="planned",
        args=a_session(state="planned"),
        get={TEAM: 200, ...: 404},
        post=405,
    ),
    Row(
        "session_enrol",
        args=a_session(),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, FIRMLESS: 403, ...: 302},
    ),
    Row(
        "session_enrol",
        note="planned",
        args=a_session(state="planned"),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "coordinator": 409, "administrator superuser": 403, ...: 404},
    ),
    Row(
        "session_leave",
        args=a_place("enrolled"),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author": 302, ...: 404},
    ),
    Row(
        "session_answer",
        args=a_place("nominated", entry="nomination"),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author": 302, ...: 404},
        data=lambda world: {"answer": "accept"},
    ),
    Row(
        "session_group",
        args=a_session(),
        get={"visitor": LOGIN, "manager": 200, ...: 403},
        post={"visitor": LOGIN, "manager": 302, ...: 403},
        data=lambda world: {"person": [world.users["own_author"].pk]},
    ),
    Row(
        "session_group",
        note="somebody else’s member",
        args=a_session(),
        get={"visitor": LOGIN, "manager": 200, ...: 403},
        post={"visitor": LOGIN, "manager": 409, ...: 403},
        data=lambda world: {"person": [world.users["reader"].pk]},
    ),
    Row(
        "enrolment",
        args=a_request,
        get={"visitor": LOGIN, f"manager {TEAM}": 200, ...: 404},
        post={"visitor": LOGIN, f"manager {TEAM}": 302, ...: 404},
        data=lambda world: {"decision": "approve"},
    ),
    Row(
        "my_courses",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: {"programme": make_programme().pk, "done_on": "2024-05-06"},
    ),
    Row(
        "courses_to_confirm",
        get={"visitor": LOGIN, "manager administrator superuser": 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "course_change",
        args=a_record("confirm"),
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            "own_author": 403,
            "manager administrator superuser": 302,
            ...: 404,
        },
    ),
    Row(
        "course_change",
        note="taken back",
        args=a_record("withdraw"),
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author manager administrator superuser": 302, ...: 404},
    ),
]
