"""The figures of the flow: what their page and their file show."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bulletins.figures.flow import (
    BANDS,
    Ageing,
    Finished,
    Times,
    Waiting,
    ageing,
    finished,
    lead_times,
    stage_times,
    waiting,
)
from bulletins.figures.journey import months_of
from bulletins.flow.board import COLUMNS
from bulletins.models import Case, Stage
from gkc_site.measures.choosing import Asked
from network.charts import Chart, Series, value_text
from network.localize import date_text, number_text
from network.models import Region, ReviewArea


@dataclass(frozen=True)
class Group:
    """A region or review area: what came out of it, and what stands in it."""

    label: str
    lead: Times
    open: Ageing

    @property
    def cells(self) -> list[dict]:
        """Head and words of each figure, as a table that folds up shows them."""
        values = (
            (_("Published:"), self.lead.number),
            (_("Median days:"), self.lead.median),
            (_("85 of 100 within:"), self.lead.most),
            (_("Open now:"), self.open.number),
            (_("Oldest, working days:"), self.open.oldest),
        )
        return [{"head": head, "text": value_text(value)} for head, value in values]


@dataclass(frozen=True)
class Flow:
    """All that the page shows."""

    total: Times
    open: Ageing
    lead: Chart
    throughput: Chart
    stages: Chart
    ageing: Chart
    regions: list[Group]
    areas: list[Group]

    @property
    def is_empty(self) -> bool:
        """Nothing was published in the period, and nothing is open."""
        return not (self.total.number or self.open.number)

    @property
    def median(self) -> str:
        return value_text(self.total.median)

    @property
    def most(self) -> str:
        return value_text(self.total.most)


def find(asked: Asked) -> tuple[list[Finished], list[Waiting]]:
    """Stories published in the period and open ones, of the region asked for. Two queries."""
    done, here = finished(asked.period, asked.areas), waiting(asked.areas)
    if asked.region is None:
        return done, here
    return (
        [one for one in done if one.scope == asked.scope],
        [one for one in here if one.scope == asked.scope],
    )


def flow(asked: Asked, with_board: bool) -> Flow:
    """The figures for the page; four queries. `with_board`: the reader may open its stages,
    of the region that is asked for."""
    done, here = find(asked)
    months = months_of(asked.period)
    by_month = [lead_times(one for one in done if one.month == month) for month in months]
    labels = [date_text(month, "short_month") for month in months]
    scopes = {("area", area.pk): area for area in ReviewArea.objects.all()}
    areas = {scope: area.name for scope, area in scopes.items()}
    scopes |= {("region", region.pk): region for region in Region.objects.all()}
    names = {scope: one.name for scope, one in scopes.items()}
    board = f"{reverse('board')}?" if with_board else ""
    if board and asked.scope:
        board += urlencode({asked.scope[0]: scopes[asked.scope].slug}) + "&"
    return Flow(
        total=lead_times(done),
        open=Ageing([one.age for one in here]),
        lead=Chart(
            title=_("Days from submission to publication"),
            desc=_("By the month of publication. 85 of 100 stories stayed within the upper line."),
            heading=_("Month"),
            labels=labels,
            series=[
                Series(_("Median"), [one.median for one in by_month]),
                Series(_("85 of 100 within"), [one.most for one in by_month]),
            ],
            kind="lines",
        ),
        throughput=Chart(
            title=_("Stories published"),
            desc=_("For the first time, month by month."),
            heading=_("Month"),
            labels=labels,
            series=[Series(_("Published"), [one.number for one in by_month])],
        ),
        stages=_stages(done),
        ageing=_ageing(here, board),
        regions=_groups(done, here, lambda one: one.scope, names),
        areas=_groups(done, here, lambda one: ("area", one.area), areas),
    )


def _stages(done: list[Finished]) -> Chart:
    found = stage_times(done)
    stages = [stage for stage in COLUMNS if stage in found]
    return Chart(
        title=_("Days in each stage"),
        desc=_("Of the stories published in the period, every time they came to it added up."),
        heading=pgettext("of a story", "Stage"),
        labels=[stage.label for stage in stages],
        series=[
            Series(_("Median"), [found[stage].median for stage in stages]),
            Series(_("85 of 100 within"), [found[stage].most for stage in stages]),
            Series(_("Stories"), [found[stage].number for stage in stages]),
        ],
        kind="rows",
    )


def _ageing(here: list[Waiting], board: str) -> Chart:
    """`board`: the address that a stage's name is added to; '' for whoever sees none."""
    found = ageing(here, lambda one: one.stage)
    rows = [found.get(stage, Ageing()) for stage in COLUMNS]
    return Chart(
        title=_("Open stories by stage and age"),
        desc=_("In working days where each waits, since it came to its stage."),
        heading=pgettext("of a story", "Stage"),
        labels=[stage.label for stage in COLUMNS],
        series=[
            Series(_("Open now"), [one.number for one in rows]),
            *(
                Series(head, [one.bands[place] for one in rows])
                for place, head in enumerate(band_heads())
            ),
            Series(_("Median age"), [one.median for one in rows]),
            Series(_("Oldest"), [one.oldest for one in rows]),
        ],
        kind="rows",
        links=[f"{board}stage={stage.value}" if board else "" for stage in COLUMNS],
    )


def band_heads() -> list[str]:
    """What the bands of age are called."""
    first, *others = BANDS
    heads = [
        ngettext("Up to %(days)s day", "Up to %(days)s days", first) % {"days": number_text(first)}
    ]
    for low, high in zip(BANDS, others, strict=False):
        heads.append(
            _("%(first)s to %(last)s days")
            % {"first": number_text(low + 1), "last": number_text(high)}
        )
    return [
        *heads,
        ngettext("Over %(days)s day", "Over %(days)s days", BANDS[-1])
        % {"days": number_text(BANDS[-1])},
    ]


def _groups(done: list[Finished], here: list[Waiting], key: Callable, names: dict) -> list[Group]:
    """Those in which anything happened or stands, by name."""
    ages = ageing(here, key)
    leads: dict = {}
    for one in done:
        leads.setdefault(key(one), []).append(one)
    return sorted(
        (
            Group(str(names[one]), lead_times(leads.get(one, [])), ages.get(one, Ageing()))
            for one in {*leads, *ages}
        ),
        key=lambda group: group.label.casefold(),
    )


def csv_rows(asked: Asked, user) -> Iterator[list]:
    """A row a story that was published in the period or is open: what the figures are made of.

    These figures are of all stories of the areas. One that the reader may not
    see is a row without its number.
    """
    yield [
        *(_("Story"), _("Region"), _("Review area"), _("Stage")),
        *(_("Submitted"), _("Published"), _("Days")),
        *(_("Days: %(stage)s") % {"stage": stage.label} for stage in COLUMNS),
        _("Working days in this stage"),
    ]
    done, here = find(asked)
    areas = {area.pk: area.name for area in ReviewArea.objects.all()}
    regions = {region.pk: region.name for region in Region.objects.all()}
    seen = set(Case.objects.visible_to(user).order_by().values_list("pk", flat=True))

    def number(one) -> str:
        return one.number if one.case in seen else ""

    def place(one) -> list[str]:
        kind, pk = one.scope
        return [regions[pk] if kind == "region" else "", areas[one.area]]

    for one in done:
        spent = [round(one.stages[s], 2) if s in one.stages else "" for s in COLUMNS]
        days = "" if one.days is None else round(one.days, 2)
        moments = [_day(one.submitted_at), _day(one.published_at)]
        yield [number(one), *place(one), Stage.PUBLISHED.label, *moments, days, *spent, ""]
    for one in here:
        stage = Stage(one.stage).label
        yield [number(one), *place(one), stage, "", "", "", *[""] * len(COLUMNS), one.age]


def _day(moment) -> str:
    return timezone.localtime(moment).date().isoformat() if moment else ""
