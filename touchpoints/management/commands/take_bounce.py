"""Take in a mail that came back, from a mailbox or a mail server's pipe.

    manage.py take_bounce < returned.eml

Reads a delivery status notification (RFC 3464) from standard input, finds the
delivery by the returned mail's Message-ID and writes it down, as the webhook of
a mail service would. For mail servers without such a service: point the
envelope sender's mailbox at it.
"""

import email
import email.policy
import re
import sys
from email.message import EmailMessage

from django.core.management.base import BaseCommand, CommandError

from touchpoints.returns import deliveries_of, is_hard, note_bounce

_ADDRESS = re.compile(r"[^\s;<>]+@[^\s;<>]+")


class Command(BaseCommand):
    help = "Take in a bounced mail (RFC 3464) from standard input."

    def handle(self, *args, **options) -> None:
        """Says what was written down; a CommandError where the mail is no bounce."""
        source = getattr(sys.stdin, "buffer", sys.stdin)
        content = source.read()
        content = content.encode() if isinstance(content, str) else content
        report = email.message_from_bytes(content, policy=email.policy.default)
        found = list(failures(report))
        if not found:
            raise CommandError("This is no report of a mail that came back.")
        rows = deliveries_of(message_id(report))
        for address, status, words in found:
            hard = is_hard(None, status)
            ended = note_bounce(rows, address, hard=hard, words=words)
            self.stdout.write(
                f"{address}: {'hard' if hard else 'soft'} bounce, {len(rows)} deliveries"
                + (", out of use" if ended else "")
            )


def failures(report: EmailMessage):
    """(address, status, words) for each receiver whom the report calls failed."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for group in part.get_payload():
            action = str(group.get("Action", "")).strip().lower()
            receiver = _ADDRESS.search(str(group.get("Final-Recipient", "")))
            if action == "failed" and receiver:
                words = " ".join(str(group.get("Diagnostic-Code", "")).split())
                yield receiver[0].lower(), str(group.get("Status", "")).strip(), words


def message_id(report: EmailMessage) -> str:
    """The Message-ID of the mail that came back; empty where the report does not hold it."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.get_payload():
                if inner["Message-ID"]:
                    return str(inner["Message-ID"])
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(part.get_content(), policy=email.policy.default)
            if headers["Message-ID"]:
                return str(headers["Message-ID"])
    return ""
