"""A campaigner of one region, members of it and of another, and a local text."""

from dataclasses import dataclass

from network.models import User
from silver_book.models import LocalText
from silver_book.transitions import write_local
from tests.factories import make_area, make_country, make_distributor, make_region, make_user
from tests.silver_book.test_importing import ids, section


@dataclass
class Place:
    """A region (or area) with somebody who writes and somebody who reads."""

    scope: tuple[str, int]
    campaigner: User
    reader: User
    code: str


def make_place(slug: str, *, with_region: bool = True) -> Place:
    """People of a region; of a review area without a home region otherwise."""
    area = make_area(f"{slug}-area")
    region = make_region(slug) if with_region else None
    firm = make_distributor(country=make_country(area=area, region=region))
    scope = ("region", region.pk) if region else ("area", area.pk)
    return Place(
        scope=scope,
        campaigner=make_user("campaigner", review_area=area, distributor=firm),
        reader=make_user(distributor=firm),
        code=f"region-{slug}" if region else f"area-{slug}-area",
    )


def add_local(place: Place, text: str = "We count on paper.", **fields) -> LocalText:
    """A note to the third block of 'Go and see', in English."""
    given = {"kind": "note", "language": "en", "by": place.campaigner, "scope": place.scope}
    given |= {"section": section().translation_key, "block_id": ids(section())[2]}
    given |= fields
    return write_local(given.pop("section"), given.pop("block_id"), text=text, **given)
