"""Stories that others took over, by year."""

from dataclasses import dataclass

from django.db.models import Count, Q

from bulletins.figures.titles import Title, titles_of
from bulletins.models import Case, Response


@dataclass(frozen=True)
class Recognised:
    """A story that others took over in a year."""

    case: Case
    distributors: int
    title: Title


def recognised(cases, year: int | None = None, user=None) -> list[Recognised]:
    """Of `cases` (a queryset of what the reader may read) those taken over, most first.

    In the year (all years where None) by `adopted_at`. Two queries.
    """
    taken = Q(responses__adopted_at__isnull=False)
    if year is not None:
        taken &= Q(responses__adopted_at__year=year)
    found = list(
        cases.annotate(distributors=Count("responses", filter=taken, distinct=True))
        .filter(distributors__gt=0)
        .select_related("author", "distributor__country")
        .prefetch_related("co_authors")
        .order_by("-distributors", "number")
    )
    titles = titles_of(found, user)
    return [
        Recognised(case, case.distributors, titles.get(case.pk, Title(case.number, "", "")))
        for case in found
    ]


def recognised_years() -> list[int]:
    """Years in which anything was taken over, newest first. One query."""
    years = Response.objects.taken_over().dates("adopted_at", "year", order="DESC")
    return [day.year for day in years]
