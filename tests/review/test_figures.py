"""What questions give to the figures of all rooms, against a table computed by hand."""

import datetime

import pytest

from network.registry import Figure, Period
from review.figures import answer_days, answered, oldest, open_now
from review.models import Question
from tests.factories.network import make_area, make_country, make_region, make_user

pytestmark = pytest.mark.django_db
PERIOD = Period(datetime.date(2026, 3, 1), datetime.date(2026, 4, 1))


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"2026-{text}T12:00:00+00:00")


def ask(country, asked: str, answered: str = "", withdrawn: str = "") -> None:
    Question.objects.create(
        kind="case",
        key="2026-0001",
        language="en",
        title="Two looks",
        text="How?",
        text_language="en",
        by=make_user(),
        country=country,
        asked_at=at(asked),
        answered_at=at(answered) if answered else None,
        withdrawn_at=at(withdrawn) if withdrawn else None,
    )


def test_the_figures_are_those_computed_by_hand(time_machine):
    time_machine.move_to(at("03-31"), tick=False)
    region, area = make_region("north"), make_area("east")
    north, east = make_country(region=region), make_country(area=area)
    ask(north, "02-20", "03-02")  # 10 days
    ask(north, "03-01", "03-05")  # 4
    ask(north, "02-01", "02-05")  # before
    ask(east, "03-10", "03-11")  # 1
    ask(None, "03-01", "03-08")  # 7, by somebody of no firm
    ask(east, "03-20", withdrawn="03-21")
    ask(north, "03-24")
    ask(east, "03-11")
    ask(east, "03-30")
    north_key, east_key = ("region", region.pk), ("area", area.pk)
    assert answered(PERIOD, None) == {None: Figure(4), north_key: Figure(2), east_key: Figure(1)}
    assert answer_days(PERIOD, None) == {
        None: Figure(5.5, of=4),
        north_key: Figure(7, of=2),
        east_key: Figure(1, of=1),
    }
    assert open_now(PERIOD, None) == {None: Figure(3), north_key: Figure(1), east_key: Figure(2)}
    assert oldest(PERIOD, None) == {None: Figure(20), north_key: Figure(7), east_key: Figure(20)}
    assert answered(PERIOD, [area]) == {None: Figure(1), east_key: Figure(1)}
    assert oldest(PERIOD, [north.review_area]) == {None: Figure(7), north_key: Figure(7)}
