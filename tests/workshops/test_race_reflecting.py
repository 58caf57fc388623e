"""A trainer's button pressed twice at once, and once more with its guard off."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.workshops import make_session, make_trainee
from tests.races import kinds, meeting, together, without_locks
from workshops.models import Reflection
from workshops.transitions import write_reflection

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def press_twice(monkeypatch) -> list[str]:
    trainer = make_trainee()
    session = make_session(in_days=-1, trainers=[trainer])
    typed = {"gap_from": "Half", "gap_to": "All", "action": "More time", "owner": trainer}
    typed["due_on"] = timezone.localdate() + datetime.timedelta(days=3)
    # Both have looked whether it is there before either writes it.
    meeting(monkeypatch, "django.db.models.QuerySet._extract_model_params")
    return kinds(together([lambda: write_reflection(session, by=trainer, **typed)] * 2))


def test_a_double_click_is_one_reflection(monkeypatch):
    assert press_twice(monkeypatch) == ["Reflection", "Reflection"]
    assert Reflection.objects.count() == 1


def test_control_without_the_lock_there_are_two(monkeypatch):
    without_locks(monkeypatch, "workshops.transitions.reflecting")
    assert press_twice(monkeypatch) == ["Reflection", "Reflection"]
    assert Reflection.objects.count() == 2
