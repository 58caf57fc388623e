"""Releases and sends as the worker does, in process groups that are there to be killed.

Loads Django once, then reads the name of a FIFO from each line of its
standard input. For each it forks a group of its own: a leader and two
workers, which release what is due and send until nothing is left. The group
writes `s` to the FIFO for each SQL statement up to the release and `m` for each mail,
before it is handed over; the FIFO ends when the last of the group is gone.
The group's number goes to standard output. Its journal (GKC_HOME/journal)
has a line for each mail handed over: address and Message-ID, on disk before
the mail is.
"""

import os
import signal
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.test")
WORKERS = 2
LOOK_AGAIN_S = 0.05  # for rows that a killed sender's lease still holds


def work(ticks: int) -> None:
    """Release and send until nothing is due; the tasks that the beat sends."""
    from django.conf import settings
    from django.db import connection

    from bulletins.models import BulletinIssue
    from bulletins.tasks import release_due_issues
    from touchpoints.backends import FileBackend
    from touchpoints.models import Delivery
    from touchpoints.tasks import send_due

    journal = os.open(
        os.path.join(settings.GKC_HOME, "journal"), os.O_WRONLY | os.O_CREAT | os.O_APPEND
    )
    hand_over = FileBackend.send_messages

    def journaled(self, messages):
        for message in messages:
            line = f"{message.to[0]} {message.extra_headers['Message-ID']}\n"
            os.write(journal, line.encode())
            os.fsync(journal)
            os.write(ticks, b"m")
        return hand_over(self, messages)

    def counted(execute, *arguments):
        os.write(ticks, b"s")
        return execute(*arguments)

    FileBackend.send_messages = journaled
    waiting = threading.Event()
    while True:
        with connection.execute_wrapper(counted):
            release_due_issues()
        send_due()
        if not (
            BulletinIssue.objects.filter(stage="frozen").exists()
            or Delivery.objects.filter(state="queued").exists()
        ):
            return
        waiting.wait(LOOK_AGAIN_S)


def lead(fifo: str) -> None:
    """Be a group: open the FIFO, which each worker inherits, and wait for the workers."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ticks = os.open(fifo, os.O_WRONLY)
    for _worker in range(WORKERS):
        if os.fork() == 0:
            work(ticks)
            os._exit(0)
    for _worker in range(WORKERS):
        os.wait()


def main() -> None:
    """The database, home and lease come from the environment."""
    django.setup()
    from django.conf import settings
    from django.urls import get_resolver

    settings.EMAIL_BACKEND = "touchpoints.backends.FileBackend"
    settings.EMAIL_TIMEOUT = 0.1
    get_resolver().url_patterns  # noqa: B018  (loaded here, not once a fork)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a killed leader
    for line in sys.stdin:
        leader = os.fork()
        if leader == 0:
            os.setsid()
            try:
                lead(line.strip())
            finally:
                os._exit(0)
        print(leader, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
