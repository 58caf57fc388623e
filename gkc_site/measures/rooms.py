"""The figures that rooms registered, side by side for the regions asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from gkc_site.measures.choosing import Asked
from network.localize import number_text, quantity_text
from network.registry import Figure, RoomMeasure, ScopeKey, measures


@dataclass(frozen=True)
class Line:
    """A key figure with what it is in each column."""

    measure: RoomMeasure
    cells: list[dict]

    @property
    def url(self) -> str:
        """The page with what was counted; '' where there is none."""
        return self.measure.url() if self.measure.url else ""


def lines(asked: Asked) -> list[Line]:
    """Every key figure that this person may see. A few queries a figure."""
    return [
        Line(measure, [_cell(measure, head, found.get(key)) for head, key in asked.columns()])
        for measure, found in _found(asked)
    ]


def _found(asked: Asked) -> Iterator[tuple[RoomMeasure, dict[ScopeKey, Figure]]]:
    for measure in measures():
        if measure.by_region or asked.areas is None:
            yield measure, dict(measure.figures(asked.period, asked.areas))


def _cell(measure: RoomMeasure, head: str, figure: Figure | None) -> dict:
    """The column's head and the figure's words; '–' where nothing could be measured."""
    if figure is None or figure.value is None:
        return {"head": head, "words": "–", "of": ""}
    return {
        "head": head,
        "words": figure_text(measure, figure),
        "of": "" if figure.of is None else number_text(figure.of),
    }


def figure_text(measure: RoomMeasure, figure: Figure) -> str:
    """The value with its unit, one decimal at most."""
    value = figure.value if isinstance(figure.value, int) else round(float(figure.value), 1)
    return quantity_text(value, measure.unit)


def csv_rows(asked: Asked, heads: list[str]) -> Iterator[list]:
    """A row a figure and region, with all regions; numbers plain."""
    yield heads
    first, last = asked.period.since.isoformat(), asked.period.until.isoformat()
    named = [(asked.whole_words, None), *((place.name, place.key) for place in asked.places)]
    for measure, found in _found(asked):
        for name, key in named:
            figure = found.get(key)
            if figure is not None and figure.value is not None:
                value = figure.value if isinstance(figure.value, int) else float(figure.value)
                of = "" if figure.of is None else figure.of
                yield [measure.name, str(measure.label), name, value, measure.unit, of, first, last]
