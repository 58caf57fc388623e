"""How mail leaves: as files, which `make run` uses and the admin's ledger reads, or by SMTP."""

import os
import smtplib
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


def file_of(message_id: str) -> Path:
    """Where the file backend keeps the mail with this Message-ID."""
    name = "".join(c for c in message_id if c.isalnum() or c in "-@.")
    return Path(settings.EMAIL_FILE_PATH) / f"{name}.eml"


class FileBackend(BaseEmailBackend):
    """One message a file under EMAIL_FILE_PATH, named by its Message-ID.

    Temporary file, fsync, rename: a killed sender leaves no half message, and
    the same Message-ID written twice is one file.
    """

    def send_messages(self, email_messages) -> int:
        """Returns the number of messages written."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content = message.message()
            target = file_of(content["Message-ID"])
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
            with os.fdopen(handle, "wb") as file:
                file.write(content.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).rename(target)
        return len(email_messages)


class SMTPBackend(EmailBackend):
    """Django's, but a mail that is finished goes out as it is.

    Django's own parses both addresses again for every mail, which takes as
    long as the talk with the server. Where the server offers PIPELINING
    (RFC 2920; Postfix and Exim do), sender, receiver and DATA go in one packet.
    """

    def _send(self, email_message) -> bool:
        finished = getattr(email_message, "finished", None)
        if finished is None:
            return super()._send(email_message)
        if self.connection.has_extn("pipelining"):
            _send_pipelined(self.connection, *finished)
        else:
            self.connection.sendmail(*finished)
        return True


def _send_pipelined(server: smtplib.SMTP, sender: str, receivers: list[str], mail: bytes) -> None:
    """As `SMTP.sendmail` to one receiver: the same errors, two waits instead of four."""
    [receiver] = receivers
    size = f" size={len(mail)}" if server.has_extn("size") else ""
    server.send(f"MAIL FROM:<{sender}>{size}\r\nRCPT TO:<{receiver}>\r\nDATA\r\n".encode("ascii"))
    from_answer, to_answer, data_answer = server.getreply(), server.getreply(), server.getreply()
    refused = _refusal(sender, receiver, from_answer, to_answer)
    if data_answer[0] == 354:
        # Refused and still asked for text: an empty one, which goes to nobody.
        server.send(b".\r\n" if refused else _quoted(mail))
        data_answer = server.getreply()
    if refused is None and data_answer[0] != 250:
        refused = smtplib.SMTPDataError(*data_answer)
    if refused is not None:
        if data_answer[0] == 421:  # the server is closing
            server.close()
        else:
            server.rset()
        raise refused


def _refusal(sender: str, receiver: str, from_answer: tuple, to_answer: tuple):
    """The error of a sender or receiver that the server did not take; None where it took both."""
    if from_answer[0] != 250:
        return smtplib.SMTPSenderRefused(*from_answer, sender)
    if to_answer[0] not in (250, 251):
        return smtplib.SMTPRecipientsRefused({receiver: to_answer})
    return None


def _quoted(mail: bytes) -> bytes:
    """The text with its leading dots doubled and its end mark (RFC 5321, 4.5.2)."""
    text = mail.replace(b"\r\n.", b"\r\n..")
    if text.startswith(b"."):
        text = b"." + text
    return text + (b".\r\n" if text.endswith(b"\r\n") else b"\r\n.\r\n")
