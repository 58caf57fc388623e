"""Rows of who writes a story: co-authors, and authors to be named."""

from bulletins.models import CoAuthorship
from network.models import Membership
from tests.permissions.table import LOGIN, NOT_ALLOWED, Row

AUTHORS = "own_author co_author"


def draft(world):
    return [world.draft.number]


def of_the_co_author(world):
    return [world.draft.number, world.users["co_author"].pk]


def of_somebody_else(world):
    """A colleague who does not write it."""
    return [world.draft.number, world.users["author"].pk]


def an_invitation(world):
    person, by = world.users["author"], world.users["own_author"]
    return [CoAuthorship.objects.create(case=world.draft, user=person, by=by).pk]


def a_story_left(world):
    Membership.objects.filter(user=world.users["own_author"]).delete()
    return []


ROWS = [
    Row(
        "co_authors",
        args=draft,
        get={"visitor": LOGIN, AUTHORS: 200, ...: 404},
        post={"visitor": LOGIN, "own_author": 302, "co_author": 403, ...: 404},
        data=lambda world: {"person": world.users["author"].pk},
    ),
    Row(
        "co_author_end",
        args=of_the_co_author,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, AUTHORS: 302, ...: 404},
        note="the author, or the co-author themself",
    ),
    Row(
        "co_author_end",
        args=of_somebody_else,
        get={"visitor": LOGIN, ...: NOT_ALLOWED},
        post={"visitor": LOGIN, ...: 404},
        note="nobody’s name is told for a key",
    ),
    Row(
        "co_authorship",
        args=an_invitation,
        get={"visitor": LOGIN, "author": 200, ...: 404},
        post={"visitor": LOGIN, "author": 302, ...: 404},
        data=lambda world: {"answer": "accept"},
    ),
    Row(
        "authors_to_name",
        args=a_story_left,
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: {"group": "of-0-0"},
        note="each sees what they name an author for",
    ),
]
