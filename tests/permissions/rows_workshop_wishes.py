"""Rows of what a trainee wishes for, calendars, and the demand view."""

from tests.factories.workshops import make_enrolment, make_programme, make_session
from tests.permissions.rows_workshops import FIRMLESS, TEAM
from tests.permissions.table import LOGIN, Row
from touchpoints.transitions import make_feed_address, revoke_feed_address
from workshops.models import ExceptionRequest

PLANNERS = "coordinator campaigner neutral lead executive administrator superuser"


def a_session(**fields):
    return lambda world: [make_session(**fields).number]


def closed(world):
    return [make_programme(min_years=9).key]


def own_address(world):
    """Of the reader, whoever asks: the address is the key."""
    return [make_feed_address(world.users["reader"])[1]]


def revoked(world):
    reader = world.users["reader"]
    token, secret = make_feed_address(reader)
    revoke_feed_address(token, by=reader)
    return [secret]


def a_seat(world):
    return [make_enrolment(make_session(), world.users["own_author"]).pk]


def a_wish(world):
    made = ExceptionRequest.objects.create(
        user=world.users["own_author"], programme=make_programme(min_years=9), words="Please"
    )
    return [made.pk]


ROWS = [
    Row("session_calendar", args=a_session(), get=200, post=405),
    Row(
        "enrolment_take_out",
        args=a_seat,
        get={"visitor": LOGIN, f"manager {TEAM}": 200, ...: 404},
        post={"visitor": LOGIN, f"manager {TEAM}": 302, ...: 404},
        data=lambda world: {"reason": "Needed at home."},
    ),
    Row(
        "people_import",
        get={"visitor": LOGIN, "manager administrator superuser": 200, ...: 403},
        post={"visitor": LOGIN, "manager administrator superuser": 400, ...: 403},
        note="nothing sent",
    ),
    Row(
        "people_import",
        get={"visitor": LOGIN, "manager administrator superuser": 200, ...: 403},
        post={"visitor": LOGIN, "manager administrator superuser": 302, ...: 403},
        data=lambda world: {"draft": "1"},
        note="of somebody else, or loaded",
    ),
    Row(
        "session_calendar",
        note="planned",
        args=a_session(state="planned"),
        get={TEAM: 200, ...: 404},
        post=405,
    ),
    Row("my_calendar", get=200, post=405, args=own_address),
    Row("my_calendar", get=410, post=405, args=revoked, note="revoked"),
    Row("my_calendar", get=404, post=405, args=lambda world: ["guess"], note="guessed"),
    Row("my_calendar_address", get={"visitor": LOGIN, ...: 405}, post={"visitor": LOGIN, ...: 200}),
    Row(
        "programme_watch",
        args=closed,
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, FIRMLESS: 403, ...: 302},
    ),
    Row(
        "programme_exception",
        args=closed,
        get={"visitor": LOGIN, FIRMLESS: 403, ...: 200},
        post={"visitor": LOGIN, FIRMLESS: 403, ...: 302},
        data=lambda world: {"words": "I taught it for years."},
    ),
    Row(
        "exception",
        args=a_wish,
        get={"visitor": LOGIN, TEAM: 200, ...: 404},
        post={"visitor": LOGIN, TEAM: 302, ...: 404},
        data=lambda world: {"decision": "refuse", "reason": "Take the first course first."},
    ),
    Row(
        "workshop_demand",
        get={"visitor": LOGIN, PLANNERS: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "workshop_demand_csv",
        get={"visitor": LOGIN, PLANNERS: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
]
