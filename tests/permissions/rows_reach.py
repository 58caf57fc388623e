"""Rows of whom an issue reached."""

from bulletins.models import HandDelivery
from tests.factories.stories import make_issue
from tests.permissions.table import LOGIN, Row

ASKERS = "editor executive administrator superuser"
RECORDERS = "campaigner lead editor superuser"


def only(roles: str, answer: int) -> dict:
    return {"visitor": LOGIN, roles: answer, ...: 403}


def an_issue(world):
    return [make_issue(released=True).pk]


def at_firm(world):
    return [make_issue(released=True).pk, world.distributor.code]


def a_record(world):
    record = HandDelivery.objects.create(
        issue=make_issue(released=True),
        distributor=world.distributor,
        given_on="2026-12-01",
        given_to="Ana",
        way="By hand",
        by=world.users["editor"],
    )
    return [record.pk]


NOT_ASKED = {"visitor": LOGIN, ...: 405}
ROWS = [
    Row("issue_reaches", get=only(ASKERS, 200), post=NOT_ASKED),
    Row("issue_reach", get=only(ASKERS, 200), post=NOT_ASKED, args=an_issue),
    Row("issue_reach_csv", get=only(ASKERS, 200), post=NOT_ASKED, args=an_issue),
    Row(
        "reach_distributor",
        get=only(f"{ASKERS} campaigner lead", 200),
        post=only(RECORDERS, 422),
        args=at_firm,
        note="the post without words",
    ),
    Row("reach_take_back", get=NOT_ASKED, post=only(RECORDERS, 302), args=a_record),
]
