"""The seat meter, and a date as a block: words in HTML, geometry in SVG percent."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from network.charts import is_rtl, percent
from network.localize import date_text, digits, number_text, percent_text
from workshops.seats import Seats
from workshops.vocabulary import EnrolmentState

register = template.Library()

CELLS = 30  # seats drawn one by one; more are drawn as a share
GAP = 0.2  # of a cell
WIDEST_GAP = 1.5  # per cent of the meter


@register.simple_tag
def seats_svg(seats: Seats, mine: str = "") -> SafeString:
    """Taken seats filled, free ones empty, one's own marked where `mine`, the state of one's place,
    says so. The words stand beside it."""
    mark = seats.taken - 1 if mine == EnrolmentState.ENROLLED else -1
    return _meter(max(seats.total, 1), seats.taken, mark, is_rtl())


@lru_cache(maxsize=1024)
def _meter(total: int, taken: int, mark: int, rtl: bool) -> SafeString:
    """`mark`: which cell is one's own, -1 for none."""
    if total > CELLS:
        share = min(100, round(100 * taken / total, 2))
        spans = [("seat", 0, share), ("seat seat--free", share, 100 - share)]
    else:
        width = 100 / total
        gap = min(GAP * width, WIDEST_GAP)
        spans = [
            (_cell(number, taken, mark), number * width + gap / 2, width - gap)
            for number in range(total)
        ]
    cells = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" y="1" height="10"/>',
        [
            (name, percent(start + size if rtl else start, rtl), percent(size, rtl=False))
            for name, start, size in spans
            if size > 0
        ],
    )
    return format_html('<svg aria-hidden="true">{}</svg>', cells)


def _cell(number: int, taken: int, mark: int) -> str:
    if number == mark:
        return "seat seat--you"
    return "seat" if number < taken else "seat seat--free"


@register.simple_tag
def date_block(session) -> SafeString:
    """Weekday, day and month, where it happens."""
    day = session.first_day
    return format_html(
        '<p class="date"><small>{}</small><b>{}</b><small>{}</small></p>',
        date_text(day, "weekday"),
        digits(str(day.day)),
        date_text(day, "short_month"),
    )


@register.simple_tag
def enrolment_chip(state: str) -> SafeString:
    """An enrolment's state in words, marked by its kind."""
    marks = {
        EnrolmentState.REQUESTED: "submitted",
        EnrolmentState.NOMINATED: "submitted",
        EnrolmentState.WAITING: "review",
        EnrolmentState.OFFERED: "returned",
        EnrolmentState.ENROLLED: "accepted",
        EnrolmentState.ATTENDED: "published",
    }
    label = EnrolmentState(state).label
    return format_html('<span class="state" data-s="{}">{}</span>', marks.get(state, ""), label)


@register.filter
def share_text(value: float) -> str:
    """A share given in per cent, without decimals; '–' where there is none."""
    return "–" if value is None else percent_text(value / 100)


@register.filter
def mark_text(value: float) -> str:
    """A mean mark from 1 to 5 with one decimal; '–' where there is none."""
    return "–" if value is None else number_text(round(value, 1))
