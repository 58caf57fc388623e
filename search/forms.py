"""The address of a search, read leniently: whatever is typed gives a page, never an error."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from network.languages import codes
from search.contract import FACETS, SearchRequest

#: Facets of the page, in order, by the names they have in the address.
SHOWN_FACETS = FACETS
SORTS = ("relevance", "date")
PAGE_SIZE = 10
#: Hits beyond this many are not paged to; narrowing finds them.
MOST_HITS = 10_000
MAX_TEXT = 2_000
#: So long an address goes through every server and redirect (characters).
LONGEST_ADDRESS = 8_000
# Of a longer one so much text is kept: search.query looks at no more of it.
_KEPT_TEXT = 500
_MAX_VALUES = 50
_MAX_VALUE = 100


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
            chosen = read_values(data.getlist(facet))
            if facet == "language":
                chosen = tuple(code for code in chosen if code in codes())
            if chosen:
                filters[facet] = chosen
        sort = data.get("sort", "")
        return cls(
            text=read_text(data.get("q", "")),
            filters=filters,
            sort=sort if sort in SORTS else "relevance",
            page=_page_number(data.get("page", "")),
        )

    def request(self, language: str, viewer, languages: Sequence[str] = ()) -> SearchRequest:
        """The question to put to search.api. `languages` are read besides `language`."""
        return SearchRequest(
            text=self.text,
            language=language,
            viewer=viewer,
            languages=tuple(languages),
            filters=self.filters,
            facets=SHOWN_FACETS,
            page=self.page,
            page_size=PAGE_SIZE,
            sort=self.sort,
            # With Enter too: the address of what was typed shows the same again.
            is_unfinished=True,
        )

    def query_string(self, **changes) -> str:
        """'?q=…' with the changes: text, sort, page, languages, without=(facet, value)."""
        filters = {facet: list(chosen) for facet, chosen in self.filters.items()}
        if "without" in changes:
            facet, value = changes["without"]
            filters[facet].remove(value)
        if "languages" in changes:
            filters["language"] = list(changes["languages"])
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

    def fitting(self) -> "SearchAddress":
        """The same, or what of it fits LONGEST_ADDRESS: less text, then without filters."""
        shorter = replace(self, text=self.text[:_KEPT_TEXT])
        for address in (self, shorter):
            if len(address.query_string(page=address.page)) <= LONGEST_ADDRESS:
                return address
        return replace(shorter, filters={})


def read_text(text: str) -> str:
    """What may be asked: no nul bytes, and not more than anybody types."""
    return text.replace("\0", "")[:MAX_TEXT]


def read_values(values: Sequence[str]) -> tuple[str, ...]:
    """Chosen values of a facet, each once."""
    known = (value.replace("\0", "")[:_MAX_VALUE] for value in values[: 10 * _MAX_VALUES])
    return tuple(dict.fromkeys(value for value in known if value))[:_MAX_VALUES]


def _page_number(text: str) -> int:
    """A page within MOST_HITS; 1 for anything else. Any script's digits."""
    try:
        return min(max(1, int(text[:20])), MOST_HITS // PAGE_SIZE)
    except ValueError:
        return 1
