"""Figures of the workshops: chart, table, the dates behind a row, and CSV."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from network.charts import Chart, Series
from network.languages import reading_order
from network.localize import date_text
from network.models import Region, ReviewArea
from network.registry import Period
from network.tables import csv_file
from workshops import when
from workshops.figures import (
    Counted,
    Counts,
    add_evaluation,
    count,
    grouped,
    sessions_for,
    total,
    word_of,
)
from workshops.permissions import can_see_figures
from workshops.titles import titles_for

MONTHS_BACK, MONTHS_AHEAD, MOST_MONTHS = 11, 6, 60
A_PAGE = 30
BY = {
    "region": gettext_lazy("Region"),
    "people": gettext_lazy("Region of the people"),
    "programme": gettext_lazy("Programme"),
    "month": gettext_lazy("Month"),
}


@login_required
@require_safe
@never_cache
def workshop_figures(request):
    """Sums by region, programme or month; with `show` the dates that one row counts."""
    found = _Figures(request)
    context = {
        "rows": found.rows,
        "whole": found.whole,
        "by": found.by,
        "heading": BY[found.by],
        "tabs": [
            {"label": label, "query": found.query(by=name), "current": name == found.by}
            for name, label in BY.items()
        ],
        "since": f"{found.period.since:%Y-%m}",
        "last": f"{when.later(found.period.until, -1):%Y-%m}",
        "chart": found.chart() if found.rows else None,
        "csv_query": found.query(),
        "shown": found.shown(),
    }
    return render(request, "workshops/figures.html", context)


@login_required
@require_safe
@never_cache
def workshop_figures_csv(request):
    """The table as it stands on the page, shares in per cent."""
    found = _Figures(request)
    head = [
        str(BY[found.by]),
        _("Dates"),
        _("Seats"),
        _("Taken"),
        _("Fill, per cent"),
        _("Waiting"),
        _("Attended"),
        _("Did not come"),
        _("Passed"),
        _("Could pass"),
        _("Evaluation, 1 to 5"),
        _("Marks given"),
        _("Practice accepted"),
        _("Practice asked for"),
    ]
    lines = [_line(row["label"], row["counts"]) for row in found.rows]
    lines.append(_line(_("Together"), found.whole))
    return csv_file(f"workshops-by-{found.by}", [head, *lines])


def _line(label, counts: Counts) -> list:
    return [
        label,
        counts.sessions,
        counts.seats,
        counts.taken,
        "" if counts.fill is None else round(counts.fill, 1),
        counts.waiting,
        counts.attended,
        counts.no_show,
        counts.passed,
        counts.to_pass,
        "" if counts.evaluation is None else round(counts.evaluation, 2),
        counts.marked,
        counts.shown,
        counts.to_show,
    ]


class _Figures:
    """What was asked for, counted once for page and file. Raises PermissionDenied."""

    def __init__(self, request):
        if not can_see_figures(request.user):
            raise PermissionDenied
        self.request, self.by = request, request.GET.get("by", "region")
        if self.by not in BY:
            self.by = "region"
        self.period = _period(request.GET)
        self.counted = count(sessions_for(request.user), self.period)
        groups, self.whole = grouped(self.counted, self.by), total(self.counted)
        add_evaluation(groups, self.whole, self.counted, request.user, self.period, self.by)
        self.titles = titles_for(
            {one.session.programme for one in self.counted}, reading_order(request.user)
        )
        first: dict[str, Counted] = {}
        for one in self.counted:
            for key in one.parts(self.by):
                first.setdefault(key, one)
        names = _names() if self.by == "people" else {}
        self.rows = [
            {
                "key": key,
                "counts": counts,
                "query": self.query(show=key) + "#dates",
                **(
                    {"label": names.get(key) or _("No region"), "language": ""}
                    if self.by == "people"
                    else self._label(first[key])
                ),
            }
            for key, counts in groups.items()
        ]
        if self.by != "month":
            self.rows.sort(key=lambda row: row["label"])

    def _label(self, one: Counted) -> dict:
        """A row's words and their language where it is not the page's."""
        if self.by == "month":
            return {"label": date_text(one.month, "month"), "language": ""}
        if self.by == "programme":
            title = self.titles[one.session.programme_id]
            return {"label": title.title, "language": title.language if title.is_foreign else ""}
        country = one.session.country
        if country is None:
            return {"label": _("Online"), "language": ""}
        return {"label": str((country.region or country.review_area).name), "language": ""}

    def query(self, **changes) -> str:
        """'?…' with what was asked for, and changes."""
        asked = {
            "by": self.by,
            "since": f"{self.period.since:%Y-%m}",
            "last": f"{when.later(self.period.until, -1):%Y-%m}",
        }
        return "?" + urlencode(asked | changes)

    def chart(self) -> Chart:
        """Months as columns of seats and those taken; the others as shares of seats taken."""
        if self.by == "month":
            return Chart(
                title=_("Seats and seats taken"),
                desc=_("By the month in which a date begins."),
                heading=_("Month"),
                labels=[row["label"] for row in self.rows],
                series=[
                    Series(_("Taken"), [row["counts"].taken for row in self.rows]),
                    Series(_("Seats"), [row["counts"].seats for row in self.rows]),
                ],
            )
        if self.by == "people":
            return Chart(
                title=_("People who attended"),
                desc=_("By the region that they come from."),
                heading=str(BY[self.by]),
                kind="rows",
                labels=[row["label"] for row in self.rows],
                series=[Series(_("Attended"), [row["counts"].attended for row in self.rows])],
            )
        return Chart(
            title=_("Seats taken, of all seats"),
            desc=_("In per cent."),
            unit="%",
            heading=str(BY[self.by]),
            kind="rows",
            labels=[row["label"] for row in self.rows],
            series=[Series(_("Fill"), [row["counts"].fill for row in self.rows])],
        )

    def shown(self) -> dict | None:
        """The dates that a row counts, with the same numbers each."""
        wanted = self.request.GET.get("show", "")
        row = next((row for row in self.rows if row["key"] == wanted), None)
        if row is None:
            return None
        chosen = [one for one in self.counted if wanted in one.parts(self.by)]
        page = Paginator(chosen, A_PAGE).get_page(self.request.GET.get("page"))
        return {
            "label": row["label"],
            "language": row["language"],
            "page": page,
            "query": self.query(show=wanted),
            "lines": [
                {
                    "session": one.session,
                    "counts": one.parts(self.by)[wanted],
                    "title": self.titles[one.session.programme_id],
                    "days": when.days_text(one.session),
                    "place": when.place_text(one.session),
                }
                for one in page
            ],
        }


def _names() -> dict[str, str]:
    """Region scope in an address → its name. Two queries."""
    return {
        word_of((kind, one.pk)): one.name
        for kind, model in (("region", Region), ("area", ReviewArea))
        for one in model.objects.all()
    }


def _period(query) -> Period:
    """Whole months, the last one included; eighteen round today unless said otherwise."""
    month = when.month_of(timezone.localdate())
    since = when.month_from(query.get("since")) or when.later(month, -MONTHS_BACK)
    last = when.month_from(query.get("last")) or when.later(month, MONTHS_AHEAD)
    last = min(max(since, last), when.later(since, MOST_MONTHS - 1))
    return Period(since=since, until=when.later(last, 1))
