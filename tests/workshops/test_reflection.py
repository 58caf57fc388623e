"""A reflection after a session (R35), and what came of it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.registry import desk_items
from tests.factories.network import make_user
from tests.workshops.after import attended, later, make_past
from tests.workshops.outbox import mails, told
from workshops.exceptions import TransitionRefused
from workshops.models import Reflection, Session
from workshops.transitions import (
    follow_up,
    remind_of_actions,
    remind_to_reflect,
    write_reflection,
)

pytestmark = pytest.mark.django_db


def test_a_reflection_has_gap_owner_and_dated_action_and_comes_back(client):
    trainer, owner = make_user("trainer"), make_user("coordinator")
    session = make_past(trainers=[trainer])
    attended(session, 1, by=trainer)
    soon = timezone.localdate() + datetime.timedelta(days=10)
    whole = {
        "gap_from": "Half could draw the flow",
        "gap_to": "All of them",
        "due_on": soon,
        "owner": owner,
        "action": "One more exercise on the floor",
    }
    for name in ("gap_from", "gap_to", "action"):
        with pytest.raises(TransitionRefused):
            write_reflection(session, by=trainer, **whole | {name: " "})
    with pytest.raises(TransitionRefused, match="is over"):
        write_reflection(session, by=trainer, **whole | {"due_on": session.last_day})
    with pytest.raises(PermissionDenied):
        write_reflection(session, by=owner, **whole)
    (item,) = [one for one in desk_items(trainer) if one.state_label == "To reflect"]
    client.force_login(trainer)
    typed = whole | {"owner": owner.pk, "action": ""}
    assert "All of them" in client.post(item.url, typed).content.decode()
    assert client.post(item.url, whole | {"owner": owner.pk}).status_code == 302
    made = Reflection.objects.get()
    assert write_reflection(session, by=trainer, **whole) == made  # a double click
    assert [i for i in desk_items(trainer) if i.state_label == "To reflect"] == []
    assert list(desk_items(owner)) == []
    with later(11):
        (item,) = desk_items(owner)
        further = timezone.localdate() + datetime.timedelta(days=5)
        follow_up(made, by=owner, words="The floor was closed", due_on=further)
        assert list(desk_items(owner)) == []
    with later(17):
        (item,) = desk_items(owner)
        client.force_login(owner)
        assert "The floor was closed" in client.get(item.url).content.decode()
        assert client.post(item.url, {"words": ""}).status_code == 400
        assert client.post(item.url, {"words": "Done: all could draw it"}).status_code == 302
        assert list(desk_items(owner)) == []
        with pytest.raises(TransitionRefused, match="settled already"):
            follow_up(made, by=owner, words="Again")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reflection.objects.filter(pk=made.pk).update(action="")


# --- reminders ------------------------------------------------------------------------------------
def june(day: int, hour: int = 10):
    """A moment in June 2026; the 8th is a Monday."""
    moment = datetime.datetime(2026, 6, day, hour, tzinfo=datetime.UTC)
    return time_machine.travel(moment, tick=False)


def test_a_trainer_who_notes_nothing_is_reminded_once_after_five_working_days(trainer):
    other = make_user("trainer")
    with june(9):
        session = make_past(trainers=[trainer, other])
        attended(session, 1, by=trainer)
        write_reflection(
            session,
            by=other,
            gap_from="Half",
            gap_to="All",
            due_on=datetime.date(2026, 7, 1),
            owner=other,
            action="More time",
        )
    for day, told_now, is_late in ((9, 0, False), (15, 0, False), (16, 1, False), (17, 0, True)):
        with june(day):
            assert remind_to_reflect() == told_now, day
            (item,) = [one for one in desk_items(trainer) if one.state_label == "To reflect"]
            assert item.due == datetime.datetime(2026, 6, 16, 23, 59, 59, tzinfo=datetime.UTC)
            assert (item.due < timezone.now()) is is_late
    assert told(trainer).count("reflection_awaited") == 1
    assert "reflection_awaited" not in told(other)
    (one,) = [mail for mail in mails() if mail.subject.startswith("What will you change?")]
    assert one.to == [trainer.email]
    assert f"/workshops/sessions/{session.number}/reflect/" in one.body


def test_missed_beats_are_caught_up_on_a_working_day_and_what_passed_says_nothing(trainer):
    with june(8):
        attended(make_past(trainers=[trainer]), 1, by=trainer)
    with june(20):  # a Saturday
        assert remind_to_reflect() == 0
    with june(22):
        assert [remind_to_reflect(), remind_to_reflect()] == [1, 0]
        session = Session.objects.get()
        write_reflection(
            session,
            by=trainer,
            gap_from="Half",
            gap_to="All",
            due_on=datetime.date(2026, 7, 1),
            owner=trainer,
            action="More time",
        )
        assert [one for one in mails() if "change?" in one.subject] == []
    with june(8):
        attended(make_past(trainers=[trainer]), 1, by=trainer)
    with time_machine.travel(datetime.datetime(2026, 7, 20, 10, tzinfo=datetime.UTC), tick=False):
        assert remind_to_reflect() == 0  # nobody remembers after six weeks


def test_an_owner_is_reminded_once_of_each_day_that_is_over(trainer, coordinator):
    with june(9):
        session = make_past(trainers=[trainer])
        made = write_reflection(
            session,
            by=trainer,
            gap_from="Half",
            gap_to="All",
            due_on=datetime.date(2026, 6, 12),
            owner=coordinator,
            action="One more exercise",
        )
        mails()
    for day, told_now in ((12, 0), (13, 0), (15, 1), (16, 0)):  # Friday, Saturday, Monday
        with june(day):
            assert remind_of_actions() == told_now, day
    with june(16):
        (one,) = mails()
        assert one.to == [coordinator.email]
        assert "One more exercise" in one.body
        follow_up(made, by=coordinator, words="Not yet", due_on=datetime.date(2026, 6, 18))
        assert [one for one in desk_items(coordinator) if "reflection" in one.url] == []
    with june(19):
        assert [remind_of_actions(), remind_of_actions()] == [1, 0]
        follow_up(made, by=coordinator, words="Done")
        assert mails() == []  # it was settled before the mail went out
    with june(22):
        assert remind_of_actions() == 0


def test_without_anything_due_the_sweep_asks_two_questions(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert remind_to_reflect() + remind_of_actions() == 0
