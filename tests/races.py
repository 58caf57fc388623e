"""Races for tests: works that start together, and what lets a control take a guard away.

A race is won by luck on most days. Where two works can meet between reading
and writing, `meeting` makes them: without the guard both have read before
either writes, and with it the one that waits for the lock never comes.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.db.models import QuerySet

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

    def before(self, function: Callable) -> Callable:
        """The same function; whoever calls it waits first."""

        def wrapped(*args, **kwargs):
            self.wait()
            return function(*args, **kwargs)

        return wrapped

    def after(self, function: Callable) -> Callable:
        """The same function; whoever called it waits before it goes on."""

        def wrapped(*args, **kwargs):
            found = function(*args, **kwargs)
            self.wait()
            return found

        return wrapped


def replace(monkeypatch, path: str, make: Callable) -> None:
    """Put `make(what is there)` at a dotted path; the last name may be a manager's method."""
    *owner, name = path.split(".")
    for length in range(len(owner), 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            at = import_module(".".join(owner[:length]))
            break
    for part in owner[length:]:
        at = getattr(at, part)
    monkeypatch.setattr(at, name, make(getattr(at, name)))


def meeting(monkeypatch, *paths: str, parties: int = 2) -> Meeting:
    """Whoever has called one of the functions at these dotted paths waits for the others."""
    met = Meeting(parties)
    for path in paths:
        replace(monkeypatch, path, met.after)
    return met


def while_inside(monkeypatch, path: str, first: Callable, then: Callable) -> tuple[list, bool]:
    """`then` begins when `first` has called the function at the path, which gives it APART_S.

    Returns what each gave or raised, and whether `then` was through before
    `first` went on: the guard, if there is one, keeps it out.
    """
    inside, through, was_through = threading.Event(), threading.Event(), []

    def hold(function):
        def wrapped(*args, **kwargs):
            found = function(*args, **kwargs)
            if not inside.is_set():
                inside.set()
                was_through.append(through.wait(APART_S))
            return found

        return wrapped

    def begin():
        try:
            return first()
        finally:
            inside.set()  # it came to nothing: the other must not wait for ever

    def follow():
        inside.wait()
        try:
            return then()
        finally:
            through.set()

    replace(monkeypatch, path, hold)
    answers = together([begin, follow])
    return answers, bool(was_through and was_through[0])


def without_locks(monkeypatch, *modules: str) -> None:
    """The guard off: no row is locked, and in these modules no transaction holds others out."""
    free = SimpleNamespace(
        atomic=contextlib.nullcontext, set_rollback=lambda *_args, **_kwargs: None
    )
    for path in modules:
        module = import_module(path)
        if hasattr(module, "transaction"):
            monkeypatch.setattr(module, "transaction", free)
        for name in ("tree_change", "writing_in_turn"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, contextlib.nullcontext)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self._chain())
