"""Links that act without a login: the one that ends an optional mail (RFC 8058), and feeds'."""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.core import signing

from touchpoints.personal import placeholder

SALT = "touchpoints.stop"
# What a template puts where the receiver's own link belongs.
STOP = "stop"
STOP_LINK = placeholder(STOP)


def stop_url(user_id: int, kinds: Iterable[str]) -> str:
    """The receiver's own link for these kinds; it never ends, so that an old mail's works too."""
    signed = signing.Signer(salt=SALT).sign(f"{user_id}~{'+'.join(sorted(set(kinds)))}")
    return f"{settings.SITE_ADDRESS.rstrip('/')}/mail/stop/{signed}/"


def read_stop(signed: str) -> tuple[int, list[str]]:
    """The person's key and the kinds. Raises signing.BadSignature for what we did not write."""
    user_id, _mark, kinds = signing.Signer(salt=SALT).unsign(signed).partition("~")
    return int(user_id), kinds.split("+")


def stop_headers(url: str) -> dict[str, str]:
    """What mail programs make a button of (RFC 2369, RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def hash_of(secret: str) -> str:
    """What is kept of a feed's secret: 192 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
