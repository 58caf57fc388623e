"""What the search page draws of an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from network.languages import autonym, codes
from search.answers import MOST_BY_DATE
from search.contract import FacetValue, Hit, SearchPage, Suggestion
from search.forms import MOST_HITS, PAGE_SIZE, SHOWN_FACETS, SearchAddress
from search.registry import facet_labels

FACET_NAMES = {
    "type": _("Type"),
    "region": _("Region"),
    "process": _("Process"),
    "topic": _("Topic"),
    "language": _("Language of the text"),
    "year": _("Year"),
}
# Values of a facet beyond these stand behind 'more'.
_SHOWN_VALUES = 8


@dataclass(frozen=True)
class ShownFacet:
    """A facet as the template draws it: the first values, and those behind 'more'."""

    name: str
    label: object
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


@dataclass(frozen=True)
class ShownHit:
    """A hit with the names of what it is and where it comes from; `also` in other languages."""

    hit: Hit
    kind: str
    places: tuple[str, ...]
    also: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class PageLink:
    """A page's number and address; '' for the one shown, and no number for a gap."""

    number: int | None
    url: str = ""


def page_count(answer: SearchPage, address: SearchAddress) -> int:
    """Pages that can be reached."""
    most = MOST_HITS
    if address.sort == "date" and len(address.filters.get("language", ())) > 1:
        most = MOST_BY_DATE
    return -(-min(answer.total, most) // PAGE_SIZE)


def page_context(address: SearchAddress, answer: SearchPage, here: str) -> dict:
    """The template's context for an answer in the language `here`."""
    first = (address.page - 1) * PAGE_SIZE
    pages = page_count(answer, address)
    names = _names(answer)
    return {
        "address": address,
        "answer": answer,
        "hits": _folded(answer.hits, names),
        "others": _folded(answer.other_languages, names),
        "others_url": address.query_string(languages=[c for c in codes() if c != here]),
        "facets": _facets(answer),
        "chips": _chips(address),
        "sorts": [
            {"label": label, "url": address.query_string(sort=sort), "on": address.sort == sort}
            for sort, label in (("relevance", _("Most relevant")), ("date", _("Newest")))
        ],
        "suggestion_url": _suggestion_url(address, answer.suggestion),
        "first": first + 1,
        "last": first + len(answer.hits),
        "previous_url": address.query_string(page=address.page - 1) if address.page > 1 else "",
        "next_url": address.query_string(page=address.page + 1) if address.page < pages else "",
        "page_links": page_links(address, pages),
    }


def _suggestion_url(address: SearchAddress, suggestion: Suggestion | None) -> str:
    """Where the suggestion leads: the page whose hits it counts."""
    if suggestion is None:
        return ""
    if not suggestion.language:
        return address.query_string(text=suggestion.text)
    return address.query_string(text=suggestion.text, languages=[suggestion.language])


def page_links(address: SearchAddress, pages: int) -> list[PageLink]:
    """First, last, and two on each side of this one."""
    if pages < 2:
        return []
    here = address.page
    shown = sorted({1, pages, *range(max(1, here - 2), min(pages, here + 2) + 1)})
    links, last = [], 0
    for number in shown:
        if number > last + 1:
            links.append(PageLink(None))
        links.append(PageLink(number, "" if number == here else address.query_string(page=number)))
        last = number
    return links


def _names(answer: SearchPage) -> dict[str, dict[str, str]]:
    """Labels of every type, region and step among the hits; those of the facets are known."""
    made = {}
    hits = (*answer.hits, *answer.other_languages)
    for facet in ("type", "region", "process"):
        known = {value.value: value.label for value in answer.facets.get(facet, ())}
        values = {value for hit in hits for value in _values(hit, facet)}
        missing = sorted(values - known.keys())
        made[facet] = known | (facet_labels(facet, missing) if missing else {})
    return made


def _values(hit: Hit, facet: str) -> tuple[str, ...]:
    if facet == "type":
        return (hit.key.partition(":")[0],)
    return hit.values.get(facet, ())


def _folded(hits: Sequence[Hit], names: dict[str, dict[str, str]]) -> list[ShownHit]:
    """One entry for each object; its other languages are named there."""
    versions: dict[str, list[Hit]] = {}
    for hit in hits:
        versions.setdefault(hit.key, []).append(hit)
    return [
        ShownHit(
            hit=first,
            kind=_labels(first, "type", names)[0],
            places=(*_labels(first, "region", names), *_labels(first, "process", names)),
            also=tuple(further),
        )
        for first, *further in versions.values()
    ]


def _labels(hit: Hit, facet: str, names: dict[str, dict[str, str]]) -> tuple[str, ...]:
    return tuple(names[facet][value] for value in _values(hit, facet))


def _facets(answer: SearchPage) -> list[ShownFacet]:
    """Those that offer a choice."""
    made = []
    for name in SHOWN_FACETS:
        values = answer.facets.get(name, ())
        if not values or (name == "language" and len(values) < 2 and not values[0].chosen):
            continue
        cut = _SHOWN_VALUES if len(values) > _SHOWN_VALUES + 1 else len(values)
        # What is chosen stays in sight.
        shown = [v for i, v in enumerate(values) if i < cut or v.chosen]
        more = [v for i, v in enumerate(values) if i >= cut and not v.chosen]
        made.append(ShownFacet(name, FACET_NAMES[name], tuple(shown), tuple(more)))
    return made


def _chips(address: SearchAddress) -> list[dict]:
    """What is chosen, each with the address without it."""
    return [
        {
            "label": label,
            "url": address.query_string(without=(facet, value)),
            "facet": facet,
            "value": value,
            "language": value if facet == "language" else "",
        }
        for facet, chosen in address.filters.items()
        for value, label in _chosen_labels(facet, chosen)
    ]


def _chosen_labels(facet: str, chosen: Iterable[str]) -> list[tuple[str, str]]:
    if facet == "language":
        return [(code, autonym(code)) for code in chosen]
    labels = facet_labels(facet, list(chosen))
    return [(value, labels[value]) for value in chosen]
