"""A sender in a process of its own, to be killed.

Prints a Message-ID before each mail, and with the argument 'held' waits for a
line on standard input before it goes on.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.test")


def main() -> None:
    """Send what is due; the database, mail folder and lease come from the environment."""
    django.setup()
    from django.conf import settings

    from tests.touchpoints.conftest import audience, words
    from touchpoints.backends import FileBackend
    from touchpoints.registry import Kind, register
    from touchpoints.sending import send_due

    send = FileBackend.send_messages

    def announced(self, messages):
        for message in messages:
            os.write(1, f"{message.extra_headers['Message-ID']}\n".encode())
            if "held" in sys.argv:
                sys.stdin.readline()
        return send(self, messages)

    FileBackend.send_messages = announced
    settings.EMAIL_BACKEND = "touchpoints.backends.FileBackend"
    settings.EMAIL_TIMEOUT = 0.1
    register(Kind("tests.news", audience, "Members", words))
    send_due()


if __name__ == "__main__":
    sys.exit(main())
