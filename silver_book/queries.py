"""QuerySets of the book. Live standard texts are for everyone, local texts for members."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from wagtail.models import PageManager, PageQuerySet

from network.permissions import is_member

#: What a line of a table of contents needs: no text is read.
LINE = ("key", "number", "part_key", "chapter_key", "title", "url_path", "translation_key")


@dataclass(frozen=True)
class Line:
    """A section in a list, in the best language there is for the reader."""

    key: str
    number: int
    part_key: str
    chapter_key: str
    title: str
    url_path: str
    translation_key: object
    language: str
    summary: str = ""
    processes: list[str] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    workshops: list[str] = field(default_factory=list)


class SectionQuerySet(PageQuerySet):
    """Sections."""

    def lines(self, order: list[str], *more: str, limit: int | None = None) -> list[Line]:
        """Each live section once, in the first of the languages that it exists in.

        Sections in none of them are left out. By number; one query. `limit`:
        of rows that are read, in the query's own order.
        """
        return best_of(self.all_lines(order, *more, limit=limit), order)

    def all_lines(self, order: list[str], *more: str, limit: int | None = None) -> list[Line]:
        """Each live section in every one of the languages. One query."""
        names = (*LINE, *more)
        rows = self.filter(live=True, locale__language_code__in=order).values_list(
            *names, "locale__language_code"
        )
        return list(_as_lines(rows[:limit], names))


SectionManager = PageManager.from_queryset(SectionQuerySet)


def _as_lines(rows: Iterable[tuple], names: tuple[str, ...]) -> Iterator[Line]:
    for row in rows:
        yield Line(**dict(zip(names, row[:-1], strict=True)), language=row[-1])


def best_of(lines: Iterable[Line], order: list[str]) -> list[Line]:
    """One line a key, by number: the one whose language comes first in the order."""
    rank = {code: place for place, code in enumerate(order)}
    best: dict[str, Line] = {}
    for line in lines:
        held = best.get(line.key)
        if held is None or rank[line.language] < rank[held.language]:
            best[line.key] = line
    return sorted(best.values(), key=lambda line: (line.number, line.key))


class LocalTextQuerySet(QuerySet):
    """Local texts."""

    def standing(self) -> "LocalTextQuerySet":
        """Not removed."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user) -> "LocalTextQuerySet":
        """Every member reads every region's; a visitor none: equals `can_view_local` (tested)."""
        return self.standing() if is_member(user) else self.none()

    def of_scopes(self, scopes: Iterable[tuple[str, int]]) -> "LocalTextQuerySet":
        """Those of some region scopes."""
        wanted = Q(pk__in=())
        for kind, pk in scopes:
            wanted |= Q(region_id=pk) if kind == "region" else Q(review_area_id=pk)
        return self.filter(wanted)

    def to_review(self) -> "LocalTextQuerySet":
        """Whose standard changed in meaning since."""
        return self.standing().filter(review_since__isnull=False)

    def with_places(self) -> "LocalTextQuerySet":
        """With region, area and writer at hand."""
        return self.select_related("region", "review_area", "by")
