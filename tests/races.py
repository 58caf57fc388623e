"""Races for tests: works that start together, and what lets a control take a guard away.

A race is won by luck on most days. Where two works can meet between reading
and writing, `meeting` makes them: without the guard both have read before
either writes, and with it the one that waits for the lock never comes.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable

from django.db import connection

AT_ONCE = 40  # connections; PostgreSQL has a hundred
APART_S = 1.0  # who waits for a lock does not come in this time


def together(works: Iterable[Callable]) -> list:
    """Runs all of them, AT_ONCE at a time, from one gate. Returns what each gave or raised."""
    works = list(works)
    answers, gate = [None] * len(works), threading.Barrier(min(AT_ONCE, len(works)))
    todo = list(enumerate(works))
    lock = threading.Lock()

    def worker() -> None:
        gate.wait()
        while True:
            with lock:
                if not todo:
                    break
                number, work = todo.pop(0)
            try:
                answers[number] = work()
            except Exception as error:  # the test looks at it
                answers[number] = error
        connection.close()

    connection.close()
    threads = [threading.Thread(target=worker) for _ in range(gate.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def kinds(answers: list) -> list[str]:
    """What came of it: the name of each answer's class, sorted."""
    return sorted(type(answer).__name__ for answer in answers)


class Meeting:
    """Where works wait for each other, APART_S at most: a lock may keep the others out."""

    def __init__(self, parties: int = 2):
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        """Until all are here; once somebody waited in vain nobody waits any more."""
        with contextlib.suppress(threading.BrokenBarrierError):
            self._barrier.wait(APART_S)

    def after(self, function: Callable) -> Callable:
        """The same function; whoever called it waits before it goes on."""

        def wrapped(*args, **kwargs):
            found = function(*args, **kwargs)
            self.wait()
            return found

        return wrapped


def meeting(monkeypatch, *paths: str, parties: int = 2) -> Meeting:
    """Whoever has called one of the functions at these dotted paths waits for the others."""
    met = Meeting(parties)
    for path in paths:
        module, _dot, name = path.rpartition(".")
        function = getattr(__import__(module, fromlist=[name]), name)
        monkeypatch.setattr(path, met.after(function))
    return met
