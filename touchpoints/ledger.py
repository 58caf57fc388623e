"""The mail of a delivery as it was sent, or as it would be."""

import email
import email.policy
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from touchpoints.backends import file_of
from touchpoints.models import Delivery, DeliveryState
from touchpoints.sending import Suppressed, contents

AS_SENT = gettext_noop("This is the mail as it was sent.")
AS_MADE_NOW = gettext_noop("This is the mail as it would be made now.")


@dataclass(frozen=True)
class Letter:
    """What an editor reads in the ledger. `note` says where it comes from, or why there is none."""

    note: str
    subject: str = ""
    text: str = ""
    html: str = ""


def letter_of(delivery: Delivery) -> Letter:
    """From the file backend's file where there is one, else made again."""
    if delivery.state == DeliveryState.SENT:
        try:
            content = file_of(delivery.message_id).read_bytes()
        except OSError:
            pass  # sent by another backend, or the file was cleared away
        else:
            return _parsed(content)
    try:
        parts = contents(delivery)
    except Suppressed as why:
        return Letter(note=why.args[0])
    return Letter(AS_MADE_NOW, parts.subject, parts.text, parts.html)


def _parsed(content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=email.policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Letter(
        AS_SENT,
        message["Subject"],
        plain.get_content() if plain else "",
        html.get_content() if html else "",
    )
