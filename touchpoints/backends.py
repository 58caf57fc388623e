"""How mail leaves: as files, which `make run` uses and the admin's ledger reads, or by SMTP."""

import os
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
    long as the talk with the server.
    """

    def _send(self, email_message) -> bool:
        finished = getattr(email_message, "finished", None)
        if finished is None:
            return super()._send(email_message)
        self.connection.sendmail(*finished)
        return True
