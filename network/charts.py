"""Charts from tables: columns and lines over time, a bar for each row.

As `templatetags.figures`: words in HTML, geometry in SVG percent, mirrored
for right-to-left, hidden from ears because the same numbers stand beside it as
a table. Pure: the language is the active one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from network import languages
from network.localize import number_text

Text = str | Promise
Number = int | float | Decimal

SILVER, RING, COBALT, INK, LINE = "#8b919a", "#4b5159", "#1d3aa6", "#14171c", "#d3d7db"
HEIGHT = 150  # px, without the words above and below
MAX_LABELS = 5
ABOVE, BELOW, WORDS = 7, 20, 13  # px: words over their mark, under it, and their height
REACH = 0.4  # how far words reach towards the next label
MAX_SERIES = 3  # more cannot be told apart without colour
# What colours the marks of each series, on the web and (beside it) in PDF.
FILLS = (("g-after", COBALT), ("g-before", SILVER), ("g-third", "#fff"))
STROKES = (("g-l1", COBALT, ""), ("g-l2", RING, "6 3"), ("g-l3", INK, "1.5 3"))


@dataclass(frozen=True)
class Series:
    """A line or a colour of columns. None where nothing is known: a gap, never a zero."""

    label: Text
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Chart:
    """A table that is also drawn: `labels` along the page, a series for each column.

    `title` names it, `desc` says in a sentence what to see in it; `unit` is of
    all the values. Raises ValueError where a series is not as long as the
    labels, or for more series than can be told apart.
    """

    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    desc: Text = ""
    unit: Text = ""
    heading: Text = ""  # over the labels in the table, e.g. 'Month'
    kind: str = "columns"  # or 'lines', or 'rows'
    links: Sequence[str] = field(default=())  # in the table, an address a label; '' for none

    def __post_init__(self):
        most = MAX_SERIES if self.kind != "rows" else len(self.series)
        if not 1 <= len(self.series) <= most:
            raise ValueError(f"a chart takes 1 to {MAX_SERIES} series, not {len(self.series)}")
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("a value for each label, None where nothing is known")

    @property
    def is_empty(self) -> bool:
        """Nothing is known of any label."""
        return all(value is None for one in self.series for value in one.values)

    @property
    def rows(self) -> list[dict]:
        """The table: a label with its address and its values in words, '–' for none."""
        return [
            {
                "label": label,
                "url": self.links[place] if self.links else "",
                "cells": [
                    {"head": one.label, "text": value_text(one.values[place])}
                    for one in self.series
                ],
                "bar": bar_svg(self.series[0].values[place], self.highest)
                if self.kind == "rows"
                else "",
            }
            for place, label in enumerate(self.labels)
        ]

    @property
    def highest(self) -> float:
        """The largest value of all, 0 at least."""
        known = [float(v) for one in self.series for v in one.values if v is not None]
        return max([0.0, *known])

    @property
    def lowest(self) -> float:
        """The smallest value of all, 0 at most."""
        known = [float(v) for one in self.series for v in one.values if v is not None]
        return min([0.0, *known])


def value_text(value: Number | None) -> str:
    """A number in the reader's digits, one decimal at most; '–' where nothing is known."""
    if value is None:
        return "–"
    shown = value if isinstance(value, int) else round(float(value), 1)
    return number_text(shown)


def is_rtl() -> bool:
    """Whether the active language is written from right to left."""
    return languages.direction(translation.get_language() or "en") == "rtl"


def px(value: float) -> str:
    """A length as SVG takes it, in whatever language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def percent(value: float, rtl: bool) -> str:
    """A position on the inline axis as an SVG x, mirrored for right-to-left."""
    return f"{px((100 - value) if rtl else value)}%"


def bar_svg(value: Number | None, highest: float) -> SafeString:
    """One bar of a row, as long as its share of the highest; from the page's beginning."""
    if not value or highest <= 0:
        return mark_safe("")
    width = max(0.0, min(100.0, float(value) / highest * 100))
    return format_html(
        '<svg height="14" aria-hidden="true">'
        '<rect class="g-after" fill="{}" x="{}" y="1" height="12" width="{}%"/></svg>',
        COBALT,
        percent(width, True) if is_rtl() else "0%",
        px(width),
    )


def chart_svg(chart: Chart, height: int = HEIGHT, words: bool = True) -> SafeString:
    """Columns or lines. Without `words` the drawing holds no text (WeasyPrint does not join
    Arabic letters inside SVG): `ends` says what stands below it then."""
    if chart.is_empty or not chart.labels or chart.kind == "rows":
        return mark_safe("")
    top, bottom = (20, 22) if words else (4, 4)
    draw = _Drawing(chart, height, top)
    pieces = draw.lines() if chart.kind == "lines" else draw.columns()
    pieces.append(draw.axis())
    if words:
        pieces += draw.numbers()
        pieces += draw.labels(top + height + 16)
    return format_html(
        '<svg height="{}" aria-hidden="true">{}</svg>',
        top + height + bottom,
        format_html_join("", "{}", ((piece,) for piece in pieces)),
    )


def ends(chart: Chart) -> list[str]:
    """The first and the last label, to stand under a drawing without words."""
    return list(dict.fromkeys(str(chart.labels[i]) for i in (0, -1))) if chart.labels else []


class _Drawing:
    """Where everything stands: x in per cent, y in px."""

    def __init__(self, chart: Chart, height: int, top: int):
        self.chart, self.height, self.top, self.rtl = chart, height, top, is_rtl()
        self.high, self.low = chart.highest * 1.08 or 1.0, chart.lowest
        self.step = 100 / len(chart.labels)
        self.base = self.y(0)

    def y(self, value: Number) -> float:
        return self.top + self.height * (self.high - float(value)) / (self.high - self.low)

    def middle(self, place: int) -> str:
        return percent((place + 0.5) * self.step, self.rtl)

    def columns(self) -> list[SafeString]:
        """Side by side, four fifths of a label's room."""
        found, count = [], len(self.chart.series)
        width = self.step * 0.78 / count
        for order, one in enumerate(self.chart.series):
            name, fill = FILLS[order]
            for place, value in enumerate(one.values):
                if value is None:
                    continue
                start = place * self.step + self.step * 0.11 + order * width
                at = self.y(value)
                found.append(
                    format_html(
                        '<rect class="{}" fill="{}" stroke="{}" x="{}" width="{}%"'
                        ' y="{}" height="{}"/>',
                        name,
                        fill,
                        INK if order == 2 else "none",
                        percent(100 - start - width if self.rtl else start, False),
                        px(width),
                        px(min(at, self.base)),
                        px(abs(self.base - at)),
                    )
                )
        return found

    def lines(self) -> list[SafeString]:
        """From point to point; where nothing is known the line breaks."""
        found = []
        for order, one in enumerate(self.chart.series):
            name, stroke, dashes = STROKES[order]
            known = [(place, value) for place, value in enumerate(one.values) if value is not None]
            for (before, a), (after, b) in zip(known, known[1:], strict=False):
                if after - before == 1:
                    found.append(
                        format_html(
                            '<line class="{}" stroke="{}" stroke-width="2" stroke-dasharray="{}"'
                            ' x1="{}" y1="{}" x2="{}" y2="{}"/>',
                            *(name, stroke, dashes or "none"),
                            *(self.middle(before), px(self.y(a))),
                            *(self.middle(after), px(self.y(b))),
                        )
                    )
            for place, value in known:
                found.append(
                    format_html(
                        '<circle class="{}" fill="{}" stroke="{}" stroke-width="2"'
                        ' cx="{}" cy="{}" r="3"/>',
                        *(f"{name} g-point", stroke if order == 0 else "#fff", stroke),
                        *(self.middle(place), px(self.y(value))),
                    )
                )
        return found

    def axis(self) -> SafeString:
        """Zero."""
        return format_html(
            '<line class="g-axis" stroke="{}" x1="0" x2="100%" y1="{}" y2="{}"/>',
            *(INK, px(self.base), px(self.base)),
        )

    def numbers(self) -> list[SafeString]:
        """Of the first series its highest and its last value: the others stand in the table."""
        known = [
            (place, value)
            for place, value in enumerate(self.chart.series[0].values)
            if value is not None
        ]
        if not known:
            return []
        highest = max(known, key=lambda row: float(row[1]))
        # Of two neighbours' numbers the last one stays: they would stand on each other.
        wanted = {known[-1]} | ({highest} if known[-1][0] - highest[0] > 1 else set())
        return [
            format_html(
                '<text class="a" x="{}" y="{}" text-anchor="middle">{}</text>',
                *(self._over(place), px(self._beside(place, value)), value_text(value)),
            )
            for place, value in sorted(wanted)
        ]

    def _over(self, place: int) -> str:
        """The middle of the first series' mark."""
        if self.chart.kind == "lines":
            return self.middle(place)
        return percent((place + 0.11 + 0.39 / len(self.chart.series)) * self.step, self.rtl)

    def _beside(self, place: int, value: Number) -> float:
        """Where a number stands free of the lines: over its mark, else under it, if there is
        room above zero."""
        at = self.y(max(value, 0))
        over, under = at - ABOVE, at + BELOW
        if self.chart.kind != "lines" or under > self.base - 2:
            return over
        crossed = [self._crossed(place, words) for words in (over, under)]
        return under if crossed[1] < crossed[0] else over

    def _crossed(self, place: int, words: float) -> int:
        """How many pieces of lines pass through words that stand on this height at a label."""
        found = 0
        for one in self.chart.series:
            for side in (-1, 1):
                if not 0 <= place + side < len(one.values):
                    continue
                here, there = one.values[place], one.values[place + side]
                if here is None or there is None:
                    continue
                a, b = self.y(here), self.y(there)
                ends = (a, a + (b - a) * REACH)
                found += min(ends) < words + 2 and max(ends) > words - WORDS
        return found

    def labels(self, y: int) -> list[SafeString]:
        """Five at most, evenly."""
        count = len(self.chart.labels)
        gap = (count - 1) / (MAX_LABELS - 1)
        shown = range(count) if count <= MAX_LABELS else {round(i * gap) for i in range(MAX_LABELS)}
        return [
            format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                *(self.middle(place), y, self.chart.labels[place]),
            )
            for place in sorted(shown)
        ]
