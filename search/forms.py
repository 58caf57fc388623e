"""The address of a search, read leniently: whatever is typed gives a page, never an error."""

from dataclasses import dataclass

from django.http import QueryDict

from search.contract import SearchRequest

#: Facets of the page, in order, by the names they have in the address.
SHOWN_FACETS = ("type", "region", "process", "year")
SORTS = ("relevance", "date")
PAGE_SIZE = 10
# Further pages than the candidates reach are the last one anyway.
_MAX_PAGE = 1_000
_MAX_VALUES = 50
_MAX_TEXT = 2_000


@dataclass(frozen=True)
class SearchAddress:
    """What an address asks for. `query_string` writes it back, without what is standard."""

    text: str
    filters: dict[str, tuple[str, ...]]
    sort: str
    page: int

    @classmethod
    def read(cls, data: QueryDict) -> "SearchAddress":
        """From a request's GET."""
        filters = {}
        for facet in SHOWN_FACETS:
            chosen = tuple(dict.fromkeys(v for v in data.getlist(facet) if v))[:_MAX_VALUES]
            if chosen:
                filters[facet] = chosen
        sort = data.get("sort", "")
        return cls(
            text=data.get("q", "").replace("\0", "")[:_MAX_TEXT],
            filters=filters,
            sort=sort if sort in SORTS else "relevance",
            page=_page_number(data.get("page", "")),
        )

    def request(self, language: str, viewer) -> SearchRequest:
        """The question to put to search.api."""
        return SearchRequest(
            text=self.text,
            language=language,
            viewer=viewer,
            filters=self.filters,
            facets=SHOWN_FACETS,
            page=self.page,
            page_size=PAGE_SIZE,
            sort=self.sort,
        )

    def query_string(self, **changes) -> str:
        """'?q=…' with the changes: `text`, `sort`, `page`, or `without=(facet, value)`."""
        filters = {facet: list(chosen) for facet, chosen in self.filters.items()}
        if "without" in changes:
            facet, value = changes["without"]
            filters[facet].remove(value)
        data = QueryDict(mutable=True)
        data["q"] = changes.get("text", self.text)
        for facet, chosen in filters.items():
            data.setlist(facet, chosen)
        sort = changes.get("sort", self.sort)
        if sort != "relevance":
            data["sort"] = sort
        if changes.get("page", 1) > 1:
            data["page"] = str(changes["page"])
        return "?" + data.urlencode()


def _page_number(text: str) -> int:
    """A page of 1 to _MAX_PAGE; 1 for anything else. Any script's digits."""
    try:
        return min(max(1, int(text)), _MAX_PAGE)
    except ValueError:
        return 1
