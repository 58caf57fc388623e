"""Rows of distributors' versions of programmes."""

from tests.factories.workshops import make_programme
from tests.permissions.table import LOGIN, Row
from workshops.transitions.tailoring import tailor

KEEPERS = "manager coordinator administrator superuser"
STAFF = "campaigner lead trainer editor executive"


def a_version(*more):
    """The version of the story's distributor, published."""

    def args(world):
        made = tailor(make_programme(), world.distributor, "en", by=world.users["administrator"])
        made.pages.get().get_latest_revision().publish(skip_permission_checks=True)
        return [made.key, *more]

    return args


ROWS = [
    Row(
        "versions",
        get={"visitor": LOGIN, KEEPERS: 200, ...: 403},
        post={"visitor": LOGIN, KEEPERS: 400, ...: 403},
    ),
    Row(
        "version_edit",
        args=a_version(),
        get={
            "visitor": LOGIN,
            KEEPERS: 200,
            f"author own_author co_author {STAFF}": 403,
            ...: 404,
        },
        post={
            "visitor": LOGIN,
            KEEPERS: 409,
            f"author own_author co_author {STAFF}": 403,
            ...: 404,
        },
    ),
    Row(
        "version_compare",
        args=a_version(),
        get={"visitor": LOGIN, "reader neutral translator": 404, ...: 200},
        post={
            "visitor": LOGIN,
            KEEPERS: 302,
            f"author own_author co_author {STAFF}": 403,
            ...: 404,
        },
    ),
    Row(
        "version_change",
        args=a_version("withdraw"),
        get={"visitor": LOGIN, ...: 405},
        post={
            "visitor": LOGIN,
            KEEPERS: 302,
            f"author own_author co_author {STAFF}": 403,
            ...: 404,
        },
    ),
]
