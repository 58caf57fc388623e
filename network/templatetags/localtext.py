"""Numbers and dates in the page's language, for templates (see network.localize)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from network import localize

register = template.Library()


@register.filter
def localnumber(value) -> str:
    """A number with the language's digits and decimal mark."""
    return localize.number_text(value)


@register.filter
def localmoney(value) -> str:
    """An amount without its currency."""
    return localize.money_text(value)


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
    """A count or a score in the language's digits; never a story's number (`identifier`)."""
    return localize.digits(str(value))


@register.filter
def identifier(value) -> str:
    """A story's number where no `<bdi>` can stand: in a title, an attribute, a plain text."""
    return localize.identifier_text(str(value))


@register.filter
def in_a_row(values) -> SafeString:
    """Words or names joined as the language does, each keeping its own direction."""
    # Words are escaped one by one; what joins them comes from CLDR.
    return mark_safe(  # noqa: S308
        localize.list_text(values, each=lambda word: format_html("<bdi>{}</bdi>", word))
    )


@register.simple_tag
def full_stop() -> str:
    """What ends a sentence that the page puts together from a tag."""
    return localize.full_stop()


@register.filter
def localunit(value) -> str:
    """A unit in the page's language where it is a common one."""
    return localize.unit_text(value)


@register.simple_tag
def quantity(value, unit="") -> str:
    """A number with its unit."""
    return localize.quantity_text(value, unit or "")
