"""Two coordinators change one programme, or let two ask for each other: each with a control that
breaks it when nobody takes turns."""

import contextlib
import threading

import pytest
from django.db import connection

from tests.factories.workshops import make_programme, make_trainee
from tests.workshops.test_race import APART_S, together
from workshops.models import Programme, ProgrammeEvent
from workshops.transitions import change_programme, programmes
from workshops.transitions.programmes import state_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coordinator():
    return make_trainee(is_superuser=True)


def both_save(programme, coordinator) -> list[str]:
    """Two forms that were opened at the same state are sent at once."""
    seen = programmes.mark_of(state_of(programme))
    connection.close()
    answers = together(
        lambda days=days: change_programme(programme, {"days": days}, by=coordinator, seen=seen)
        for days in (3, 4)
    )
    return sorted(type(one).__name__ for one in answers)


def test_of_two_forms_from_one_state_the_second_is_refused(coordinator):
    programme = make_programme(days=1)
    assert both_save(programme, coordinator) == ["Programme", "StaleForm"]
    event = ProgrammeEvent.objects.get()
    programme.refresh_from_db()
    assert event.changes["days"] == [1, programme.days]


def test_control_without_the_mark_one_writes_over_the_other(coordinator, monkeypatch):
    monkeypatch.setattr(programmes, "mark_of", lambda state: "the same")
    programme = make_programme(days=1)
    assert both_save(programme, coordinator) == ["Programme", "Programme"]
    assert ProgrammeEvent.objects.count() == 2


def both_ask(coordinator) -> list:
    """One shall come after the other, and the other after the one, at once."""
    one, two = make_programme("one"), make_programme("two")
    connection.close()
    return together(
        [
            lambda: change_programme(one, {"requires": [two]}, by=coordinator),
            lambda: change_programme(two, {"requires": [one]}, by=coordinator),
        ]
    )


def test_two_programmes_never_come_to_ask_for_each_other(coordinator):
    answers = both_ask(coordinator)
    assert sorted(type(one).__name__ for one in answers) == ["FieldsRefused", "Programme"]
    assert Programme.requires.through.objects.count() == 1


def test_control_without_turns_they_do(coordinator, monkeypatch):
    met, real = threading.Barrier(2), programmes.ring_through

    def look_then_wait(*args):
        found = real(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(APART_S)
        return found

    monkeypatch.setattr(programmes, "ring_through", look_then_wait)
    monkeypatch.setattr(programmes, "tree_change", contextlib.nullcontext)
    monkeypatch.setattr(
        programmes, "locked_programme", lambda programme, by: Programme.objects.get(pk=programme.pk)
    )
    both_ask(coordinator)
    assert Programme.requires.through.objects.count() == 2
