"""How current a paragraph is, for templates."""

from django import template

from translations.api import paragraph_states
from translations.registry import newest_title

register = template.Library()


@register.simple_tag
def paragraph_state(page, block_id) -> str:
    """'stale', 'missing' (the source's words are shown) or '' for a block of this page.

    One query a page, kept on it; none on the page that was written first and
    has no translation state.
    """
    states = page.__dict__.get("_paragraph_states")
    if states is None:
        states = {}
        for path, state in paragraph_states(page).items():
            parts = path.split(".")
            states[parts[1] if len(parts) > 1 else parts[0]] = state
        page.__dict__["_paragraph_states"] = states
    return states.get(str(block_id), "")


@register.filter
def text_title(page) -> str:
    """What a text is called now, live or not."""
    return newest_title(page)
