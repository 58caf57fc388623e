"""Numbers and dates in the page's language, for templates (see network.localize)."""

from django import template

from network import localize

register = template.Library()


@register.filter
def localnumber(value) -> str:
    """A number with the language's digits and decimal mark."""
    return localize.number_text(value)


@register.filter
def localdate(value, precision: str = "day") -> str:
    """A date as exactly as it is known: day, month or year."""
    return localize.date_text(value, precision or "day")


@register.filter
def localmoment(value) -> str:
    """A moment with its time zone."""
    return localize.moment_text(value)


@register.filter
def localdigits(value) -> str:
    """A text, such as a story's number, in the language's digits."""
    return localize.digits(str(value))


@register.filter
def localunit(value) -> str:
    """A unit in the page's language where it is a common one."""
    return localize.unit_text(value)


@register.simple_tag
def quantity(value, unit="") -> str:
    """A number with its unit."""
    return localize.quantity_text(value, unit or "")


@register.simple_tag
def part_number(number: int) -> str:
    """The number of a part of the sheet."""
    return localize.number_text(number)
