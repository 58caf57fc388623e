"""Addresses of the book for templates."""

from django import template

from silver_book import page_context

register = template.Library()


@register.simple_tag
def book_address(line) -> str:
    """The address of a part, chapter or section under the reader's own prefix."""
    return page_context.address(line)
