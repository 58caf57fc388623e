"""Geometry of the figures: mirrored for right-to-left, words escaped."""

import datetime
import re
from decimal import Decimal

from django.template import Context, Template
from django.utils import translation

from network.templatetags.figures import Change, bars_svg, first_after, shift_svg

CHANGE = Change(label="Ready", unit="%", before=Decimal(60), after=Decimal(90), target=Decimal(85))


def months(*values):
    return tuple(
        (datetime.date(2026, i, 1), Decimal(value)) for i, value in enumerate(values, start=1)
    )


def positions(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'cx="([\d.]+)%"', svg)]


def test_shift_runs_from_before_to_after():
    with translation.override("en"):
        before, after = positions(shift_svg(CHANGE))
    assert (before, after) == (59.6, 88.4)


def test_shift_is_mirrored_for_right_to_left():
    with translation.override("ar"):
        before, after = positions(shift_svg(CHANGE))
    assert (before, after) == (40.4, 11.6)


def test_bars_are_mirrored_for_right_to_left():
    change = Change(label="Ready", monthly=months(1, 2, 3, 4))
    firsts = {}
    for code in ("en", "fa"):
        with translation.override(code):
            firsts[code] = [
                float(x) for x in re.findall(r'rect [^>]* x="([\d.]+)%"', bars_svg(change))
            ]
    width = 25 * 0.78
    assert [round(100 - x - width, 2) for x in firsts["en"]] == firsts["fa"]


def test_bars_turn_cobalt_in_the_month_of_the_change():
    change = Change(label="x", monthly=months(1, 2, 3), changed_on=datetime.date(2026, 2, 9))
    assert first_after(change) == 1


def test_equal_and_negative_values_stay_on_the_scale():
    for before, after in ((0, 0), (5, 5), (-10, 20)):
        svg = shift_svg(Change(label="x", before=Decimal(before), after=Decimal(after)))
        assert all(0 <= x <= 100 for x in positions(svg))


def test_words_of_a_figure_are_escaped():
    change = Change(label="<script>x</script>", before=Decimal(1), after=Decimal(2))
    html = Template("{% load figures %}{% shift changes %}").render(Context({"changes": [change]}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_table_beside_the_figure_holds_the_same_numbers():
    with translation.override("ar"):
        html = Template("{% load figures %}{% shift c %}").render(Context({"c": [CHANGE]}))
    cells = re.findall(r'<td class="n"[^>]*>([^<]*)', html)
    assert cells == ["٦٠", "٩٠", "٨٥", "\u200e+٣٠"]


def test_bars_for_print_hold_no_words_but_name_the_months_that_matter():
    change = Change(label="x", monthly=months(1, 2, 3, 4), changed_on=datetime.date(2026, 3, 9))
    with translation.override("ar"):
        html = Template("{% load figures %}{% bars c words=False table=False %}").render(
            Context({"c": change})
        )
    assert "<text" not in html
    assert re.findall(r"<span>([^<]*)</span>", html) == ["يناير ١", "مارس ٣", "أبريل ٤"]
