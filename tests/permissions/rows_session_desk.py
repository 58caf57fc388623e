"""Rows of the coordinator's desk: coordinators and administrators; a roster is a trainer's too."""

from tests.factories.workshops import make_enrolment, make_programme, make_session
from tests.permissions.table import LOGIN, Row
from workshops.models import Material

TEAM = "coordinator administrator superuser"
HIDDEN = {"visitor": LOGIN, TEAM: 200, ...: 404}
CLOSED = {"visitor": LOGIN, TEAM: 200, ...: 403}
ONLY_GET = {"visitor": LOGIN, ...: 405}
MESSAGE = {
    "once": "7b0d6a3e-52a4-4a8c-a2de-6b64b9a1f0aa",
    "to": "enrolled",
    "subject-en": "Bring",
    "body-en": "Bring a map.",
}


def a_session(*more, **fields):
    def args(world):
        session = make_session(**fields)
        make_enrolment(session)
        return [session.number, *more]

    return args


def a_seat(world):
    made = make_enrolment(make_session())
    return [made.session.number, made.pk]


def a_programme(world):
    return [make_programme().key]


def a_material(world):
    made = Material.objects.create(
        programme=make_programme(),
        kind="section",
        reference="go-and-see",
        added_by=world.users["coordinator"],
    )
    return [made.pk]


def two_sessions(world):
    session = make_session()
    other = make_session(session.programme, in_days=50)
    world.other_session = other.pk
    return [session.number]


def ticked(**fields):
    """The data of a form for one ticked session with somebody in it."""

    def data(world):
        session = make_session(state=fields.get("state", "open"))
        make_enrolment(session)
        return {"session": [session.pk]} | {k: v for k, v in fields.items() if k != "state"}

    return data


ROWS = [
    Row("session_table", get=CLOSED, post=ONLY_GET),
    Row("session_table", note="CSV", query="?form=csv", get=CLOSED, post=ONLY_GET),
    Row("session_choose", get=CLOSED, post=ONLY_GET),
    Row(
        "session_new",
        args=a_programme,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {
            "rows": "1",
            "day-0-date": "2100-05-04",
            "day-0-from": "09:00",
            "day-0-to": "17:00",
            "time_zone": "Africa/Nairobi",
            "place_kind": "person",
            "languages": ["en"],
            "seats": "12",
        },
    ),
    *(
        Row(
            "session_many",
            note=step,
            args=lambda world, step=step: [step],
            # Nothing is ticked: back to the table.
            get={"visitor": LOGIN, TEAM: 302, ...: 403},
            post={"visitor": LOGIN, TEAM: 200, ...: 403},
            data=ticked(**fields),
        )
        for step, fields in {
            "open": {"state": "planned"},
            "cancel": {"reason": "Too few"},
            "seats": {"extra": "2"},
            "message": MESSAGE,
        }.items()
    ),
    Row("desk_session", args=a_session(), get=HIDDEN, post=ONLY_GET),
    Row("desk_session", note="planned", args=a_session(state="planned"), get=HIDDEN, post=ONLY_GET),
    Row(
        "session_edit",
        args=a_session(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 422, ...: 404},  # nothing typed
    ),
    *(
        Row(
            f"session_{name}",
            note="preview",
            args=a_session(),
            get=HIDDEN,
            post={"visitor": LOGIN, TEAM: 200, ...: 404},
            data=lambda world, data=data: data,
        )
        for name, data in {
            "repeat": {"every": "week", "times": "2"},
            "move": {"first_day": "2100-05-04", "time_zone": "UTC"},
            "seats": {"seats": "9", "rows": "0"},
            "cancel": {"reason": "Too few"},
            "message": MESSAGE,
        }.items()
    ),
    Row(
        "session_merge",
        args=two_sessions,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 200, ...: 404},
        data=lambda world: {"into": world.other_session},
    ),
    Row(
        "session_step",
        args=a_session("open", state="planned"),
        get=ONLY_GET,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
    ),
    Row(
        "session_roster",
        args=a_session("csv"),
        get=HIDDEN,
        post=ONLY_GET,
    ),
    Row(
        "session_roster",
        note="a trainer of it",
        args=lambda world: [make_session(trainers=[world.users["trainer"]]).number, "xlsx"],
        get={"visitor": LOGIN, f"trainer {TEAM}": 200, ...: 404},
        post=ONLY_GET,
    ),
    Row(
        "session_letter",
        args=a_seat,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 422, ...: 404},  # no language chosen
    ),
    Row(
        "materials",
        args=a_programme,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"kind": "section", "reference": "go-and-see"},
    ),
    Row(
        "material_renew",
        args=a_material,
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"reference": "go-and-see"},
    ),
    Row(
        "material_withdraw",
        args=a_material,
        get=ONLY_GET,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
    ),
    Row(
        "session_materials",
        args=a_session(),
        get=HIDDEN,
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
    ),
]
