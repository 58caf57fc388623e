"""Region scopes that have countries, to choose among: home regions, and the review areas of
countries that belong to none (R23)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from network.models import Country, Region, ReviewArea
from network.registry import ScopeKey

_AREA = "area-"


@dataclass(frozen=True)
class Place:
    """A region scope: a home region, or what of an area belongs to none."""

    key: ScopeKey
    name: str
    word: str  # in an address: 'africa', 'area-brazil'

    @property
    def slug(self) -> str:
        """The same by its key: 'region-3'."""
        return f"{self.key[0]}-{self.key[1]}"

    def rows(self, prefix: str = "") -> Q:
        """As `rows_of` its word."""
        return rows_of(self.word, prefix)


def places(areas: list | None = None, kept: QuerySet | None = None) -> list[Place]:
    """The scopes of all countries, or of those of some review areas; regions first. Three
    queries.

    With those of `kept`, rows of (region, review area) that something else still has.
    """
    countries = Country.objects.order_by()
    if areas is not None:
        countries = countries.filter(review_area__in=areas)
    found = countries.values_list("region_id", "review_area_id")
    pairs = set(found if kept is None else found.union(kept))
    regions = Region.objects.filter(pk__in={region for region, _area in pairs if region})
    alone = ReviewArea.objects.filter(pk__in={area for region, area in pairs if not region})
    return [Place(("region", one.pk), one.name, one.slug) for one in regions] + [
        Place(("area", one.pk), one.name, area_word(one.slug)) for one in alone
    ]


def area_word(slug: str) -> str:
    """How an area that stands in for a region is called in an address: some have a region's name
    (Mexico is of the area 'usa', not of the region)."""
    return f"{_AREA}{slug}"


def rows_of(word: str, prefix: str = "") -> Q:
    """Of rows with `region` and `review_area` (behind a prefix such as 'country__') those of the
    place of that word; none for a word that is no place's."""
    if word.startswith(_AREA):
        area = word.removeprefix(_AREA)
        return Q(**{f"{prefix}region": None, f"{prefix}review_area__slug": area})
    return Q(**{f"{prefix}region__slug": word})


def place_of(word: str) -> Place | None:
    """The place of that word; None where there is none."""
    return next((place for place in places() if place.word == word), None)
