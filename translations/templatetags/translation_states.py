"""What a text is called, for templates."""

from django import template

from translations.registry import newest_title

register = template.Library()


@register.filter
def text_title(page) -> str:
    """What a text is called now, live or not."""
    return newest_title(page)
