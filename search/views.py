"""The search page. Works without script by Enter; with it, as one types."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from search.answers import search
from search.contract import FacetValue, SearchPage
from search.forms import PAGE_SIZE, SHOWN_FACETS, SearchAddress
from search.registry import facet_labels

FACET_NAMES = {
    "type": _("Type"),
    "region": _("Region"),
    "process": _("Process"),
    "year": _("Year"),
}


@dataclass(frozen=True)
class ShownFacet:
    """A facet as the template draws it."""

    name: str
    label: object
    values: tuple[FacetValue, ...]


@require_safe
@ratelimit(key="user_or_ip", rate="60/m", block=False)
def search_page(request) -> HttpResponse:
    """Results of ?q=, narrowed by facets; a part of the page for htmx."""
    if request.limited:
        return import_string(settings.RATELIMIT_VIEW)(request)
    address = SearchAddress.read(request.GET)
    answer = search(address.request(get_language(), request.user))
    pages = -(-answer.total // PAGE_SIZE)
    if answer.total and address.page > pages:
        return redirect(request.path + address.query_string(page=pages))
    partial = request.htmx and not request.htmx.history_restore_request
    template = "search/found.html" if partial else "search/search.html"
    response = render(request, template, _context(address, answer, pages))
    # One address, two answers: a cache must not give the part for the whole.
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def _context(address: SearchAddress, answer: SearchPage, pages: int) -> dict:
    first = (address.page - 1) * PAGE_SIZE
    return {
        "address": address,
        "answer": answer,
        "facets": _facets(answer),
        "chips": _chips(address),
        "sorts": [
            {"label": label, "url": address.query_string(sort=sort), "on": address.sort == sort}
            for sort, label in (("relevance", _("Most relevant")), ("date", _("Newest")))
        ],
        "suggestion_url": (
            address.query_string(text=answer.suggestion.text) if answer.suggestion else ""
        ),
        "first": first + 1,
        "last": first + len(answer.hits),
        "previous_url": address.query_string(page=address.page - 1) if address.page > 1 else "",
        "next_url": address.query_string(page=address.page + 1) if address.page < pages else "",
        "type_labels": facet_labels("type", _types(answer)),
        "hide_find": True,
        "noindex": True,
    }


def _types(answer: SearchPage) -> list[str]:
    return [hit.key.partition(":")[0] for hit in (*answer.hits, *answer.other_languages)]


def _facets(answer: SearchPage) -> list[ShownFacet]:
    """Those that offer a choice."""
    return [
        ShownFacet(name, FACET_NAMES[name], answer.facets[name])
        for name in SHOWN_FACETS
        if answer.facets.get(name)
    ]


def _chips(address: SearchAddress) -> list[dict]:
    """What is chosen, each with the address without it."""
    return [
        {"label": labels[value], "url": address.query_string(without=(facet, value))}
        for facet, chosen in address.filters.items()
        for labels in (facet_labels(facet, list(chosen)),)
        for value in chosen
    ]
