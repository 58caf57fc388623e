"""What search takes and gives. No engine word crosses this module."""

import datetime
from dataclasses import dataclass, field

#: Facets that a page may ask for, in the order they are shown.
FACETS = ("type", "region", "process", "topic", "language", "year")
#: The audience token that every reader holds, visitors included.
EVERYONE = "everyone"
#: In a document's names: what follows stands in other languages than its text.
ELSEWHERE = "␞"


@dataclass(frozen=True)
class SearchRequest:
    """A question. `viewer` decides what may be found; `filters` maps a facet to chosen values.

    `languages` are those the asker reads besides `language`, best first; the
    viewer's own where it is None. A filter of `language` finds texts in just
    those languages; without one only texts in `language` are hits. Asked while
    one types (`is_unfinished`), the last word may be the beginning of one: where
    nothing is found, the commonest word that begins so is put in its place.
    """

    text: str
    language: str
    viewer: object
    languages: tuple[str, ...] | None = None
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ("type", "region", "process", "year")
    page: int = 1
    page_size: int = 10
    sort: str = "relevance"  # or "date"
    match: str = "best"  # or "all": every word
    is_unfinished: bool = False


@dataclass(frozen=True)
class Document:
    """One object in one language, as a room gives it to be indexed.

    `values` maps a facet to this document's values, e.g. {"process": ("own",)}.
    `names` are extra words that find it (topics, steps, region) without being shown;
    those after ELSEWHERE, in other languages, are found but never suggested.
    `attachments` is the text of its files: found like the body, at a lower weight.
    `audience` says who may find it, in tokens that its type's `audiences(user)`
    gives: an engine may count by them; the database has the last word on each hit.
    """

    key: str
    language: str
    title: str
    body: str
    url: str
    values: dict[str, tuple[str, ...]]
    date: datetime.date | None = None
    names: str = ""
    attachments: str = ""
    audience: tuple[str, ...] = (EVERYONE,)


@dataclass(frozen=True)
class Hit:
    """A found document. Highlights are HTML-escaped text with <mark>.

    `is_in_file`: the snippet is from one of its files, not from its own text.
    """

    key: str
    language: str
    title: str
    title_html: str
    snippet_html: str
    url: str
    values: dict[str, tuple[str, ...]]
    date: datetime.date | None
    score: float
    is_in_file: bool = False


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet, its count and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Suggestion:
    """'Did you mean': another query, and how many hits it truly has for this viewer.

    `language`: that of the texts counted, where it is not the page's.
    """

    text: str
    total: int
    language: str = ""


@dataclass(frozen=True)
class SearchPage:
    """An answer. `degraded` is true where another engine than the wished one answered,
    `is_partial` where its index is being made anew and does not hold all texts yet.

    Where hits are few, `other_languages` are the best in all other languages,
    those that the reader knows first, and `other_languages_total` says how many
    there are. Both count texts: a story that is found in two languages is two.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[FacetValue, ...]]
    suggestion: Suggestion | None
    other_languages: tuple[Hit, ...]
    engine: str
    degraded: bool
    other_languages_total: int = 0
    is_partial: bool = False
