"""A message as a mail: HTML part, plain-text twin and subject in the receiver's language."""

import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.mime.text import MIMEText
from email.utils import formatdate, parseaddr
from functools import cache, cached_property
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network import languages
from network.localize import list_text
from touchpoints.personal import Frame, fill
from touchpoints.registry import Attachment, Message
from touchpoints.stopping import STOP_LINK, stop_headers

TEXT_WIDTH = 72  # columns; older mail programs do not wrap
PREHEADER = 140  # characters that a list of mails shows beside the subject


# Unseen signs that words are written with: joiners (Persian می‌شود), and marks of direction.
_WRITTEN = "\u200c\u200d\u200e\u200f\u061c"


def one_line(text: str) -> str:
    """Header text: no line break or control character can end the header."""
    kept = (c if c.isprintable() or c in _WRITTEN else " " for c in str(text))
    return " ".join("".join(kept).split())


def absolute(path: str) -> str:
    """A path on the site as a link that works from a mail program."""
    return urljoin(settings.SITE_ADDRESS.rstrip("/") + "/", path) if path else ""


_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


def header_address(address: str) -> str:
    """An address as a header takes it; ValueError where it cannot."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    return sanitize_address(address, "utf-8")


@cache
def envelope_sender(header: str) -> str:
    """'gkc@example.org' out of 'Knowledge Center <gkc@example.org>'."""
    return header_address(parseaddr(header)[1])


@dataclass(frozen=True)
class Parts:
    """What one mail says, whoever gets it."""

    subject: str
    text: str
    html: str
    language: str
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()

    @cached_property
    def frame(self) -> Frame:
        """Everything of the mail but To, Message-ID and Date, with CRLF line ends.

        Made once for all who get the same words: building and encoding a mail
        costs more than handing it over.
        """
        message = EmailMultiAlternatives(self.subject, self.text, headers=self.headers)
        message.attach_alternative(self.html, "text/html")
        for one in self.attachments:
            message.attach(mime_of(one))
        built = message.message()
        for header in ("To", "Message-ID", "Date"):
            del built[header]
        return Frame(built)

    @property
    def headers(self) -> dict[str, str]:
        """Headers that every mail of ours has."""
        own = {"Reply-To": sanitize_address(self.reply_to, "utf-8")} if self.reply_to else {}
        return own | {
            "Content-Language": languages.tag(self.language),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
        }


def mime_of(attachment: Attachment) -> MIMEText:
    """The file as a part of a mail."""
    kind, *parameters = (part.strip() for part in attachment.kind.split(";"))
    part = MIMEText(attachment.content, kind.partition("/")[2], "utf-8")
    for name, _mark, value in (parameter.partition("=") for parameter in parameters):
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part


class LedgerMail(EmailMultiAlternatives):
    """A mail to one address with the Message-ID of its row.

    Raises ValueError for an address that cannot stand in a header, KeyError where
    `values` lack one of the receiver's own words (touchpoints.personal).
    """

    def __init__(
        self,
        parts: Parts,
        address: str,
        message_id: str,
        values: Mapping[str, str] | None = None,
        *,
        stop_url: str = "",
        **kwargs,
    ):
        values = {} if values is None else values  # NOBODYS is empty and has every name
        stop = stop_headers(stop_url) if stop_url else {}
        headers = parts.headers | {"Message-ID": message_id} | stop
        text = fill(parts.text, values)
        super().__init__(parts.subject, text, to=[address], headers=headers, **kwargs)
        self.attach_alternative(fill(parts.html, values, html=True), "text/html")
        for one in parts.attachments:
            self.attach(mime_of(one))
        # A mail service gives it back with what it reports of this mail.
        self.metadata = {"delivery": message_id.strip("<>").partition("@")[0]}
        self.receiver = header_address(address)
        self.head = (
            f"To: {self.receiver}\r\n"
            f"Message-ID: {message_id}\r\n"
            f"Date: {formatdate(usegmt=True)}\r\n"
            + "".join(f"{name}: {text}\r\n" for name, text in stop.items())
        ).encode("ascii")
        self.frame = parts.frame.filled(values)

    @property
    def finished(self) -> tuple[str, list[str], bytes]:
        """Envelope sender, envelope receivers and the mail, as SMTP takes them."""
        return envelope_sender(self.from_email), [self.receiver], self.head + self.frame

    def message(self) -> "SealedMessage":
        """What the mail backends write: the shared frame under this mail's own head."""
        return SealedMessage(self.head + self.frame, self.extra_headers["Message-ID"])


class SealedMessage:
    """A finished mail, as much of email.message.Message as mail backends use."""

    def __init__(self, content: bytes, message_id: str):
        self._content = content
        self._message_id = message_id

    def __getitem__(self, header: str) -> str:
        if header.lower() != "message-id":
            raise KeyError(header)
        return self._message_id

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        """The mail with the line ends asked for."""
        if linesep == "\r\n":
            return self._content
        return self._content.replace(b"\r\n", linesep.encode())


def filled(message: Message, values: Mapping[str, str]) -> Message:
    """The message with one receiver's own words in all its parts."""
    return replace(
        message,
        subject=fill(message.subject, values),
        lines=tuple(fill(str(line), values) for line in message.lines),
        url=fill(message.url, values),
        html=fill(message.html, values, html=True),
        text=fill(message.text, values),
    )


def render(
    messages: Sequence[Message],
    audiences: Sequence[str],
    language: str,
    *,
    has_account: bool = True,
    may_stop: bool = False,
) -> Parts:
    """One mail of one message, or a digest of several, newest first.

    Call with `language` and the receiver's time zone active. `audiences` say
    for whom the kinds are, in words. A receiver without an account is offered
    no profile; where they `may_stop` this, there is a placeholder for the link.
    """
    first = messages[0]
    attachments = tuple(one for message in messages for one in message.attachments)
    if len(messages) == 1:
        subject, title = first.subject, first.subject
        preheader = first.lines[0] if first.lines else ""
    else:
        title = ngettext(
            "%(count)s piece of news for you", "%(count)s pieces of news for you", len(messages)
        ) % {"count": len(messages)}
        subject = title
        preheader = first.subject
    if len(messages) == 1 and first.html:
        return Parts(one_line(subject), first.text, first.html, language, attachments=attachments)
    context = {
        "site_name": settings.SITE_NAME,
        "language_tag": languages.tag(language),
        "direction": languages.direction(language),
        "title": one_line(title),
        "preheader": one_line(preheader)[:PREHEADER],
        "message": _linked(first, language),
        "items": [_linked(message, language) for message in messages] if len(messages) > 1 else [],
        "audience": _("This message is for: %(audience)s.")
        % {"audience": list_text(languages.unique(str(label) for label in audiences))},
        "profile_url": profile_url() if has_account else "",
        "stop_url": STOP_LINK if may_stop else "",
        "align": "right" if languages.direction(language) == "rtl" else "left",
    }
    return Parts(
        subject=one_line(subject),
        text=_tidy(render_to_string("touchpoints/mail.txt", context)),
        html=render_to_string("touchpoints/mail.html", context),
        language=language,
        # A digest has no one person to answer.
        reply_to=first.reply_to if len(messages) == 1 else "",
        attachments=attachments,
    )


def profile_url() -> str:
    """Where a person changes language and rhythm; empty where the site has no profiles."""
    try:
        return absolute(reverse("profile"))
    except NoReverseMatch:
        return ""


def _linked(message: Message, language: str) -> dict:
    own = languages.direction(language)
    return {
        "subject": one_line(message.subject),
        # A person's words may be of another direction than the mail.
        "lines": [(line, languages.direction_of(str(line), own)) for line in message.lines],
        "url": absolute(message.url),
        "action": message.action or _("Open"),
        "wrapped": [_wrapped(str(line), own) for line in message.lines],
    }


def _wrapped(line: str, direction: str) -> str:
    """Lines of plain text; where one begins with another script, a mark says its direction."""
    towards = languages.direction_of(line, direction)
    mark = _MARKS[towards]
    rows = textwrap.wrap(line, TEXT_WIDTH, **_WRAP) or [""]
    return "\n".join(f"{mark}{row}" if _begins(row) not in ("", towards) else row for row in rows)


def _begins(text: str) -> str:
    """The direction that a program takes from the first letter; '' for no letter."""
    letter = next((sign for sign in text if unicodedata.bidirectional(sign) in _STRONG), "")
    return languages.direction_of(letter, "")


_MARKS = {"rtl": "\u200f", "ltr": "\u200e"}
_STRONG = ("L", "R", "AL")


_WRAP = {"break_long_words": False, "break_on_hyphens": False}  # links stay whole


def _tidy(text: str) -> str:
    """Template tags leave lines behind: at most one empty line in a row."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept) + "\n"
