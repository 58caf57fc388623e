"""Charts: the drawing and the table say the same, in both directions of writing."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from network.charts import Chart, Series, bar_svg, chart_svg, ends
from network.tables import csv_file

MONTHS = ["Sep", "Oct", "Nov"]


def chart(*values, kind="columns", labels=MONTHS, **fields):
    series = [Series(f"Series {n}", found) for n, found in enumerate(values, start=1)]
    return Chart(title="Days", labels=labels, series=series, kind=kind, **fields)


def shown(figure, arguments="", language="en") -> str:
    with translation.override(language):
        template = Template("{% load charts %}{% chart figure " + arguments + " %}")
        return template.render(Context({"figure": figure}))


def numbers(name: str, svg: str) -> list[float]:
    return [float(found) for found in re.findall(rf'{name}="(-?[\d.]+)%?"', svg)]


def test_columns_are_as_high_as_their_values_and_stand_on_zero():
    svg = chart_svg(chart([5, 10, Decimal("2.5")]))
    heights, tops = numbers("height", svg)[1:], numbers(" y", svg)[:3]
    assert [round(h / heights[1], 2) for h in heights] == [0.5, 1, 0.25]
    assert len({round(y + h, 1) for y, h in zip(tops, heights, strict=True)}) == 1


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_number_stands_over_the_middle_of_its_own_column(language):
    with translation.override(language):
        svg = chart_svg(chart([5, 2, 3], [9, 9, 9]))
    first = re.findall("<rect[^>]*>", svg)[0]
    middle = numbers(" x", first)[0] + numbers("width", first)[0] / 2
    written = re.findall('<text class="a" x="([0-9.]+)%', svg)
    assert any(abs(float(x) - middle) < 0.1 for x in written)


def test_right_to_left_mirrors_columns_lines_and_bars():
    figure = chart([1, 2, 3])
    drawn = {}
    for code in ("en", "fa"):
        with translation.override(code):
            drawn[code] = (
                numbers(" x", chart_svg(figure, words=False)),
                numbers("cx", chart_svg(chart([1, 2, 3], kind="lines"))),
                numbers(" x", bar_svg(1, 4)),
            )
    columns, points, bars = drawn["en"]
    width = 100 / 3 * 0.78
    assert [round(100 - x - width, 1) for x in columns] == [round(x, 1) for x in drawn["fa"][0]]
    assert [round(100 - x, 1) for x in points] == [round(x, 1) for x in drawn["fa"][1]]
    assert (bars, drawn["fa"][2]) == ([0], [75])


def test_what_is_not_known_is_a_gap_and_never_a_zero():
    figure = chart([4, None, 6, 8], kind="lines", labels=["a", "b", "c", "d"])
    svg = chart_svg(figure)
    assert svg.count("<circle") == 3
    assert svg.count('class="g-l1" ') == 1  # from c to d alone
    assert [row["cells"][0]["text"] for row in figure.rows] == ["4", "–", "6", "8"]
    assert "Nothing to show yet." in shown(chart([None, None, None]))


def test_the_table_holds_every_number_in_the_readers_digits():
    figure = chart([1234, 2, 3], [Decimal("4.25"), 5, None], heading="Month", unit="days")
    english, arabic = shown(figure), shown(figure, language="ar")
    assert all(words in english for words in ("1,234", "4.2", "–", "Days · days", "Month"))
    assert "١٬٢٣٤" in arabic
    assert english.count("<tr>") == 4
    assert 'aria-hidden="true"' in english
    assert "columns-2" in english  # a key, where there are two
    assert "<details" not in shown(figure, 'table="open"')
    assert "<table" not in shown(figure, 'table="none"')


@pytest.mark.parametrize(
    ("values", "is_under"),
    [([3, 4, 8], False), ([9, 9, 4], True), ([9, 9, 0.2], False)],
    ids=["it rises", "the line comes from above", "no room above zero"],
)
def test_a_number_stands_where_no_line_runs_through_it(values, is_under):
    svg = chart_svg(chart(values, kind="lines"))
    mark = numbers("cy", svg)[-1]
    written = numbers("y", re.findall("<text class[^>]*>", svg)[-1])[-1]
    assert (written > mark) == is_under


def test_without_words_the_ends_stand_below():
    figure = chart([1, 2, 3])
    assert "<text" not in shown(figure, "words=False")
    assert ends(figure) == ["Sep", "Nov"]


def test_rows_are_a_table_with_bars_and_links():
    page = shown(chart([3, 0, None], kind="rows", links=["/a/", "", ""]))
    assert page.count('class="barcell"') == 1 + 3
    assert page.count("<svg") == 1  # nothing is drawn of nothing
    assert page.count("<a ") == 1


def test_words_are_escaped():
    page = shown(Chart(title="<b>", labels=["<i>"], series=[Series("<u>", [1])], desc="<p>"))
    assert not re.search("<b><b>|<i>|<u>|<p><", page)


@pytest.mark.parametrize("values", [[[0, 0, 0]], [[-5, 5, 0]], [[7, 7, 7]]])
def test_odd_scales_stay_inside(values):
    for kind in ("columns", "lines"):
        svg = chart_svg(chart(*values, kind=kind))
        assert all(-7 <= y <= 192 for y in numbers(" y", svg) + numbers("cy", svg))


def test_more_than_can_be_told_apart_and_gaps_in_the_table_are_refused():
    with pytest.raises(ValueError, match="1 to 3"):
        chart([1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="each label"):
        chart([1, 2])


def test_a_csv_holds_no_formula_and_keeps_its_numbers():
    answer = csv_file("figures", [["A", "B"], ["=1+1", -5], ["-x", None]])
    assert answer["Content-Disposition"] == 'attachment; filename="figures.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["A", "B"], ["'=1+1", "-5"], ["'-x", ""]]
