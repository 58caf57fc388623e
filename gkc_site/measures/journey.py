"""The journey report for executives: what its page, its file and its sheet show."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from bulletins.figures.journey import (
    NONE_REACHED,
    OF_STORIES,
    STEPS,
    Moment,
    Reached,
    Report,
    moments,
    report,
)
from bulletins.figures.titles import Title, titles_of
from bulletins.models import Case
from gkc_site.measures.choosing import Asked
from network.charts import Chart, Series, bar_svg, value_text
from network.localize import date_text
from network.models import Distributor

DRAWN = ("submitted", "published", "adopted")


@dataclass(frozen=True)
class Step:
    """A step in words: how many, the median of days since the step before, and a bar."""

    name: str
    label: str
    reached: Reached
    url: str
    bar: str = ""

    @property
    def median(self) -> str:
        return "" if self.reached.median is None else value_text(self.reached.median)


@dataclass(frozen=True)
class Row:
    """A region or a month of the report."""

    label: str
    steps: list[Step]


@dataclass(frozen=True)
class Journey:
    """The report with all that is shown of it."""

    asked: Asked
    total: list[Step]
    regions: list[Row]  # those in which anything happened
    months: list[Row]
    chart: Chart

    @property
    def is_empty(self) -> bool:
        return not any(step.reached.number for step in self.total)


def find(asked: Asked) -> list[Moment]:
    """The moments of the regions asked for. Five queries."""
    found = moments(asked.period, asked.areas)
    if asked.region is None:
        return found
    return [one for one in found if one.scope == asked.scope]


def journey(asked: Asked) -> Journey:
    """The report for page and sheet. Five queries."""
    figures = report(find(asked), asked.period)
    highest = max((got.number for got in figures.total.values()), default=0)
    return Journey(
        asked,
        total=_steps(asked, figures.total, highest=highest),
        regions=[
            Row(place.name, _steps(asked, figures.by_scope[place.key], region=place.slug))
            for place in asked.places
            if place.key in figures.by_scope
        ],
        months=[
            Row(date_text(month, "month"), _steps(asked, steps, month=f"{month:%Y-%m}"))
            for month, steps in figures.by_month.items()
        ],
        chart=_chart(figures),
    )


def _steps(asked: Asked, found: dict[str, Reached], highest: int = 0, **query) -> list[Step]:
    return [
        Step(
            name,
            str(label),
            found.get(name, NONE_REACHED),
            reverse("journey_list", args=[name]) + asked.query(**query),
            bar_svg(found.get(name, NONE_REACHED).number, highest) if highest else "",
        )
        for name, label in STEPS.items()
    ]


def _chart(figures: Report) -> Chart:
    return Chart(
        title=_("Stories month by month"),
        desc=_("Stories submitted and published there, and taken over by a distributor there."),
        heading=_("Month"),
        labels=[date_text(month, "short_month") for month in figures.months],
        series=[
            Series(
                STEPS[name],
                [steps.get(name, NONE_REACHED).number for steps in figures.by_month.values()],
            )
            for name in DRAWN
        ],
        kind="lines",
    )


def csv_rows(asked: Asked) -> Iterator[list]:
    """A row for each region, month and step: how many, the median of days, over how many.

    Medians of all regions or of a whole period are no sums of others: they have rows too.
    """
    yield [
        *(_("Region"), _("Month"), _("Step"), _("Number")),
        *(_("Median of days"), _("Measured over")),
    ]
    found = find(asked)
    names = {place.key: place.name for place in asked.places}
    parts = [("", found)]
    scopes = sorted({one.scope for one in found}, key=str)
    parts += [
        (names.get(scope, ""), [one for one in found if one.scope == scope]) for scope in scopes
    ]
    for region, some in parts:
        figures = report(some, asked.period)
        for month, steps in [("", figures.total), *figures.by_month.items()]:
            for name, got in steps.items():
                median = "" if got.median is None else round(got.median, 2)
                month_text = f"{month:%Y-%m}" if month else ""
                yield [region, month_text, STEPS[name], got.number, median, got.over]


# --- the list behind a number ---------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One moment with names. Without `title` the story is not this reader's."""

    moment: Moment
    title: Title | None
    number: str
    distributor: str

    @property
    def days(self) -> str:
        return "" if self.moment.days is None else value_text(self.moment.days)


def in_list(asked: Asked, step: str, month: datetime.date | None) -> list[Moment]:
    """The moments that a number counts, newest first. Five queries."""
    found = [
        one for one in find(asked) if one.step == step and (month is None or one.month == month)
    ]
    return sorted(found, key=lambda one: (one.at, one.case, one.distributor or 0), reverse=True)


def lines(found: list[Moment], user) -> list[Line]:
    """With names, for one page of the list: stories that the reader may read by their title,
    others by what happened alone. Three queries."""
    cases = Case.objects.in_bulk({one.case for one in found})
    readable = Case.objects.readable_by(user).filter(pk__in=cases).order_by()
    seen = {case.pk for case in readable.only("pk")}
    titles = titles_of([cases[pk] for pk in seen], user)
    firms = Distributor.objects.in_bulk(
        {one.distributor for one in found} | {cases[one.case].distributor_id for one in found}
    )
    return [
        Line(
            one,
            titles.get(one.case),
            cases[one.case].number if one.case in seen else "",
            firms[one.distributor or cases[one.case].distributor_id].name,
        )
        for one in found
    ]


def is_of_stories(step: str) -> bool:
    """Counted where the story comes from, not where it went."""
    return step in OF_STORIES
