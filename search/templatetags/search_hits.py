"""Drawing a hit."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from search.contract import Hit

register = template.Library()


@register.filter
def title_html(hit: Hit) -> SafeString:
    """The title with marks; the contract says that it is escaped."""
    return mark_safe(hit.title_html)  # noqa: S308


@register.filter
def snippet_html(hit: Hit) -> SafeString:
    """Likewise the snippet."""
    return mark_safe(hit.snippet_html)  # noqa: S308


@register.filter
def kind(hit: Hit, labels: dict[str, str]) -> str:
    """What sort of thing it is."""
    return labels.get(hit.key.partition(":")[0], "")


@register.filter
def places(hit: Hit, facets) -> list[str]:
    """Names of the hit's regions, as the facets call them."""
    named = {v.value: v.label for facet in facets if facet.name == "region" for v in facet.values}
    return [named[value] for value in hit.values.get("region", ()) if value in named]
