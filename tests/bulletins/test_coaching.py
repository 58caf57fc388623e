"""The coaching log: who reads and writes it, its next dates; the campaigner's first screen."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins import campaigning
from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.flow.coaching import notes_of, silent
from bulletins.flow.rules import can_read_coaching
from bulletins.models import CoachingNote
from bulletins.transitions import settle_coaching, write_coaching
from network.models import Distributor
from network.permissions import forget_standing, standing
from review.api import open_review
from review.models import Clock, Question
from tests.bulletins.responding import in_days, make_response
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_mandate,
    make_membership,
    make_user,
)
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area(name="Test area")


@pytest.fixture
def firm(area):
    return make_distributor(country=make_country(area=area), name="Firm of the area")


@pytest.fixture
def lead(area):
    return make_user("lead", review_area=area)


def note(firm, by, **changes):
    given = {"whom": "Huda", "text": "The figures of May."} | changes
    return write_coaching(firm, by=by, **given)


def test_what_a_person_reads_is_what_the_rule_says(area, firm, lead):
    """Of everybody: never the distributor's own, whatever else they are."""
    elsewhere = make_distributor()
    for one, by in (
        (firm, lead),
        (elsewhere, make_user("lead", review_area=elsewhere.review_area)),
    ):
        note(one, by)
    insider = make_user("campaigner", review_area=area)
    make_membership(insider, firm)
    people = {
        "lead": (lead, {firm}),
        "campaigner": (make_user("campaigner", review_area=area), {firm}),
        "editor": (make_user("editor"), {firm, elsewhere}),
        "executive": (make_user("executive"), {firm, elsewhere}),
        "its manager": (make_user("manager", distributor=firm), set()),
        "its member who campaigns": (insider, set()),
        "its member who edits": (make_user("editor", distributor=firm), {elsewhere}),
        "reader": (make_user(distributor=elsewhere), set()),
        "administrator": (make_user("administrator"), set()),
    }
    for name, (person, expected) in people.items():
        seen = {row.distributor for row in CoachingNote.objects.visible_to(person)}
        by_rule = {one for one in (firm, elsewhere) if can_read_coaching(person, one)}
        assert (name, seen, by_rule) == (name, expected, expected)
        assert {row.distributor for row in notes_of(firm.country, person)} == expected & {firm}


def test_only_the_areas_campaigners_write(firm, lead):
    insider = make_user("campaigner", review_area=firm.review_area)
    make_membership(insider, firm)
    for person in (
        make_user("editor"),
        make_user("executive"),
        make_user("lead", review_area=make_area()),
        make_user("manager", distributor=firm),
        insider,
    ):
        with pytest.raises(PermissionDenied):
            note(firm, person)
    wrong = [
        ({"whom": " "}, "whom"),
        ({"whom": "x" * 121}, "whom"),
        ({"text": ""}, "text"),
        ({"text": "x" * 3001}, "text"),
        ({"next_on": in_days(-1)}, "next_on"),
        ({"next_on": in_days(900)}, "next_on"),
    ]
    for changes, where in wrong:
        with pytest.raises(AnswerIncomplete) as gap:
            note(firm, lead, **changes)
        assert gap.value.field == where
    assert not CoachingNote.objects.exists()
    Distributor.objects.filter(pk=firm.pk).update(is_active=False)
    with pytest.raises(TransitionRefused):
        note(firm, lead)


def test_a_distributor_has_one_next_date(firm, lead):
    first = note(firm, lead, next_on=in_days(3))
    assert note(firm, lead, next_on=in_days(3)) == first  # the form was sent twice
    second = note(firm, lead, text="Again.", next_on=in_days(9))
    first.refresh_from_db()
    assert first.settled_by == lead
    assert list(CoachingNote.objects.open()) == [second]
    with pytest.raises(PermissionDenied):
        settle_coaching(second, by=make_user("editor"))
    settle_coaching(second, by=lead)
    second.refresh_from_db()
    settled = second.settled_at
    settle_coaching(second, by=lead)
    second.refresh_from_db()
    assert second.settled_at == settled


def dates(person) -> list[tuple[str, bool]]:
    forget_standing(person)
    return [(item.title, item.due < timezone.now()) for item in campaigning.next_dates(person)]


def test_next_dates_come_to_the_desk_of_who_agreed_them(area, firm, lead):
    campaigner = make_user("campaigner", review_area=area)
    second = make_distributor(country=firm.country, name="Later")
    third = make_distributor(country=firm.country, name="Passed")
    note(firm, campaigner, next_on=in_days(7))
    note(second, campaigner, next_on=in_days(8))
    passed = note(third, campaigner, next_on=in_days(0))
    CoachingNote.objects.filter(pk=passed.pk).update(next_on=in_days(-2))
    assert dates(campaigner) == [("Passed", True), ("Firm of the area", False)]
    assert dates(lead) == []
    campaigner.mandates.update(until=in_days(-1))  # left: the lead keeps what was promised
    assert dates(campaigner) == []
    assert dates(lead) == [("Passed", True), ("Firm of the area", False)]
    assert dates(make_user("lead", review_area=make_area())) == []
    settle_coaching(passed, by=lead)
    Distributor.objects.filter(pk=firm.pk).update(is_active=False)
    assert dates(lead) == []


def test_the_log_shows_last_note_and_next_date(client, area, firm, lead):
    """In the queries of one distributor; a date first, then whom nobody spoke with."""
    client.force_login(lead)
    counts = []
    for n in range(3):
        other = make_distributor(country=firm.country, name=f"Spoken {n}")
        note(other, lead, text="First.", next_on=in_days(20 + n))
        note(other, lead, text="Second.")
        address = reverse("coaching_log")
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2]
    agreed = make_distributor(country=firm.country, name="Agreed")
    note(agreed, lead, next_on=in_days(30))
    make_distributor(name="Elsewhere Motors")
    page = client.get(address)
    rows = [(row.distributor.name, bool(row.last), bool(row.next)) for row in page.context["rows"]]
    assert rows == [
        ("Agreed", True, True),
        ("Firm of the area", False, False),
        ("Spoken 0", True, False),
        ("Spoken 1", True, False),
        ("Spoken 2", True, False),
    ]
    assert "Elsewhere Motors" not in page.content.decode()
    assert client.get(address, {"area": make_area().slug}).status_code == 404


def test_what_was_typed_and_refused_is_shown_again(client, firm, lead):
    client.force_login(lead)
    address = reverse("coaching", args=[firm.code])
    refused = client.post(address, {"whom": "Huda", "text": "Kept words", "next_on": "2020-01-01"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Kept words" in page
    assert "This day is past." in page
    client.post(address, {"whom": "Huda", "text": "Kept words", "next_on": ""})
    assert CoachingNote.objects.get().by == lead


# --- the first screen --------------------------------------------------------------------
def test_silent_are_those_without_story_and_response_for_longest(area, lead):
    country = make_country(area=area)
    now = timezone.now()

    def days_ago(days):
        return now - datetime.timedelta(days=days)

    firms = {name: make_distributor(country=country, name=name) for name in "abcdefg"}
    make_case(firms["a"], stage="ready", submitted_at=days_ago(100))
    make_response(make_case(published=True), firms["a"], at=days_ago(1))
    make_case(firms["b"], stage="ready", submitted_at=days_ago(50))
    make_case(firms["b"])  # a draft is no sign yet
    make_response(make_case(published=True), firms["c"], at=days_ago(80))
    note(firms["e"], lead, next_on=in_days(3))  # never, but a day is agreed
    Distributor.objects.filter(pk=firms["f"].pk).update(is_active=False)
    make_membership(lead, firms["g"])
    make_distributor()
    forget_standing(lead)
    found = silent(lead, [area], most=9)
    assert [(one.name, one.last_sign and (now - one.last_sign).days) for one in found] == [
        ("d", None),
        ("c", 80),
        ("b", 50),
        ("a", 1),
        ("e", None),
    ]


def in_review(firm, person, days: int):
    """A story of the firm with this person, due in so many days."""
    case = make_case(firm, stage="area_review", holder=person)
    review = open_review(case, step="area", reviewer=person, by=person, days=7)
    due = timezone.now() + datetime.timedelta(days=days)
    Clock.objects.filter(review=review).update(due=due)
    return case


def test_the_first_screen_fits_forty_minutes(client, area, firm, lead):
    """A story of one's own first, the late one of somebody else, the oldest question, silence."""
    colleague = make_user(distributor=make_distributor())
    make_mandate(colleague, "campaigner", review_area=area)
    in_review(firm, lead, 5)
    soon = in_review(firm, lead, 2)
    in_review(firm, colleague, -1)
    very_late = in_review(firm, colleague, -4)
    in_review(make_distributor(), colleague, -9)  # of another area
    now = timezone.now()
    for days in (2, 9):
        Question.objects.create(
            kind="area",
            key=str(area.pk),
            title="x",
            text=f"Asked {days} days ago",
            by=colleague,
            owner=lead,
            asked_at=now - datetime.timedelta(days=days),
        )
    for _n in range(4):
        make_distributor(country=firm.country)
    client.force_login(lead)
    page = client.get("/en/desk/")
    [section] = list(campaigning.first_screen(lead))
    tasks = section["context"]["tasks"]
    assert [task.kind for task in tasks] == ["next", "late", "question", *["silent"] * 3]
    assert [task.url.split("/")[-2] for task in tasks[:2]] == [soon.number, very_late.number]
    assert tasks[2].title == "Asked 9 days ago"
    assert [task.is_late for task in tasks[:3]] == [False, True, False]
    assert section["context"]["minutes"] <= campaigning.FITS
    html = page.content.decode()
    assert html.index("Your forty minutes") < html.index("Waiting for you")
    assert all(f'href="{task.url}"' in html for task in tasks)
    assert all(client.get(task.url).status_code == 200 for task in tasks)


def test_the_first_screen_costs_four_queries_and_others_none(lead, firm):
    reader = make_user(distributor=firm)
    for person, most in ((lead, 4), (reader, 0)):
        areas = campaigning.areas_of(person)  # loads what the desk has loaded by then
        assert standing(person).memberships is not None
        with CaptureQueriesContext(connection) as seen:
            sections = list(campaigning.first_screen(person))
        assert len(seen) <= most
        assert bool(sections) is bool(areas)
