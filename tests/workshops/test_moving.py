"""Sessions are moved, merged, repeated, resized: what stays, what is told, what is refused."""

import datetime
import zoneinfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone, translation

from tests.factories.network import make_mandate, make_user
from tests.factories.workshops import (
    make_enrolment,
    make_home,
    make_programme,
    make_session,
    make_trainee,
)
from touchpoints.models import Delivery, Mailing
from touchpoints.registry import kind
from workshops.exceptions import SeatsRefused, TrainerBusy, TransitionRefused
from workshops.models import EnrolmentEvent, SeatOffer, SeatQuota, Session
from workshops.seats import count_seats
from workshops.transitions import (
    add_seats,
    arrange_seats,
    carry_out,
    edit_session,
    enrol,
    foresee,
    keep_seats,
    merge_sessions,
    message_participants,
    move_session,
    plan_session,
    repeat_session,
    sweep_seats,
)
from workshops.transitions.previewing import PreviewStale, each

pytestmark = pytest.mark.django_db
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def coordinator():
    return make_user("coordinator")


def kinds_told(user) -> list[str]:
    rows = Delivery.objects.filter(user=user).order_by("pk")
    return [name.split(".")[1] for name in rows.values_list("mailing__kind", flat=True)]


def in_berlin(day: int, hour: int = 9, *, programme=None, coordinator, days: int = 1, **fields):
    """A session in March 2030, whose clocks go forward on the 31st."""
    spans = []
    for number in range(days):
        start = datetime.datetime(2030, 3, day + number, hour, tzinfo=BERLIN)
        spans.append((start, start + datetime.timedelta(hours=8)))
    fields = {"seats": 3, "languages": ["de"], "time_zone": "Europe/Berlin"} | fields
    return plan_session(programme or make_programme(), by=coordinator, days=spans, **fields)


def local(moment) -> str:
    return moment.astimezone(BERLIN).strftime("%m-%d %H:%M")


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
    assert kinds_told(seat.user) == kinds_told(line.user) == ["session_moved"]
    assert kinds_told(trainer) == ["session_moved"]
    assert kinds_told(gone.user) == []
    assert EnrolmentEvent.objects.filter(verb="move_session").count() == 2
    edit_session(session, by=coordinator, minimum=1)  # nothing that they need to know
    assert kinds_told(seat.user) == ["session_moved"]
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


def test_open_offers_and_kept_seats_end_with_enrolment_and_unanswered_places_hold_it_open(
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
    assert offer.expires_at == SeatQuota.objects.get().held_until == soon
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


# --- merge ---------------------------------------------------------------------------
def test_two_sessions_become_one_with_one_line_in_the_order_of_asking(coordinator):
    programme = make_programme()
    one, two = make_session(programme, seats=1), make_session(programme, in_days=40, seats=2)
    people = [make_trainee() for _ in range(6)]
    for person, session in zip(people, (one, two, two, one, two, one), strict=True):
        enrol(session, person, by=person)
    with pytest.raises(SeatsRefused, match="3 people hold seats in both together, and .* has 2: 1"):
        merge_sessions(one, two, by=coordinator)
    assert one.enrolments.count() == 3
    add_seats(two, 1, by=coordinator)  # the line's next is offered it
    two.enrolments.get(user=people[4]).refresh_from_db()
    with pytest.raises(SeatsRefused, match="4 people"):
        merge_sessions(one, two, by=coordinator)
    add_seats(two, 1, by=coordinator)
    merge_sessions(one, two, by=coordinator)
    rows = list(two.enrolments.order_by("pk"))
    assert [row.user for row in rows] == people
    assert [row.state for row in rows] == [
        *("enrolled", "enrolled", "enrolled", "waiting", "offered", "waiting")
    ]
    one.refresh_from_db()
    assert (one.state, one.merged_into, one.sequence) == ("cancelled", two, 1)
    assert kinds_told(people[0])[-1] == kinds_told(people[5])[-1] == "session_merged"
    assert "session_merged" not in kinds_told(people[1])
    skipped = EnrolmentEvent.objects.filter(verb="skip")
    assert not skipped.exists()  # nobody of the target waited ahead of those who came
    # The next free seat goes to who asked first, whatever session that was in.
    add_seats(two, 1, by=coordinator)
    assert two.enrolments.get(user=people[3]).state == "offered"


def test_who_has_a_place_in_both_keeps_the_better_one(coordinator):
    programme = make_programme()
    one, two = make_session(programme, seats=1), make_session(programme, in_days=40, seats=2)
    person = make_trainee()
    make_enrolment(two, person, state="waiting")
    kept = make_enrolment(one, person)
    merge_sessions(one, two, by=coordinator)
    kept.refresh_from_db()
    assert (kept.session, kept.state) == (two, "enrolled")
    assert two.enrolments.get(state="cancelled").user == person
    assert count_seats([two])[two.pk].taken == 1


def test_seats_kept_for_regions_add_up_as_far_as_seats_are_free(coordinator):
    programme, asia, africa = make_programme(), make_home("asia"), make_home("africa")
    one, two = make_session(programme, seats=4), make_session(programme, in_days=40, seats=4)
    until = timezone.now() + 10 * DAY
    scopes = [("region", home.country.region_id) for home in (asia, africa)]
    arrange_seats(one, by=coordinator, seats=4, kept={scopes[0]: (2, until), scopes[1]: (2, until)})
    arrange_seats(two, by=coordinator, seats=4, kept={scopes[0]: (1, until)})
    make_enrolment(two, make_trainee(asia))
    make_enrolment(one, make_trainee(africa))
    merge_sessions(one, two, by=coordinator)
    kept = {quota.scope: quota.seats for quota in two.quotas.all()}
    # Asia's own comes first: 1 + 2 with one taken; one seat is left for Africa, beside the taken.
    assert kept == {scopes[0]: 3, scopes[1]: 1}
    seats = count_seats([two])[two.pk]
    assert seats.unfilled <= seats.open


def test_only_sessions_of_one_programme_that_are_ahead_are_merged(coordinator):
    programme = make_programme()
    one = make_session(programme)
    for other in (
        one,
        make_session(),
        make_session(programme, state="cancelled"),
        make_session(programme, in_days=-1),
    ):
        with pytest.raises(TransitionRefused):
            merge_sessions(one, other, by=coordinator)
    closed = make_session(programme, enrol_until=timezone.now() - DAY)
    make_enrolment(one, state="waiting")
    with pytest.raises(TransitionRefused, match="has closed"):
        merge_sessions(one, closed, by=coordinator)


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
    for _click in range(2):
        message_participants([one, two], by=coordinator, texts=texts, once="abc")
    assert kinds_told(both) == kinds_told(other) == ["to_participants"]
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
    assert kinds_told(coordinator) == []
    for _beat in range(2):
        with time_machine.travel(morning, tick=False):
            sweep_seats()
    assert kinds_told(coordinator) == ["decision_asked"]
    assert kinds_told(administrator) == []
    for _beat in range(2):
        with time_machine.travel(morning + 2 * DAY, tick=False):
            sweep_seats()
    assert kinds_told(coordinator) == ["decision_asked", "decision_late"]
    assert kinds_told(administrator) == ["decision_late"]
    assert Session.objects.filter(state="open").count() == 1
