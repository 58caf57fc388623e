"""`{% chart figure %}`: a `network.charts.Chart` drawn, with its table."""

from django import template

from network.charts import HEIGHT, Chart, bar_svg, chart_svg, ends

register = template.Library()


@register.inclusion_tag("network/figures/chart.html")
def chart(figure: Chart, table: str = "folded", height: int = HEIGHT, words: bool = True) -> dict:
    """Title, sentence, drawing and table of a chart.

    `table` is 'folded' under its summary, 'open' in full (print, PDF), or
    'none' where the same numbers stand beside it already. 'rows' are always a
    table. Without `words` the drawing holds no text: for PDF.
    """
    return {
        "chart": figure,
        "svg": chart_svg(figure, height, words=words),
        "ends": [] if words else ends(figure),
        "table": "open" if figure.kind == "rows" else table,
    }


@register.simple_tag
def bar(value, highest) -> str:
    """One bar of a table's row, as long as its share of the highest."""
    return bar_svg(value, highest)
