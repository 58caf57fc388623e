"""Sessions are moved, repeated, resized: what stays, what is told, what is refused."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from tests.workshops.moves import BERLIN, in_berlin, local
from tests.workshops.outbox import told
from workshops.exceptions import SeatsRefused, TrainerBusy, TransitionRefused
from workshops.models import EnrolmentEvent, SeatOffer, SeatQuota
from workshops.transitions import (
    add_seats,
    arrange_seats,
    edit_session,
    enrol,
    keep_seats,
    merge_sessions,
    message_participants,
    move_session,
    repeat_session,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


# --- move ---------------------------------------------------------------------------
def test_a_session_moved_over_a_change_of_clocks_keeps_its_hours(coordinator):
    session = in_berlin(
        25,
        days=2,
        coordinator=coordinator,
        enrol_until=datetime.datetime(2030, 3, 20, 18, tzinfo=BERLIN),
        cancel_until=datetime.datetime(2030, 3, 22, 18, tzinfo=BERLIN),
        decide_on=datetime.date(2030, 3, 18),
    )
    moved = move_session(session, datetime.date(2030, 4, 1), by=coordinator)
    assert [local(day.starts_at) for day in moved.days.all()] == ["04-01 09:00", "04-02 09:00"]
    assert (moved.starts_at - session.starts_at) == 7 * DAY - datetime.timedelta(hours=1)
    assert (local(moved.enrol_until), local(moved.cancel_until)) == ("03-27 18:00", "03-29 18:00")
    assert moved.decide_on == datetime.date(2030, 3, 25)
    assert moved.sequence == 1


def test_an_hour_that_the_clocks_jump_over_is_refused(coordinator):
    session = in_berlin(30, 2, coordinator=coordinator)
    with pytest.raises(TransitionRefused, match="jump over"):
        move_session(session, datetime.date(2030, 3, 31), by=coordinator)
    session.refresh_from_db()
    assert local(session.starts_at) == "03-30 02:00"
    assert session.sequence == 0


def test_those_enrolled_and_the_trainers_are_told_once_of_another_time(coordinator):
    trainer = make_user("trainer")
    session = make_session(trainers=[trainer], seats=1)
    seat, line = make_enrolment(session), make_enrolment(session, state="waiting")
    gone = make_enrolment(session, state="cancelled")
    move_session(session, session.first_day + 7 * DAY, by=coordinator)
    assert told(seat.user) == told(line.user) == ["session_moved"]
    assert told(trainer) == ["session_moved"]
    assert told(gone.user) == []
    assert EnrolmentEvent.objects.filter(verb="move_session").count() == 2
    edit_session(session, by=coordinator, minimum=1)  # nothing that they need to know
    assert told(seat.user) == ["session_moved"]
    session.refresh_from_db()
    assert session.sequence == 1
    edit_session(session, by=coordinator, venue="Hall 2")
    session.refresh_from_db()
    assert session.sequence == 2


def test_a_trainer_is_never_at_two_places_at_once(coordinator):
    trainer = make_user("trainer")
    session, other = make_session(trainers=[trainer]), make_session(in_days=37, trainers=[trainer])
    with pytest.raises(TrainerBusy):
        move_session(session, other.first_day, by=coordinator)
    with pytest.raises(TrainerBusy):
        edit_session(
            make_session(in_days=37.1), by=coordinator, trainers=[trainer, make_user("trainer")]
        )
    session.refresh_from_db()
    assert session.sequence == 0


def test_offers_end_with_the_beginning_kept_seats_with_enrolment_which_unanswered_places_hold_open(
    coordinator,
):
    session = make_session(seats=2)
    made = make_enrolment(session, state="offered")
    offer = SeatOffer.objects.create(enrolment=made, expires_at=session.enrol_until)
    scope = ("region", make_home("asia").country.region_id)
    keep_seats(session, scope, 1, until=session.enrol_until, by=coordinator)
    soon = timezone.now() + 5 * DAY
    edit_session(session, by=coordinator, enrol_until=soon)
    offer.refresh_from_db()
    assert (offer.expires_at, SeatQuota.objects.get().held_until) == (session.starts_at, soon)
    move_session(session, session.first_day - 2 * DAY, by=coordinator)
    offer.refresh_from_db()
    session.refresh_from_db()
    assert offer.expires_at == session.starts_at
    make_enrolment(session, state="nominated")
    with pytest.raises(TransitionRefused, match="still have to answer"):
        edit_session(session, by=coordinator, enrol_until=timezone.now() - DAY)


def test_prolonged_enrolment_gives_free_seats_to_the_line(coordinator):
    session = make_session(seats=1, enrol_until=timezone.now() - DAY)
    made = make_enrolment(session, state="waiting")
    edit_session(session, by=coordinator, enrol_until=timezone.now() + DAY)
    made.refresh_from_db()
    assert made.state == "offered"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minimum": 4}, "minimum is more"),
        ({"languages": []}, "at least one language"),
        ({"decide_on": datetime.date(2100, 1, 1)}, "before it begins"),
        ({"fee_amount": 100, "fee_currency": ""}, "currency"),
        ({"days": []}, "at least one day"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(coordinator, fields, words):
    session = make_session(venue="Hall 1")
    with pytest.raises(TransitionRefused, match=words):
        edit_session(session, by=coordinator, **({"venue": "Hall 2"} | fields))
    session.refresh_from_db()
    assert session.venue == "Hall 1"


def test_nobody_else_moves_merges_or_writes(coordinator):
    trainer, session = make_user("trainer"), make_session()
    other = make_session(session.programme)
    elsewhere = make_user()
    make_mandate(
        elsewhere, "coordinator", scope="programme", programme_key=make_programme().programme_key
    )
    for who in (trainer, elsewhere):
        for change in (
            lambda who=who: move_session(session, session.first_day + DAY, by=who),
            lambda who=who: merge_sessions(session, other, by=who),
            lambda who=who: repeat_session(session, by=who, every="week", times=1),
            lambda who=who: arrange_seats(session, by=who, seats=9, kept={}),
            lambda who=who: message_participants(
                [session], by=who, texts={"en": ("A", "B")}, once="1"
            ),
        ):
            with pytest.raises(PermissionDenied):
                change()


# --- repeat --------------------------------------------------------------------------
def test_copies_keep_hour_weekday_deadlines_and_say_who_teaches_elsewhere(coordinator):
    trainer = make_user("trainer", first_name="Mei")
    programme = make_programme(fee_amount=100, fee_currency="EUR", fee_share=40)
    session = in_berlin(
        12,
        coordinator=coordinator,
        programme=programme,
        trainers=[trainer],
        enrol_until=datetime.datetime(2030, 3, 8, 12, tzinfo=BERLIN),
    )
    assert (session.fee_amount, session.fee_share) == (100, 40)
    scope = ("region", make_home("asia").country.region_id)
    keep_seats(session, scope, 1, until=session.enrol_until, by=coordinator)
    busy = make_session(in_days=1, trainers=[trainer])
    april = datetime.datetime(2030, 4, 9, 12, tzinfo=BERLIN)
    busy.days.update(starts_at=april, ends_at=april + DAY / 4)
    copies = repeat_session(session, by=coordinator, every="month", times=3)
    starts = [local(one.session.starts_at) for one in copies]
    assert starts == ["04-09 09:00", "05-14 09:00", "06-11 09:00"]  # second Tuesdays
    assert [len(one.busy) for one in copies] == [1, 0, 0]
    assert [one.session.trainers.count() for one in copies] == [0, 1, 1]
    first = copies[0].session
    assert (first.state, first.repeat_of, first.fee_share) == ("planned", session, 40)
    assert local(first.enrol_until) == local(first.quotas.get().held_until) == "04-05 12:00"
    with pytest.raises(TransitionRefused, match="between 1 and"):
        repeat_session(session, by=coordinator, every="week", times=99)


def test_a_fifth_weekday_becomes_the_last_where_a_month_has_none(coordinator):
    session = in_berlin(29, coordinator=coordinator)  # the fifth Friday
    copies = repeat_session(session, by=coordinator, every="month", times=2)
    assert [local(one.session.starts_at) for one in copies] == ["04-26 09:00", "05-31 09:00"]


# --- seats ---------------------------------------------------------------------------
def test_seats_and_what_is_kept_change_together_and_the_line_moves_up(coordinator):
    home = make_home("asia")
    session = make_session(seats=2)
    scope = ("region", home.country.region_id)
    until = timezone.now() + DAY
    arrange_seats(session, by=coordinator, seats=2, kept={scope: (2, until)})
    person = make_trainee()
    waiting = enrol(session, person, by=person)
    assert waiting.state == "waiting"
    with pytest.raises(SeatsRefused, match="not free to be kept"):
        arrange_seats(session, by=coordinator, seats=1, kept={scope: (2, until)})
    arrange_seats(session, by=coordinator, seats=1, kept={})
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    assert not session.quotas.exists()
    add_seats(session, 1, by=coordinator)
    make_enrolment(session)
    with pytest.raises(SeatsRefused, match="2 people hold seats"):
        arrange_seats(session, by=coordinator, seats=1, kept={})
    with pytest.raises(SeatsRefused, match="until enrolment closes"):
        arrange_seats(
            session, by=coordinator, seats=9, kept={scope: (1, session.enrol_until + DAY)}
        )
