"""The journey's figures against a table computed by hand, and against their own lists."""

import datetime
from collections import Counter

import pytest

from bulletins.figures.journey import OF_STORIES, STEPS, moments, months_of, report
from bulletins.models import CaseEvent, ReadMark, ResponseChange, Via
from network.registry import Period
from tests.bulletins.responding import make_response
from tests.factories.network import (
    make_area,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.factories.stories import make_case

pytestmark = pytest.mark.django_db

PERIOD = Period(datetime.date(2026, 9, 1), datetime.date(2026, 12, 1))
EVERYTHING = Period(datetime.date(2020, 1, 1), datetime.date(2027, 1, 1))


def at(text: str) -> datetime.datetime:
    """'10-04' of 2026, at noon UTC."""
    return datetime.datetime.fromisoformat(f"2026-{text}T12:00:00+00:00")


def tell(firm, submitted=None, accepted=None, published=None):
    """A story with its steps on these days."""
    dates = {
        name: at(day)
        for name, day in (("submitted_at", submitted), ("published_at", published))
        if day
    }
    case = make_case(firm, published=bool(published), stage="area_review", **dates)
    if accepted:
        CaseEvent.objects.create(
            case=case, at=at(accepted), verb="approve_neutral", new="editing", by=case.author
        )
    return case


def read(case, firm, day):
    """A member of the firm opened the story."""
    mark = ReadMark.objects.create(user=make_user(distributor=firm), case=case)
    ReadMark.objects.filter(pk=mark.pk).update(first_at=at(day))


@pytest.fixture
def world():
    """North is a home region; East an area of countries without one.

    | story    | of    | submitted | accepted | published |
    | first    | North | 09-01     | 09-11    | 09-21     |
    | second   | North | 09-03     | 10-03    | 10-05     |
    | third    | East  | 10-10     | -        | -         |
    | fourth   | East  | 08-01     | 08-05    | 09-04     |

    | story, to       | read       | responded | adopted | measured |
    | first, East     | 09-25      | 10-01     | 10-01   | 11-30    |
    | first, South    | 10-02 link | 10-02     | 10-12   | -        |
    | second, South   | -          | 10-15     | -       | -        |
    | fourth, North   | 08-31*     | 11-01     | -       | -        |

    * before the period, and before it was published to all: no days since.
    """
    north, south_area, east = make_region("north"), make_area("south"), make_area("east")
    firms = {
        "north": make_distributor(country=make_country(region=north)),
        "south": make_distributor(country=make_country(area=south_area)),
        "east": make_distributor(country=make_country(area=east)),
    }
    first = tell(firms["north"], "09-01", "09-11", "09-21")
    second = tell(firms["north"], "09-03", "10-03", "10-05")
    tell(firms["east"], "10-10")
    fourth = tell(firms["east"], "08-01", "08-05", "09-04")
    read(first, firms["north"], "09-22")  # its own firm: no reading by another
    read(first, firms["east"], "09-25")
    read(first, firms["east"], "09-28")  # a second person of the same firm
    read(fourth, firms["north"], "08-31")
    make_response(
        first,
        firms["east"],
        first_at=at("10-01"),
        adopted_at=at("10-01"),
        measured_at=at("11-30"),
    )
    linked = make_response(
        first, firms["south"], choice="adapted", first_at=at("10-02"), adopted_at=at("10-12")
    )
    ResponseChange.objects.create(
        response=linked, choice="adapted", version=1, via=Via.LINK, at=at("10-02")
    )
    make_response(second, firms["south"], choice="already", first_at=at("10-15"))
    make_response(fourth, firms["north"], choice="already", first_at=at("11-01"))
    return {
        "firms": firms,
        "north": ("region", north.pk),
        "south": ("area", south_area.pk),
        "east": ("area", east.pk),
        "east_area": east,
    }


def plain(steps) -> dict:
    """Step → (number, median days, over how many)."""
    return {step: (got.number, got.median, got.over) for step, got in steps.items()}


def test_the_report_is_the_table_computed_by_hand(world):
    found = report(moments(PERIOD), PERIOD)
    assert plain(found.total) == {
        "submitted": (3, None, 0),
        "accepted": (2, 20.0, 2),  # 10 and 30 days
        "published": (3, 10.0, 3),  # 10, 2 and 30
        "read": (2, 7.5, 2),  # 4 and 11
        "responded": (4, 6.0, 3),  # 6 (East), 0 (South, by the link), 62 (North); one unread
        "adopted": (2, 5.0, 2),  # 0 and 10
        "measured": (1, 60.0, 1),
    }
    assert {scope: plain(steps) for scope, steps in found.by_scope.items()} == {
        world["north"]: {
            "submitted": (2, None, 0),
            "accepted": (2, 20.0, 2),
            "published": (2, 6.0, 2),
            "responded": (1, 62.0, 1),
        },
        world["east"]: {
            "submitted": (1, None, 0),
            "published": (1, 30.0, 1),
            "read": (1, 4.0, 1),
            "responded": (1, 6.0, 1),
            "adopted": (1, 0.0, 1),
            "measured": (1, 60.0, 1),
        },
        world["south"]: {
            "read": (1, 11.0, 1),
            "responded": (2, 0.0, 1),
            "adopted": (1, 10.0, 1),
        },
    }
    september, october, november = months_of(PERIOD)
    assert found.months == [september, october, november]
    assert {
        month: {step: got.number for step, got in steps.items()}
        for month, steps in found.by_month.items()
    } == {
        september: {"submitted": 2, "accepted": 1, "published": 2, "read": 1},
        october: {
            "submitted": 1,
            "accepted": 1,
            "published": 1,
            "read": 1,
            "responded": 3,
            "adopted": 2,
        },
        november: {"responded": 1, "measured": 1},
    }


def test_a_lead_counts_the_own_area_alone(world):
    found = report(moments(PERIOD, [world["east_area"]]), PERIOD)
    assert set(found.by_scope) == {world["east"]}
    assert plain(found.total) == plain(found.by_scope[world["east"]])
    assert {step: got.number for step, got in found.total.items()} == {
        "submitted": 1,
        "published": 1,
        "read": 1,
        "responded": 1,
        "adopted": 1,
        "measured": 1,
    }


def test_every_count_is_the_length_of_its_list(world):
    """By scope and by month the numbers add up, and none is counted twice."""
    found = moments(PERIOD)
    whole = report(found, PERIOD)
    assert len(set(found)) == len(found)
    for step in STEPS:
        rows = [one for one in found if one.step == step]
        number = whole.total[step].number
        assert number == len(rows)
        assert number == sum(s[step].number for s in whole.by_scope.values() if step in s)
        assert number == sum(m[step].number for m in whole.by_month.values() if step in m)
        pairs = Counter((one.case, one.distributor) for one in rows)
        assert set(pairs.values()) == {1}
        assert all((one.distributor is None) == (step in OF_STORIES) for one in rows)


@pytest.mark.parametrize("more", [0, 2])
def test_five_queries_whatever_the_numbers(world, more, django_assert_num_queries):
    for _ in range(more):
        case = tell(make_distributor(), "09-01", "09-11", "09-21")
        read(case, world["firms"]["east"], "10-01")
        make_response(case, first_at=at("10-01"), adopted_at=at("10-01"))
    with django_assert_num_queries(5):
        moments(EVERYTHING)


def test_nothing_yet_is_an_empty_report():
    found = report(moments(PERIOD), PERIOD)
    assert found.total == {}
    assert found.by_scope == {}
    assert list(found.by_month.values()) == [{}, {}, {}]
