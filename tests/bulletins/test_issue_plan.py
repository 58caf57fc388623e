"""The plan of twelve months with its gaps, and the balance beside the chosen stories."""

import datetime

import pytest
from django.urls import reverse

from bulletins.models import BulletinIssue
from bulletins.planning.balance import balance
from bulletins.planning.year import plan
from bulletins.transitions import add_story, plan_issue, plan_theme
from bulletins.views.issues import offered_cases
from tests.factories.network import make_country, make_distributor, make_region, make_user
from tests.factories.stories import make_case, make_issue

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def month(year, number):
    return datetime.date(year, number, 1)


def test_twelve_months_and_the_gaps_of_the_past():
    make_issue(month(2026, 8), released=True)
    make_issue(month(2026, 10), released=True)
    planned = plan_issue(by=make_user("editor"), month=month(2026, 12), title="Queues")
    rows = plan(TODAY)
    assert [row.first for row in rows] == [
        month(2026, 9),  # a gap that stays; the issues that are out are not planned any more
        month(2026, 11),
        month(2026, 12),
        *(month(2027, n) for n in range(1, 11)),
    ]
    assert (rows[0].is_past, rows[0].issue) == (True, None)
    assert rows[2].issue == planned
    assert [row.issue for row in rows if row.issue] == [planned]


def test_the_index_shows_a_gap_and_the_plan_offers_it(client, time_machine):
    time_machine.move_to("2026-11-22 10:00Z", tick=False)
    for number in (8, 10):
        make_issue(month(2026, number), released=True)
    page = client.get("/en/bulletins/").content.decode()
    assert "No issue in September 2026" in page
    assert "November" not in page
    client.force_login(make_user("editor"))
    desk = client.get(reverse("issue_desks") + "?month=2026-11").content.decode()
    assert "no issue came out" in desk
    assert 'value="2026-11"' in desk
    assert client.get(reverse("issue_desks") + "?month=nonsense").status_code == 200


def test_a_gap_filled_later_is_numbered_by_its_month():
    editor = make_user("editor")
    first = plan_issue(by=editor, month=month(2027, 1), title="January")
    third = plan_issue(by=editor, month=month(2027, 3), title="March")
    second = plan_issue(by=editor, month=month(2027, 2), title="February", theme="Parts")
    third.refresh_from_db()
    assert [i.number for i in (first, second, third)] == [1, 2, 3]
    BulletinIssue.objects.filter(pk=second.pk).update(stage="released")
    zero = plan_issue(by=editor, month=month(2026, 12), title="December")
    numbers = dict(BulletinIssue.objects.values_list("month", "number"))
    assert numbers[month(2027, 2)] == 2  # one that is out keeps its number
    assert zero.number == 1
    plan_theme(zero, by=editor, theme="Snow")
    zero.refresh_from_db()
    assert zero.theme == "Snow"


def test_counts_are_their_lists_and_suggestions_help_who_was_little_heard():
    here = make_distributor(country=make_country(region=make_region("here")))
    there = make_distributor(country=make_country(region=make_region("there")))
    editor = make_user("editor")
    told = [make_case(here, published=True, process_steps=["own"]) for _ in range(3)]
    old = make_case(there, published=True, process_steps=["own"])
    make_issue(month(2026, 10), cases=tuple(told), released=True, created_by=editor)
    make_issue(month(2025, 5), cases=(old,), released=True, created_by=editor)
    issue = plan_issue(by=editor, month=month(2026, 12), title="Queues")
    add_story(issue, make_case(here, published=True, process_steps=["buy"]), by=editor)
    helps = make_case(there, published=True, process_steps=["get"])
    make_case(here, published=True, process_steps=["own"])
    found = balance(issue, offered_cases())
    regions = {row.label: row for row in found.regions}
    assert (len(regions[str(here.region)].year), len(regions[str(here.region)].here)) == (3, 1)
    assert regions[str(there.region)].year == []  # more than a year ago
    assert regions[str(there.region)].is_low
    steps = {row.key: (row.year, row.here) for row in found.processes}
    assert (set(steps["own"][0]), len(steps["buy"][1])) == (set(told), 1)
    assert [case for case, _why in found.suggestions][0] == helps
