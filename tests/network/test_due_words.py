"""'Due in 3 working days': words in the calendar and language of whoever reads."""

import datetime
from datetime import UTC, date

import pytest
from django.template import Context, Template
from django.utils import translation

from network.models import Absence
from tests.factories.network import make_country, make_distributor, make_user

pytestmark = pytest.mark.django_db
# Sunday evening in Riyadh, a working day there.
NOW = "2026-11-22 18:00Z"


def words(user, due) -> str:
    template = Template("{% load workdays %}{% due_words due %}")
    return template.render(Context({"user": user, "due": due}))


def shown(user, due) -> str:
    return words(user, due).split(">")[1].split("<")[0]


def day(n: int) -> datetime.datetime:
    """The end of a November day in Riyadh."""
    return datetime.datetime(2026, 11, n, 20, 59, 59, tzinfo=UTC)


@pytest.fixture
def saudi(time_machine):
    time_machine.move_to(NOW, tick=False)
    firm = make_distributor(country=make_country("SA", weekend="fri-sat"))
    return make_user(distributor=firm, time_zone="Asia/Riyadh")


def test_words_for_each_distance(saudi):
    table = {
        22: "Due today",
        23: "Due in 1 working day",
        26: "Due in 4 working days",  # Thursday
        28: "Due in 4 working days",  # Saturday: no working day more
        29: "Due in 5 working days",
        21: "1 working day late",  # due on Saturday, and Sunday has begun
        19: "1 working day late",
        18: "2 working days late",
    }
    assert {n: shown(saudi, day(n)) for n in table} == table


def test_a_day_off_of_the_reader(saudi, time_machine):
    time_machine.move_to("2026-11-20 09:00Z", tick=False)  # Friday
    assert shown(saudi, day(21)) == "Due before your next working day"
    assert shown(saudi, day(19)) == "Past its last day"


def test_two_readers_read_the_same_moment_in_their_own_days(saudi):
    german = make_user(
        distributor=make_distributor(country=make_country("DE")), time_zone="Europe/Berlin"
    )
    assert shown(saudi, day(26)) == "Due in 4 working days"
    assert shown(german, day(26)) == "Due in 4 working days"  # Sunday is off, Thursday the fourth
    assert shown(german, day(22)) == "Due today"
    assert shown(german, day(29)) == "Due in 5 working days"
    Absence.objects.create(user=german, since=date(2026, 11, 24), until=date(2026, 11, 25))
    del german._calendar
    assert shown(german, day(26)) == "Due in 2 working days"


def test_the_date_stands_beside_and_late_is_marked(saudi):
    late = words(saudi, day(18))
    assert 'class="due late"' in late
    assert 'title="November 18, 2026"' in late
    assert 'class="due"' in words(saudi, day(26))
    assert words(saudi, None) == ""


def test_arabic_has_its_own_digits(saudi):
    with translation.override("ar"):
        assert "٤" in shown(saudi, day(26)) or "4" not in shown(saudi, day(26))


def test_a_page_of_due_things_costs_one_query(saudi, django_assert_num_queries):
    from network.permissions import standing

    assert standing(saudi).memberships  # what the page's permissions have asked before
    with django_assert_num_queries(1):
        for n in range(22, 29):
            words(saudi, day(n))
