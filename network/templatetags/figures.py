"""Figures: words in HTML, geometry in SVG percent, each with the same numbers as a table.

Right-to-left languages get mirrored geometry (x → 100 − x); the language is
the active one. The classes colour a figure on the web; the plain `fill` and
`stroke` beside them colour it where no style sheet reaches into SVG (PDF).
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from network.charts import COBALT, INK, LINE, RING, SILVER, is_rtl, percent
from network.localize import date_text, number_text, quantity_text, signed_text, unit_text

register = template.Library()

SHIFT = "#a9aeb6"
# Room left and right of the scale, in per cent, so that a dot never leaves the figure.
MARGIN = 2
BARS_HEIGHT = 150  # px, without the words above and below
MAX_LABELS = 5


@dataclass(frozen=True)
class Change:
    """A measure before and after; numbers in `unit`. Dates as exactly as `precision` says."""

    label: str
    unit: str = ""
    before: Decimal | None = None
    after: Decimal | None = None
    target: Decimal | None = None
    note: str = ""
    before_on: datetime.date | None = None
    after_on: datetime.date | None = None
    precision: str = "day"
    key: str = ""
    monthly: Sequence[tuple[datetime.date, Decimal]] = field(default=())
    changed_on: datetime.date | None = None  # first day of what was done, if known

    @property
    def has_values(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def before_text(self) -> str:
        return quantity_text(self.before, self.short_unit)

    @property
    def after_text(self) -> str:
        return quantity_text(self.after, self.short_unit)

    @property
    def target_text(self) -> str:
        return quantity_text(self.target, self.short_unit)

    @property
    def change_text(self) -> str:
        return signed_text(self.after - self.before) if self.has_values else ""

    @property
    def short_unit(self) -> str:
        """'%' stands beside the number; a unit in words stands under the label."""
        return "%" if self.unit.strip() == "%" else ""

    @property
    def long_unit(self) -> str:
        return "" if self.short_unit else unit_text(self.unit)

    @property
    def before_when(self) -> str:
        return date_text(self.before_on, self.precision)

    @property
    def after_when(self) -> str:
        return date_text(self.after_on, self.precision)


def scale(change: Change) -> tuple[float, float]:
    """From 0 (or the lowest value below it) to a little over the highest; per cent to 100."""
    values = [float(v) for v in (change.before, change.after, change.target) if v is not None]
    low, high = min(0.0, *values), max(values)
    if change.short_unit and 0 <= high <= 100 and low == 0:
        return 0.0, 100.0
    if high == low:
        high = low + 1
    return low, low + (high - low) * 1.08


@register.simple_tag
def shift_svg(change: Change) -> SafeString:
    """Ring = before, dot = after, tick = target on one line."""
    if not change.has_values:
        return mark_safe("")
    rtl = is_rtl()
    low, high = scale(change)

    def x(value) -> str:
        share = (float(value) - low) / (high - low)
        return percent(MARGIN + share * (100 - 2 * MARGIN), rtl)

    tick = ""
    if change.target is not None:
        tick = format_html(
            '<line class="g-tick" stroke="{}" stroke-width="2" x1="{}" x2="{}" y1="3" y2="21"/>',
            INK,
            x(change.target),
            x(change.target),
        )
    return format_html(
        '<svg height="24" aria-hidden="true">'
        '<line class="g-line" stroke="{}" x1="0" x2="100%" y1="12" y2="12"/>'
        '<line class="g-shift" stroke="{}" stroke-width="2" x1="{}" x2="{}" y1="12" y2="12"/>{}'
        '<circle class="g-dot-b" fill="#fff" stroke="{}" stroke-width="2" cx="{}" cy="12" r="5"/>'
        '<circle class="g-dot-a" fill="{}" cx="{}" cy="12" r="6.5"/></svg>',
        LINE,
        SHIFT,
        x(change.before),
        x(change.after),
        tick,
        RING,
        x(change.before),
        COBALT,
        x(change.after),
    )


@register.inclusion_tag("network/figures/shift.html")
def shift(changes: Iterable[Change], table: bool = True) -> dict:
    """Before → after of several measures, with the same numbers as a table."""
    rows = [change for change in changes if change.has_values]
    return {
        "rows": rows,
        "table": table,
        "has_target": any(row.target is not None for row in rows),
        "has_dates": any(row.before_on or row.after_on for row in rows),
    }


@register.inclusion_tag("network/figures/change.html")
def change_words(change: Change) -> dict:
    """'31 → 3.4' with the arrow in reading direction, and 'to' for ears."""
    return {"change": change}


@register.inclusion_tag("network/figures/bars.html")
def bars(change: Change, table: bool = True, height: int = BARS_HEIGHT, words: bool = True) -> dict:
    """A measure by month; cobalt from the change on, the target as a dashed line.

    Without `words` the drawing holds no text and the months that matter stand
    below it: WeasyPrint does not join Arabic letters inside SVG.
    """
    return {
        "axis": [] if words else axis(change),
        "change": change,
        "svg": bars_svg(change, height, words=words),
        "table": table,
        "months": [
            {"month": date_text(month, "month"), "value": number_text(value)}
            for month, value in change.monthly
        ],
    }


def axis(change: Change) -> list[str]:
    """The first month, the first after the change and the last, each with its value."""
    points = list(change.monthly)
    wanted = sorted({0, first_after(change) or 0, len(points) - 1}) if points else []
    return [f"{date_text(points[i][0], 'short_month')} {number_text(points[i][1])}" for i in wanted]


def bars_svg(change: Change, height: int = BARS_HEIGHT, words: bool = True) -> SafeString:
    """The bars alone. Bars start at zero; the first, the last before and the last are labelled."""
    points = list(change.monthly)
    if not points:
        return mark_safe("")
    rtl = is_rtl()
    values = [float(value) for _month, value in points]
    floor = min(0.0, *values)
    top_value = max([*values, float(change.target or 0)]) * 1.08 or 1.0
    split = first_after(change)
    top, bottom, step = (20, 22, 100 / len(points)) if words else (2, 2, 100 / len(points))
    base = top + height * top_value / (top_value - floor)

    def y(value: float) -> float:
        return top + height * (top_value - value) / (top_value - floor)

    labelled = _labelled(len(points))
    numbered = {0, len(points) - 1} | ({split - 1} if split else set())
    pieces = []
    for i, ((month, _value), value) in enumerate(zip(points, values, strict=True)):
        start = i * step + step * 0.11
        width = step * 0.78
        x = 100 - start - width if rtl else start
        after = split is not None and i >= split
        middle = f"{x + width / 2:.2f}%"
        pieces.append(
            format_html(
                '<rect class="{}" fill="{}" x="{}%" width="{}%" y="{}" height="{}"/>',
                "g-after" if after else "g-before",
                COBALT if after else SILVER,
                f"{x:.2f}",
                f"{width:.2f}",
                f"{min(y(value), base):.1f}",
                f"{abs(base - y(value)):.1f}",
            )
        )
        if words and i in numbered:
            pieces.append(
                format_html(
                    '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>',
                    "a" if after else "k",
                    middle,
                    f"{y(max(value, 0)) - 6:.1f}",
                    number_text(points[i][1]),
                )
            )
        if words and i in labelled:
            pieces.append(
                format_html(
                    '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                    middle,
                    f"{top + height + 16}",
                    date_text(month, "short_month"),
                )
            )
    pieces.append(
        format_html(
            '<line class="g-axis" stroke="{}" x1="0" x2="100%" y1="{}" y2="{}"/>',
            INK,
            f"{base:.1f}",
            f"{base:.1f}",
        )
    )
    if change.target is not None:
        line = f"{y(float(change.target)):.1f}"
        pieces.append(
            format_html(
                '<line class="g-target" stroke="{}" stroke-dasharray="4 3" x1="0" x2="100%"'
                ' y1="{}" y2="{}"/>',
                INK,
                line,
                line,
            )
        )
    return format_html(
        '<svg height="{}" aria-hidden="true">{}</svg>',
        top + height + bottom,
        format_html_join("", "{}", ((piece,) for piece in pieces)),
    )


def first_after(change: Change) -> int | None:
    """Index of the first month after the change; None where nobody says when it was."""
    begun = change.changed_on or change.before_on
    if begun is None:
        return None
    later = [i for i, (month, _value) in enumerate(change.monthly) if month > begun]
    if change.changed_on is not None:
        first = begun.replace(day=1)
        later = [i for i, (month, _value) in enumerate(change.monthly) if month >= first]
    return later[0] if later else None


def _labelled(count: int) -> set[int]:
    if count <= MAX_LABELS:
        return set(range(count))
    gap = (count - 1) / (MAX_LABELS - 1)
    return {round(i * gap) for i in range(MAX_LABELS)}


@register.filter
def listed(change: Change | None) -> list[Change]:
    """One measure as a list, for `shift`."""
    return [change] if change is not None else []
