"""Rows of invitations, members and profiles."""

from gkc_site.accounts.transitions import invite
from tests.factories import make_user
from tests.permissions.table import LOGIN, Row

PROFILE = {"visitor": LOGIN, ...: 200}
NO_METHOD = {"visitor": LOGIN, ...: 405}
KEEPERS = "manager administrator superuser"
INVITERS = "manager lead administrator superuser"


def only(roles: str, answer: int) -> dict:
    """`roles` get `answer`, other members 403."""
    return {"visitor": LOGIN, roles: answer, ...: 403}


def firm(world):
    return [world.distributor.code]


def a_colleague(world):
    """The key of a membership of the story's distributor."""
    return [make_user(distributor=world.distributor).memberships.get().pk]


def a_person(world):
    return [make_user(distributor=world.distributor, post="Clerk").pk]


def an_invitation(world):
    return invite(world.distributor, "new@table.example", by=world.users["manager"])


def key(world):
    return [an_invitation(world).pk]


ROWS = [
    Row("invitation", get=200, post=200, args=lambda world: [an_invitation(world).token]),
    Row("invitation", get=410, post=410, args=lambda world: ["guess"], note="unknown link"),
    Row("people_members", get=only(INVITERS, 200), post=NO_METHOD),
    Row("people_invite", get=only(INVITERS, 200), post=only(INVITERS, 200), args=firm),
    Row("people_resend", get=NO_METHOD, post=only(INVITERS, 302), args=key),
    Row("people_revoke", get=NO_METHOD, post=only(INVITERS, 302), args=key),
    Row("people_leave", get=only(KEEPERS, 200), post=only(KEEPERS, 302), args=a_colleague),
    Row(
        "people_contact",
        get=NO_METHOD,
        post=only(KEEPERS, 302),
        args=a_colleague,
        data=lambda world: {"contact": "deputy"},
    ),
    Row("people_confirm", get=NO_METHOD, post=only(KEEPERS, 302), args=a_person),
    Row("profile", get=PROFILE, post=PROFILE),
    Row("profile_languages", get=NO_METHOD, post={"visitor": LOGIN, ...: 302}),
]
