"""A preview is the change undone; messages to participants; go or no-go."""

import datetime
import zoneinfo

import pytest
import time_machine
from django.utils import timezone, translation

from tests.factories.network import make_user
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import told
from touchpoints.models import Delivery, Mailing
from touchpoints.registry import kind
from workshops.exceptions import DoneAlready, TransitionRefused
from workshops.models import Session
from workshops.transitions import (
    add_seats,
    carry_out,
    enrol,
    foresee,
    message_participants,
    sweep_seats,
)
from workshops.transitions.previewing import PreviewStale, each

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


# --- the preview ------------------------------------------------------------------------
def test_a_preview_is_the_change_itself_undone(coordinator):
    session = make_session(seats=1)
    seat, line = make_enrolment(session), make_enrolment(session, state="waiting")

    def more():
        return add_seats(session, 1, by=coordinator)

    effects = foresee([session], more)
    assert [(one.enrolment.pk, one.before[1], one.after[1], one.told) for one in effects.moved] == [
        (line.pk, "waiting", "offered", ("workshops.offered",))
    ]
    assert effects.mails == 1
    session.refresh_from_db()
    line.refresh_from_db()
    assert (session.seats, line.state) == (1, "waiting")
    assert not Mailing.objects.exists()
    done = carry_out([session], more, seen=effects.mark)
    assert done.mark == effects.mark
    session.refresh_from_db()
    line.refresh_from_db()
    assert (session.seats, line.state, seat.state) == (2, "offered", "enrolled")


def test_a_stale_preview_is_refused_and_shows_what_would_be_done_now(coordinator):
    session = make_session(seats=1)
    make_enrolment(session)

    def more():
        return add_seats(session, 1, by=coordinator)

    seen = foresee([session], more)
    person = make_trainee()
    line = enrol(session, person, by=person)  # meanwhile
    with pytest.raises(PreviewStale) as refused:
        carry_out([session], more, seen=seen.mark)
    assert [one.enrolment for one in refused.value.effects.moved] == [line]
    session.refresh_from_db()
    assert session.seats == 1
    carry_out([session], more, seen=refused.value.effects.mark)
    line.refresh_from_db()
    assert line.state == "offered"


def test_of_several_sessions_those_that_are_refused_stay_and_are_named(coordinator):
    good, done = make_session(seats=1), make_session(state="done")

    def more():
        return each([good, done], lambda one: add_seats(one, 2, by=coordinator))

    effects = foresee([good, done], more)
    assert [(one.pk, "is over" in why) for one, why in effects.refused] == [(done.pk, True)]
    carry_out([good, done], more, seen=effects.mark)
    good.refresh_from_db()
    done.refresh_from_db()
    assert (good.seats, done.seats) == (3, 3)


# --- messages and decisions -----------------------------------------------------------------
def test_a_message_goes_once_to_each_person_in_a_language_they_read(coordinator):
    programme = make_programme()
    one, two = make_session(programme), make_session(programme, in_days=40)
    both = make_trainee(interface_language="ar")
    other = make_trainee(interface_language="th", further_languages=["ja"])
    make_enrolment(one, both)
    make_enrolment(two, both)
    make_enrolment(two, other)
    make_enrolment(two, state="waiting")
    texts = {"en": ("Bring", "Bring a map."), "ar": ("أحضر", "أحضر خريطة."), "fr": ("", " ")}
    message_participants([one, two], by=coordinator, texts=texts, once="abc")
    with pytest.raises(DoneAlready):
        message_participants([one, two], by=coordinator, texts=texts, once="abc")
    assert told(both) == told(other) == ["to_participants"]
    assert Delivery.objects.count() == 2
    words = kind("workshops.to_participants").words
    mailing = Mailing.objects.get(object_key__endswith=f":{one.pk}")
    with translation.override("ar"):
        message = words(one, mailing.data, both)
    assert (message.subject, message.lines[0]) == ("أحضر", "أحضر خريطة.")
    assert message.reply_to == coordinator.email
    with translation.override("th"):
        assert words(two, mailing.data, other).subject == "Bring"
    for texts, said in (({"en": ("Only", "")}, "each language"), ({}, "one language at least")):
        with pytest.raises(TransitionRefused, match=said):
            message_participants([one], by=coordinator, texts=texts, once="x")
    with pytest.raises(TransitionRefused, match="Nobody"):
        message_participants(
            [one], by=coordinator, texts={"en": ("A", "B")}, once="y", people=[other.pk]
        )


def test_on_the_day_of_go_or_no_go_the_coordinator_is_asked_once_and_then_others(coordinator):
    administrator = make_user("administrator")
    session = make_session(
        time_zone="Asia/Tokyo", decide_on=timezone.localdate() + 10 * DAY, minimum=2
    )
    make_session(decide_on=session.decide_on, state="confirmed")
    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    morning = datetime.datetime.combine(session.decide_on, datetime.time(0, 5), tzinfo=tokyo)
    with time_machine.travel(morning - datetime.timedelta(minutes=10), tick=False):
        sweep_seats()
    assert told(coordinator) == []
    for _beat in range(2):
        with time_machine.travel(morning, tick=False):
            sweep_seats()
    assert told(coordinator) == ["decision_asked"]
    assert told(administrator) == []
    for _beat in range(2):
        with time_machine.travel(morning + 2 * DAY, tick=False):
            sweep_seats()
    assert told(coordinator) == ["decision_asked", "decision_late"]
    assert told(administrator) == ["decision_late"]
    assert Session.objects.filter(state="open").count() == 1
