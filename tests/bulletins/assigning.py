"""People who may get a story, and what they were told."""

from datetime import date

from network.models import Absence, ReviewArea, User
from tests.factories.network import make_country, make_distributor, make_user
from touchpoints.models import Delivery


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
