"""Reminders before a session, before an offer ends, before an answer is due."""

import datetime

import pytest
import time_machine

from tests.factories.network import (
    make_distributor,
    make_user,
)
from tests.factories.workshops import (
    make_enrolment,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.outbox import mails, told
from touchpoints.models import Delivery
from workshops.models import Reminder, SeatOffer, Session
from workshops.transitions import (
    cancel_enrolment,
    enrol,
    remind,
    sweep_seats,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def sent_kinds() -> list[str]:
    rows = Delivery.objects.order_by("pk").values_list("mailing__kind", flat=True)
    return [name.split(".")[1] for name in rows]


def test_participants_are_reminded_once_and_after_missed_beats():
    session = make_session(in_days=30)
    early, late = make_trainee(), make_trainee()
    enrol(session, early, by=early)
    start = session.starts_at
    Delivery.objects.all().delete()
    assert remind(start - 8 * DAY) == 0
    with time_machine.travel(start - 5 * DAY, tick=False):  # two beats days were missed
        enrol(session, late, by=late)
        Delivery.objects.all().delete()
        assert (remind(), remind()) == (1, 0)
        assert sent_kinds() == ["session_begins"]
        (one,) = mails()
        assert one.to == [early.email]
        assert [part.get_filename() for part in one.attachments] == [f"{session.number}.ics"]
    assert remind(start + DAY) == 0
    # A session that was moved is another moment.
    Session.objects.filter(pk=session.pk).update(
        starts_at=start + 30 * DAY, ends_at=start + 31 * DAY, sequence=1
    )
    assert remind(start + 24 * DAY) == 2
    assert Reminder.objects.count() == 3


def test_a_reminder_of_what_changed_meanwhile_is_not_sent():
    session = make_session(in_days=30)
    person = make_trainee()
    made = enrol(session, person, by=person)
    with time_machine.travel(session.starts_at - 5 * DAY, tick=False):
        mails()
        assert remind() == 1
        cancel_enrolment(made, by=person)
        assert [one.subject.partition(":")[0] for one in mails()] == ["Your place is cancelled"]


def test_who_holds_an_offer_is_reminded_before_it_ends():
    session = make_session(seats=1)
    first, second = make_trainee(), make_trainee()
    mine = enrol(session, first, by=first)
    enrol(session, second, by=second)
    cancel_enrolment(mine, by=first)
    offer = SeatOffer.objects.get()
    hour = datetime.timedelta(hours=1)
    assert remind(offer.expires_at - 13 * hour) == 0
    assert (remind(offer.expires_at - 11 * hour), remind(offer.expires_at - hour)) == (1, 0)
    assert told(second)[-1] == "offer_ends"
    # An offer that began an hour before its end is not reminded of at once.
    SeatOffer.objects.update(made_at=offer.expires_at - hour)
    Reminder.objects.all().delete()
    assert remind(offer.expires_at - 0.9 * hour) == 0
    assert remind(offer.expires_at - 0.4 * hour) == 1
    sweep_seats(offer.expires_at)
    assert remind(offer.expires_at) == 0


def test_answers_that_are_due_are_asked_for():
    home = make_distributor()
    manager = make_user("manager", distributor=home)
    asked = make_session(make_programme(entry="approval"), in_days=30)
    person = make_trainee(home)
    enrol(asked, person, by=person)
    named = make_enrolment(make_session(in_days=30), make_trainee(home), state="nominated")
    late = make_session(in_days=2)
    make_enrolment(late, make_trainee(home), state="nominated")  # has just been asked
    due = max(asked.enrol_until, named.session.enrol_until) - 2 * DAY
    assert (remind(due), remind(due)) == (2, 0)
    assert told(manager)[-1] == "approval_due"
    assert told(named.user) == ["answer_due"]
