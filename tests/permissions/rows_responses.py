"""Rows of the responses: managers answer, their firm reads, campaigners see their area's grid."""

import datetime

from bulletins.response_links import link_token
from network.models import Membership
from tests.bulletins.responding import make_response
from tests.factories.network import make_user
from tests.factories.stories import make_case, make_issue
from tests.permissions.table import LOGIN, Row

MEMBERS = {"visitor": LOGIN, ...: 200}
# Campaigner and lead of the area of the firm that answered (Saudi Arabia), editors, executives.
SEE_THE_GRID = "campaigner lead neutral editor superuser executive"


def answered(world):
    """The manager's firm answered somebody else's story."""
    case = make_case(distributor=world.other, published=True)
    make_issue(datetime.date(2026, 10, 1), cases=(case,), released=True)
    make_response(case, world.distributor)
    return [world.distributor.pk, case.number]


def open_story(world):
    """A story that waits for the manager's firm."""
    case = make_case(distributor=world.other, published=True)
    make_issue(datetime.date(2026, 10, 1), cases=(case,), released=True)
    return [world.distributor.pk, case.number]


def link(world):
    """A good link of a contact."""
    case = make_case(distributor=world.other, published=True)
    issue = make_issue(datetime.date(2026, 10, 1), cases=(case,), released=True)
    contact = Membership.objects.get(distributor=world.distributor, contact="first").user
    return [link_token(world.distributor.pk, issue.pk, contact.pk)]


def firm(world):
    return [world.distributor.pk]


def written_to(world):
    """With a contact to write to."""
    make_user(distributor=world.distributor, contact="deputy")
    return firm(world)


ROWS = [
    Row("responses", get=MEMBERS, post={"visitor": LOGIN, ...: 302}, note="nothing chosen"),
    Row(
        "response",
        args=answered,
        note="answered",
        get={
            "visitor": LOGIN,
            "author own_author co_author manager": 200,
            "campaigner lead editor superuser executive": 200,
            ...: 404,
        },
        # Nothing chosen: whoever may open it is told so; the transition refuses the rest.
        post={
            "visitor": LOGIN,
            "author own_author co_author manager": 422,
            "campaigner lead editor superuser executive": 422,
            ...: 404,
        },
    ),
    Row(
        "response",
        args=open_story,
        note="open",
        get={"visitor": LOGIN, "manager": 200, ...: 404},
        post={"visitor": LOGIN, "manager": 422, ...: 404},
    ),
    Row(
        "response_grid",
        get={"visitor": LOGIN, SEE_THE_GRID: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "response_grid_csv",
        get={"visitor": LOGIN, SEE_THE_GRID: 200, ...: 403},
        post={"visitor": LOGIN, ...: 405},
    ),
    Row(
        "response_coach",
        args=written_to,
        data=lambda world: {"text": "Two stories wait."},
        get={"visitor": LOGIN, "campaigner lead editor superuser": 200, ...: 403},
        post={"visitor": LOGIN, "campaigner lead editor superuser": 302, ...: 403},
    ),
    Row("respond_link", args=link, get=200, post=422, note="good, nothing chosen"),
    Row("respond_link", args=lambda world: ["1-1-1.guessed.token"], get=404, post=404),
    Row(
        "story_try",
        args=lambda world: [world.published.number],
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: {"note": "After the summer."},
    ),
    Row(
        "story_try",
        args=lambda world: [world.region_only.number],
        note="of another region",
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            "reader neutral translator trainer coordinator executive administrator": 404,
            ...: 302,
        },
    ),
    Row(
        "recognition",
        args=lambda world: [2026],
        get=MEMBERS,
        post={"visitor": LOGIN, ...: 405},
    ),
]
