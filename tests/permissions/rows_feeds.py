"""Rows of mail settings and feeds."""

from tests.permissions.table import LOGIN, Row
from touchpoints.transitions import make_feed_address, revoke_feed_address


def own_address(world):
    """Of the reader, whoever asks: the address is the key."""
    _token, secret = make_feed_address(world.users["reader"])
    return [secret, "stories", "atom"]


def revoked(world):
    reader = world.users["reader"]
    token, secret = make_feed_address(reader)
    revoke_feed_address(token, by=reader)
    return [secret, "stories", "atom"]


ROWS = [
    Row("mail_settings", get={"visitor": LOGIN, ...: 200}, post={"visitor": LOGIN, ...: 302}),
    Row("mail_feeds", get={"visitor": LOGIN, ...: 405}, post={"visitor": LOGIN, ...: 200}),
    Row("feed", get=200, post=405, args=lambda world: ["stories", "atom"]),
    Row("feed", get=404, post=405, args=lambda world: ["never", "atom"], note="an unknown feed"),
    Row("personal_feed", get=200, post=405, args=own_address),
    Row("personal_feed", get=410, post=405, args=revoked, note="revoked"),
    Row(
        "personal_feed",
        get=404,
        post=405,
        args=lambda world: ["guess", "stories", "json"],
        note="guessed",
    ),
]
