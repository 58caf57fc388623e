"""The link in an issue's mail: answers for one distributor without signing in.

Signed, expiring, for this one purpose (salt). It names distributor, issue and
contact; what it opens is looked up each time, so it is revoked when contact or
distributor leave. It is no session and opens nothing else.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

SALT = "bulletins.respond"


@dataclass(frozen=True)
class LinkKey:
    """What a good link names; keys only."""

    distributor: int
    issue: int
    user: int


class LinkBroken(Exception):
    """Guessed, altered or cut off: nothing is told about what it could have been."""


class LinkExpired(Exception):
    """Ours, but its time is over."""


def link_token(distributor_id: int, issue_id: int, user_id: int) -> str:
    """The last part of the link's address; letters, digits, '-', '_' and '.', under 75 of them."""
    return _signer().sign(f"{distributor_id}-{issue_id}-{user_id}")


def read_token(token: str) -> LinkKey:
    """What the token names. Raises LinkBroken or LinkExpired."""
    longest = datetime.timedelta(days=settings.RESPONSE_LINK_DAYS)
    try:
        value = _signer().unsign(token, max_age=longest)
        return LinkKey(*(int(part) for part in value.split("-")))
    except SignatureExpired as late:
        raise LinkExpired from late
    except (BadSignature, ValueError, TypeError) as wrong:
        raise LinkBroken from wrong


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT, sep=".")
