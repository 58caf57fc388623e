"""Reminders: weekly at most, by working days, all open ones in one mail, never twice."""

import datetime

import pytest
from django.core import mail
from django.core.cache import cache

from bulletins.answers import Answer
from bulletins.models import BulletinIssue
from bulletins.tasks import remind_of_responses
from bulletins.transitions import hand_over, remind_responders, respond
from network.models import Country, User
from tests.factories.network import make_distributor, make_membership, make_user
from tests.factories.stories import make_case, make_issue
from touchpoints.models import Mailing
from touchpoints.sending import send_due

pytestmark = pytest.mark.django_db

KIND = "bulletins.response_reminder"
# 2026-11-02 is a Monday; Saudi Arabia rests on Friday and Saturday, Germany on Saturday and Sunday.
RELEASE = datetime.datetime(2026, 11, 2, 7, tzinfo=datetime.UTC)


def at(day: int, hour: int = 10) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, tzinfo=datetime.UTC)


@pytest.fixture
def firm():
    return make_distributor(country=Country.objects.get(pk="DE"))


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm)


@pytest.fixture
def cases():
    found = [make_case(published=True, title=f"Story {n}") for n in range(3)]
    issue = make_issue(datetime.date(2026, 11, 1), cases=tuple(found), released=True)
    BulletinIssue.objects.filter(pk=issue.pk).update(released_at=RELEASE)
    return found


def reminded() -> list[User]:
    rows = Mailing.objects.filter(kind=KIND).order_by("pk")
    return [row.deliveries.get().user for row in rows]


def days(time_machine, *wanted: int) -> list[int]:
    """On which of these days of November a reminder goes out."""
    told = []
    for day in wanted:
        time_machine.move_to(at(day), tick=False)
        if remind_responders():
            told.append(day)
    return told


def test_weekly_by_working_days_until_answered(firm, manager, cases, time_machine):
    assert days(time_machine, *range(2, 24)) == [9, 16, 23]
    assert reminded() == [manager] * 3
    for case in cases:
        respond(case, firm, Answer("already"), by=manager)
    assert days(time_machine, 24, 25, 26, 27, 30) == []


def test_the_weekend_is_the_countrys_own(cases, time_machine):
    saudi = make_distributor(country=Country.objects.get(pk="SA"))
    make_user("manager", distributor=saudi)
    # Five working days after Monday the 2nd: 3, 4, 5, Sunday 8, Monday 9.
    assert days(time_machine, *range(2, 17)) == [9, 16]
    # A reminder that fell due on a Friday waits for Sunday.
    Mailing.objects.all().delete()
    assert days(time_machine, 20, 21, 22) == [22]


def test_it_is_one_mail_for_all_open_ones_and_names_them(firm, manager, cases, time_machine):
    other = make_distributor(country=firm.country)
    make_membership(manager, other, "deputy")
    days(time_machine, 9)
    send_due()
    [one] = mail.outbox
    assert one.subject == "6 stories wait for your answer"
    assert all(f"Story {n}" in one.body for n in range(3))


def test_killed_or_run_twice_nobody_is_told_twice(firm, manager, cases, time_machine):
    time_machine.move_to(at(9), tick=False)
    assert [remind_responders() for _time in range(3)] == [1, 0, 0]
    # The mark of this week is lost, its key is not.
    Mailing.objects.update(created_at=at(1))
    assert remind_responders() == 0
    assert Mailing.objects.filter(kind=KIND).count() == 1


def test_a_colleague_is_reminded_of_what_they_hold(firm, manager, cases, time_machine):
    colleague = make_user(distributor=firm)
    time_machine.move_to(at(3), tick=False)
    for case in cases:
        until = datetime.date(2026, 11, 12)
        hand_over(case, firm, to=colleague, until=until, by=manager)
    assert days(time_machine, 9) == [9]
    assert reminded() == [colleague]
    assert days(time_machine, 13) == [13]  # the day has passed: the manager is asked again
    assert reminded() == [colleague, manager]


@pytest.mark.parametrize("what", ["inactive firm", "inactive person", "no firm asked", "withdrawn"])
def test_nobody_is_reminded_in_vain(firm, manager, cases, time_machine, what):
    if what == "inactive firm":
        firm.is_active = False
        firm.save()
    elif what == "inactive person":
        User.objects.filter(pk=manager.pk).update(is_active=False)
    elif what == "no firm asked":
        BulletinIssue.objects.update(stage="planned")
    else:
        for case in cases:
            case.is_published = False
            case.save()
    assert days(time_machine, 9) == []


def test_a_reminder_answered_before_it_is_sent_is_passed_over(firm, manager, cases, time_machine):
    days(time_machine, 9)
    for case in cases:
        respond(case, firm, Answer("already"), by=manager)
    send_due()
    assert mail.outbox == []


def test_the_beat_looks_once_an_hour(firm, manager, cases, time_machine):
    cache.clear()
    time_machine.move_to(at(9), tick=False)
    assert remind_of_responses() == 1
    Mailing.objects.all().delete()
    assert remind_of_responses() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_finding_who_is_due_does_not_grow(cases, count, time_machine, django_assert_num_queries):
    """Those who owe nothing cost nothing: six queries for whatever number of firms."""
    time_machine.move_to(at(9), tick=False)
    for _n in range(count):
        firm = make_distributor()
        person = make_user("manager", distributor=firm)
        for case in cases:
            respond(case, firm, Answer("already"), by=person)
    with django_assert_num_queries(6):
        assert remind_responders() == 0


def test_a_promise_whose_day_has_passed_is_waited_for_from_that_day(
    firm, manager, cases, time_machine
):
    """Not from the release: five working days of their own after the day that they named."""
    time_machine.move_to(at(3), tick=False)
    for case in cases[1:]:
        respond(case, firm, Answer("already"), by=manager)
    until = datetime.date(2026, 11, 16)
    respond(cases[0], firm, Answer("adopting", until=until, who="Lina"), by=manager)
    assert days(time_machine, *range(4, 28)) == [23]
