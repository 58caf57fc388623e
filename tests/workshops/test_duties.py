"""Yearly duties (R29): who is overdue, who sees it, and one mail a month."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from network.registry import desk_items
from tests.factories.network import make_user
from tests.factories.workshops import make_employee, make_home, make_lab, make_trainee
from touchpoints.models import Mailing
from workshops import tasks
from workshops.duties import due_on, duties_of, employees
from workshops.models import CourseRecord, DutyReminder, Programme
from workshops.transitions import remind_of_duties

pytestmark = pytest.mark.django_db
NOVEMBER = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
JUNE = datetime.datetime(2026, 6, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def lab():
    """Yearly since 2023."""
    made = make_lab("year-lab", name="Year lab", is_yearly_duty=True)
    Programme.objects.update(created_at=datetime.datetime(2023, 3, 1, tzinfo=datetime.UTC))
    return made


def done(person, programme, day: str, confirmed=True):
    return CourseRecord.objects.create(
        user=person,
        programme=programme,
        done_on=datetime.date.fromisoformat(day),
        confirmed_at=timezone.now() if confirmed else None,
    )


@pytest.mark.parametrize(
    ("last", "joined", "begun", "due"),
    [
        ("2025-02-03", "2020-01-01", "2020-01-01", "2026-12-31"),
        (None, "2024-02-01", "2020-01-01", "2024-12-31"),
        (None, "2024-11-20", "2020-01-01", "2025-12-31"),  # too little of the year was left
        (None, "2020-01-01", "2025-05-01", "2025-12-31"),
    ],
)
def test_a_duty_ends_with_the_year(last, joined, begun, due):
    day = datetime.date.fromisoformat
    assert due_on(last and day(last), day(joined), day(begun)) == day(due)


def test_only_employees_of_dealers_owe_and_a_version_counts(lab):
    firm = make_home()
    person = make_employee(firm)
    make_trainee(firm)  # of the distributor itself
    version = make_lab("year-lab-own", parent=lab, distributor=firm, is_yearly_duty=True)
    done(person, lab, "2025-03-01", confirmed=False)
    found = duties_of(employees(), NOVEMBER)
    assert [(d.user, d.programme, d.lab_key, d.state) for d in found] == [
        (person, lab, version.key, "overdue")
    ]
    done(person, version, "2026-03-01")
    assert [d.state for d in duties_of(employees(), NOVEMBER)] == ["done"]


def test_reminded_in_time_and_once_a_month(lab, time_machine):
    time_machine.move_to(JUNE)
    early, late = make_employee(), make_employee()
    done(early, lab, "2025-05-05")  # owes it until the end of 2026
    done(late, lab, "2024-05-05")  # until the end of 2025
    assert remind_of_duties() == 1  # June: only who is overdue
    assert DutyReminder.objects.get().user == late
    assert remind_of_duties() == 0  # run twice
    time_machine.move_to(NOVEMBER)
    assert remind_of_duties() == 2
    assert remind_of_duties() == 0
    time_machine.move_to(NOVEMBER + datetime.timedelta(days=15))
    done(early, lab, "2026-12-01")
    assert remind_of_duties() == 1
    assert Mailing.objects.filter(kind="workshops.duty_due").count() == 4
    assert [item.url for item in desk_items(late) if "lab" in item.url] == [
        reverse("lab", args=[lab.key])
    ]
    assert [item for item in desk_items(early) if "lab" in item.url] == []


def test_the_beat_looks_once_an_hour(lab):
    make_employee()
    cache.delete("workshops-duties-looked-at")
    first = tasks.remind_of_duties()
    make_employee()
    assert tasks.remind_of_duties() == 0
    assert DutyReminder.objects.count() == first


def test_who_sees_whose(client, lab):
    home = make_home("asia", name="Home firm")
    mine = make_employee(home, first_name="Akiko", last_name="Mine")
    make_employee(first_name="Bruno", last_name="Other")
    done(mine, lab, f"{timezone.localdate().year}-01-02")
    area = home.review_area
    for user, seen in (
        (make_user("manager", distributor=home), {"Akiko Mine"}),
        (make_user("campaigner", review_area=area), {"Akiko Mine"}),
        (make_user("coordinator"), {"Akiko Mine", "Bruno Other"}),
        (make_user("executive"), {"Akiko Mine", "Bruno Other"}),
    ):
        client.force_login(user)
        page = client.get(reverse("duty_list") + "?state=all").content.decode()
        file = client.get(reverse("duty_csv")).content.decode("utf-8-sig")
        for name in ("Akiko Mine", "Bruno Other"):
            assert (name in page) == (name in seen), user
            assert (name in file) == (name in seen), user
        assert len(file.splitlines()) == len(seen) + 1
    counted = client.get(reverse("duty_list")).content.decode()
    assert "Akiko Mine" not in counted  # opens on those overdue


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list_do_not_grow(client, django_assert_num_queries, lab, count):
    firm = make_home()
    for _ in range(count):
        make_employee(firm)
    client.force_login(make_user("manager", distributor=firm))
    client.get(reverse("duty_list"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("duty_list") + "?state=all")


# session, user; memberships and mandates; employees, programmes, versions, records; titles
QUERIES = 9
