"""Clocks by a time machine: due in the reviewer's own days, each notice once, missed days caught
up, waiting until the story can be read."""

import datetime
from datetime import UTC

import pytest
import time_machine
from django.core.cache import cache

from bulletins.transitions import decide_case, hand_on, withdraw_case
from network.models import Absence, Country, User
from network.signals import absence_changed
from review.api import due_of
from review.clocks import recompute, times
from review.models import Clock, ClockNotice, Review
from review.reminding import begin_readable, remind_due, sweep
from review.transitions import write_working_translation
from tests.factories.network import make_mandate, make_user
from tests.review.conftest import submit
from touchpoints.models import Delivery, Mailing

pytestmark = pytest.mark.django_db
# A Monday of a month without holidays in South Africa, whose lead reviews stories of Kenya:
# Monday to Friday, two hours ahead.
MONDAY = datetime.datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


def at(day: int, hour: int = 9, month: int = 2) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as machine:
        yield machine


@pytest.fixture
def case(monday, stories):
    case = stories.submitted("KE")
    User.objects.filter(pk=case.holder_id).update(time_zone="Africa/Johannesburg")
    recompute()
    return case


def notices(case) -> list[str]:
    """What was told of the case's clocks, in order."""
    rows = Mailing.objects.filter(kind__startswith="review.clock_").order_by("pk")
    return [row.kind.removeprefix("review.clock_") for row in rows]


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(mailing__kind=kind).values_list("user__email", flat=True)
    return sorted(rows)


def test_a_reviewers_clock_is_due_at_the_end_of_the_seventh_working_day(case):
    clock = Clock.objects.get(ended_at=None)
    assert (clock.person, clock.days) == (case.holder, 7)
    # Wednesday of the next week, 23:59:59 in Johannesburg.
    assert clock.due == datetime.datetime(2026, 2, 11, 21, 59, 59, tzinfo=UTC)
    assert Review.objects.of(case).open().get().due == clock.due
    assert due_of(case).due == clock.due


def test_notices_come_before_on_the_day_and_after_each_once(case, monday):
    expected = {
        at(6): [],
        at(9, 5): [],  # seven in the morning there
        at(9, 7): ["before"],
        at(10): ["before"],
        at(11, 7): ["before", "due"],
        at(12, 5): ["before", "due"],
        at(12, 7): ["before", "due", "late"],
        at(20): ["before", "due", "late"],
    }
    for moment, so_far in expected.items():
        monday.move_to(moment)
        for _beat in range(3):
            sweep()
        assert notices(case) == so_far
    assert told("review.clock_due") == [case.holder.email]
    # Nairobi's own area is South Africa's: its lead is late, so the editors hear.
    editors = ["editor1@gkc.example", "editor2@gkc.example"]
    assert told("review.clock_late") == sorted([case.holder.email, *editors])


@pytest.mark.parametrize(
    ("days_without_beat", "expected"),
    [(5, []), (7, ["before"]), (9, ["due"]), (10, ["late"]), (40, ["late"])],
)
def test_missed_days_are_caught_up_with_the_furthest_notice_alone(
    case, monday, days_without_beat, expected
):
    monday.move_to(MONDAY + datetime.timedelta(days=days_without_beat))
    assert remind_due() == len(expected)
    assert remind_due() == 0
    assert notices(case) == expected


def test_killed_between_row_and_message_neither_stands(case, monday):
    """The notice and its message are one transaction: half of it is none of it."""
    import touchpoints.registry

    monday.move_to(at(11))
    kind = touchpoints.registry.kind("review.clock_due")

    def killed(obj, data):
        raise KeyboardInterrupt

    touchpoints.registry.register(
        touchpoints.registry.Kind(kind.name, killed, kind.audience_label, kind.words)
    )
    try:
        with pytest.raises(KeyboardInterrupt):
            remind_due()
    finally:
        touchpoints.registry.register(kind)
    assert (notices(case), ClockNotice.objects.count()) == ([], 0)
    assert remind_due() == 1
    assert notices(case) == ["due"]


def test_a_notice_row_without_its_clocks_word_is_not_told_again(case, monday):
    """Two senders at once: the second finds the row, and says nothing."""
    clock = Clock.objects.get()
    monday.move_to(at(11))
    ClockNotice.objects.create(clock=clock, notice="due")
    assert remind_due() == 0
    assert notices(case) == []
    monday.move_to(at(12))
    assert remind_due() == 1


def test_control_without_the_row_both_would_tell(case, monday):
    monday.move_to(at(11))
    for _sender in range(2):
        Clock.objects.update(told="", next_at=at(11))
        ClockNotice.objects.all().delete()
        remind_due()
    assert notices(case) == ["due", "due"]


def test_who_decided_is_not_reminded(case, monday):
    decide_case(case, decision="approve", by=case.holder)
    clocks = Clock.objects.order_by("pk")
    assert [clock.ended_at is None for clock in clocks] == [False, True]
    assert clocks[1].person == User.objects.get(pk=case.holder_id)
    monday.move_to(at(27))
    remind_due()
    assert (
        Mailing.objects.get(kind="review.clock_late").object_key == f"review.clock:{clocks[1].pk}"
    )


def test_a_withdrawn_story_reminds_nobody(case, monday):
    withdraw_case(case, by=case.author, reason="Wrong figures.")
    monday.move_to(at(27))
    assert remind_due() == 0


def test_the_author_has_a_clock_of_their_own(case, monday):
    reviewer = case.holder
    decide_case(case, decision="request_changes", by=reviewer, reason="Which dates?")
    clock = Clock.objects.running().get()
    assert (clock.whose, clock.person, clock.days) == ("author", case.author, 14)
    assert due_of(case).whose == "author"
    expected = {at(18): ["before"], at(20): ["before", "due"], at(24): ["before", "due", "late"]}
    for moment, so_far in expected.items():
        monday.move_to(moment)
        sweep()
        assert notices(case) == so_far
    assert case.author.email in told("review.clock_late")
    assert reviewer.email in told("review.clock_late")  # leads the area
    submit(case)
    assert not Clock.objects.running().filter(whose="author").exists()
    assert Clock.objects.running().get().person == reviewer


def test_a_holiday_that_moves_moves_the_clock(case, monday):
    """Another weekend is what a test can move of a country; the sweep finds it by itself."""
    before = Clock.objects.get().due
    Country.objects.filter(pk="ZA").update(weekend="fri-sat")
    cache.clear()
    sweep()
    clock = Clock.objects.get()
    assert clock.due == before - datetime.timedelta(days=0)  # Tue Wed Thu Sun Mon Tue Wed
    Country.objects.filter(pk="ZA").update(weekend="fri")
    assert recompute() == 1
    clock.refresh_from_db()
    assert clock.due == before - datetime.timedelta(days=1)
    assert Review.objects.get(pk=clock.review_id).due == clock.due
    assert recompute() == 0


def test_days_away_move_the_due_day_at_once(case):
    before = Clock.objects.get().due
    away = datetime.date(2026, 2, 5)
    Absence.objects.create(user=case.holder, since=away, until=away)
    absence_changed.send(Absence, user=case.holder)
    assert Clock.objects.get().due == before + datetime.timedelta(days=1)


def test_a_moved_day_repeats_no_notice(case, monday):
    monday.move_to(at(9))
    remind_due()
    monday.move_to(at(10))
    Absence.objects.create(user=case.holder, since=at(10).date(), until=at(11).date())
    absence_changed.send(Absence, user=case.holder)
    assert [remind_due() for _beat in range(2)] == [0, 0]
    monday.move_to(at(12, 7))  # the eighth working day there
    assert Clock.objects.get().due.date() == datetime.date(2026, 2, 13)
    monday.move_to(at(13, 7))
    remind_due()
    assert notices(case) == ["before", "due"]


def test_a_short_clock_has_no_notice_before(case, monday):
    from network.working_days import Calendar

    found = times(Calendar("ZA", "sat-sun", "UTC"), MONDAY, 2)
    assert found.before is None
    assert found.after("") == found.on_the_day


def test_a_reviewer_on_another_side_of_midnight_counts_their_own_days(monday):
    """One moment is Monday in São Paulo and Tuesday in Tokyo: their last days differ."""
    from network.working_days import Calendar

    late_evening = datetime.datetime(2026, 2, 2, 23, 0, tzinfo=UTC)
    japan = times(Calendar("JP", "sat-sun", "Asia/Tokyo"), late_evening, 1)
    brazil = times(Calendar("XQ", "sat-sun", "America/Sao_Paulo"), late_evening, 1)
    assert japan.due == datetime.datetime(2026, 2, 4, 14, 59, 59, tzinfo=UTC)
    assert brazil.due == datetime.datetime(2026, 2, 4, 2, 59, 59, tzinfo=UTC)


def test_handed_on_days_begin_anew(case, monday):
    colleague = make_user(distributor=case.holder.memberships.get().distributor)
    make_mandate(colleague, "campaigner", review_area=case.review_area)
    monday.move_to(at(10))
    hand_on(case, by=case.holder, reason="No time")
    clock = Clock.objects.running().get()
    assert clock.person == colleague
    assert clock.started_at == at(10)


# --- a neutral reviewer who cannot read it yet --------------------------------------------
@pytest.fixture
def strange(monday, stories):
    """A Thai story at its neutral step: nobody of the network reads Thai."""
    return stories.at_neutral("KE", language="th")


def put_into(case, language: str, *, but: int = 0) -> None:
    """Every paragraph in another language, but the last so many."""
    from bulletins.reviewable.shown import render, revision

    items = [
        i for part in render(case, revision(case), case.author) for i in part.items if i.source
    ]
    for item in items[: len(items) - but]:
        write_working_translation(
            case,
            by=case.author,
            anchor=item.anchor,
            source=item.source,
            language=language,
            text=f"{item.source} ({language})",
        )


def test_the_neutral_clock_waits_for_the_working_translation(strange, monday):
    clock = Clock.objects.running().get()
    assert (clock.started_at, clock.due, clock.next_at) == (None, None, None)
    assert due_of(strange).due is None
    monday.move_to(at(27))
    assert sweep() == 0  # a month later nobody is late


def test_it_begins_with_the_last_paragraph_whatever_the_beat_missed(strange, monday):
    monday.move_to(at(4))
    put_into(strange, "en", but=1)
    assert begin_readable() == 0
    monday.move_to(at(6))
    put_into(strange, "en")
    monday.move_to(at(10))
    assert begin_readable() == 1
    clock = Clock.objects.running().get()
    assert clock.started_at == at(6)
    # The reviewer is of the USA, where the 16th is a holiday.
    assert clock.due.date() == datetime.date(2026, 2, 18)
    assert Review.objects.of(strange).open().get().due == clock.due
    assert begin_readable() == 0


def test_a_translation_into_a_language_that_the_reviewer_does_not_read_begins_nothing(strange):
    put_into(strange, "ja")
    assert begin_readable() == 0


def test_control_a_story_in_a_language_that_somebody_reads_begins_at_once(monday, stories):
    case = stories.at_neutral("KE", language="en")
    assert due_of(case).due is not None
