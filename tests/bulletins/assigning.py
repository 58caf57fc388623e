"""People who may get a story, the Monday on which they do, and what they were told."""

from datetime import date

import pytest

from network.models import Absence, ReviewArea, User
from tests.factories.network import make_country, make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.models import Delivery

NOW = "2026-02-02 09:00Z"  # a Monday


@pytest.fixture(autouse=True)
def monday(time_machine):
    """In every test of a file that takes it over."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def stories():
    """Stories of a network in which reviewers are there for every area."""
    return Stories(make_reviewing_network())


@pytest.fixture
def system():
    """The site acting by itself."""
    return User.objects.get(is_system=True)


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(mailing__kind=kind).values_list("user__email", flat=True)
    return sorted(rows)


def away(person, first: int, last: int) -> None:
    """Away on days of February."""
    Absence.objects.create(
        user=person, since=date(2026, 2, first), until=date(2026, 2, last), note="Leave"
    )


def colleague(area: ReviewArea, **fields) -> User:
    """A campaigner of the area, of a firm of its own in the area's country."""
    country = area.countries.first() or make_country(area=area)
    return make_user(
        "campaigner", review_area=area, distributor=make_distributor(country=country), **fields
    )
