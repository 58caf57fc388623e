"""What the bulletins give to the figures of all rooms, against a table computed by hand."""

import datetime

import pytest

from bulletins.figures.measured import adopted, countries, first_answer, reached, submitted
from bulletins.models import BulletinIssue, CaseEvent
from network.registry import Figure, Period
from tests.bulletins.responding import make_response
from tests.factories.network import make_area, make_country, make_distributor, make_region
from tests.factories.stories import make_case, make_issue
from touchpoints.api import object_key
from touchpoints.models import Delivery, Mailing

pytestmark = pytest.mark.django_db
PERIOD = Period(datetime.date(2026, 3, 1), datetime.date(2026, 6, 1))


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"2026-{text}T12:00:00+00:00")


@pytest.fixture
def world():
    north, east = make_region("north"), make_area("east")
    firms = [
        make_distributor(country=make_country(region=north)),
        make_distributor(country=make_country(region=north)),
        make_distributor(country=make_country(area=east)),
    ]
    return {"firms": firms, "north": ("region", north.pk), "east": ("area", east.pk), "area": east}


def answered(case, *days):
    for day in days:
        CaseEvent.objects.create(
            case=case, at=at(day), verb="request_changes", new="changes_requested", by=case.author
        )


@pytest.fixture
def told(world):
    """North: 03-01 published 05-31 answered after 4 and 9 days; 03-02, the same country, after 10.
    East: submitted in February, published in June, answered in March after 30 days."""
    first, second, third = world["firms"]
    one = make_case(first, published=True, submitted_at=at("03-01"), published_at=at("05-31"))
    answered(one, "03-05", "03-10")
    two = make_case(first, published=True, submitted_at=at("03-02"), published_at=at("04-01"))
    answered(two, "03-12")
    other = make_case(third, published=True, submitted_at=at("02-10"), published_at=at("06-01"))
    answered(other, "03-12")
    make_case(second, stage="area_review", submitted_at=at("03-03"))
    make_response(one, third, adopted_at=at("04-01"))
    make_response(two, third, adopted_at=at("06-01"))
    make_response(other, second, adopted_at=at("05-31"))
    return world


def test_the_figures_are_those_computed_by_hand(told):
    north, east = told["north"], told["east"]
    assert submitted(PERIOD, None) == {None: Figure(3), north: Figure(3)}
    assert countries(PERIOD, None) == {None: Figure(1), north: Figure(1)}
    assert first_answer(PERIOD, None) == {
        None: Figure(10, of=3),
        north: Figure(7, of=2),
        east: Figure(30, of=1),
    }
    assert adopted(PERIOD, None) == {None: Figure(2), north: Figure(1), east: Figure(1)}


def test_an_area_alone_counts_its_own(told):
    own = [told["area"]]
    assert submitted(PERIOD, own) == {None: Figure(0)}
    assert first_answer(PERIOD, own) == {None: Figure(30, of=1), told["east"]: Figure(30, of=1)}
    assert adopted(PERIOD, own) == {None: Figure(1), told["east"]: Figure(1)}


def test_copies_on_their_way_are_not_counted_as_unreached(world, time_machine):
    """Two were taken (one came back at once), one is still within its 72 hours."""
    time_machine.move_to(at("05-10"), tick=False)
    first, second, third = world["firms"]
    issue = make_issue(datetime.date(2026, 5, 1), released=True)
    BulletinIssue.objects.filter(pk=issue.pk).update(released_at=at("05-01"))
    mailing = Mailing.objects.create(kind="bulletins.issue", object_key=object_key(issue))
    for firm, state, sent in (
        (first, "sent", "05-01"),
        (second, "bounced", "05-01"),
        (third, "sent", "05-09"),
    ):
        Delivery.objects.create(
            mailing=mailing,
            distributor=firm,
            address=f"{firm.code}@gkc.example",
            state=state,
            due_at=at(sent),
            sent_at=at(sent),
            returned_at=at("05-01") if state == "bounced" else None,
        )
    assert reached(PERIOD, None) == {None: Figure(50, of=2), world["north"]: Figure(50, of=2)}
    before = Period(datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))
    assert reached(before, None) == {None: Figure(None, of=0)}
