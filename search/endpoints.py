"""The search by HTTP: the page's question and answer as JSON."""

import datetime
from typing import Literal

from django.utils import translation
from ninja import Field, Query, Router, Schema

from network.languages import codes
from search.answers import search
from search.contract import FACETS, Hit, SearchPage, SearchRequest
from search.forms import MOST_HITS, read_text, read_values
from search.reading import further_languages

router = Router(tags=["search"])
Language = Literal[tuple(codes())]


class Question(Schema):
    """As the address of the search page. A facet given several times widens what it chooses."""

    q: str = Field("", description="Words; “phrases in quotes”; -word. Cut after 2,000 characters.")
    lang: Language | None = Field(
        None, description="The asker's language: of the texts found, of labels and of refusals."
    )
    type: list[str] = []
    region: list[str] = []
    process: list[str] = []
    topic: list[str] = []
    language: list[Language] = Field(
        [], description="Find texts in these languages, in place of `lang`."
    )
    year: list[str] = []
    sort: Literal["relevance", "date"] = "relevance"
    page: int = Field(1, ge=1)
    page_size: int = Field(10, ge=1, le=50)


class Highlights(Schema):
    """HTML: escaped text with <mark> round what was found."""

    title: str
    text: str


class FoundText(Schema):
    """A text in one language."""

    key: str = Field(description="Kind and number of the object; equal in all its languages.")
    language: str
    title: str
    highlights: Highlights
    url: str
    type: str
    region: list[str]
    process: list[str]
    topic: list[str]
    date: datetime.date | None


class Value(Schema):
    """A value of a facet; `count` is not affected by the facet's own choice."""

    value: str
    label: str
    count: int
    chosen: bool


class OtherSpelling(Schema):
    """'Did you mean', and how much it finds for this asker."""

    text: str
    total: int


class OtherLanguages(Schema):
    """Where little was found: texts in all other languages, those that the asker reads first."""

    total: int
    hits: list[FoundText]


class Found(Schema):
    """A page of the answer."""

    language: str
    total: int
    page: int
    page_size: int
    hits: list[FoundText]
    facets: dict[str, list[Value]]
    suggestion: OtherSpelling | None
    other_languages: OtherLanguages
    engine: str
    degraded: bool = Field(description="Another engine than the site's own answered.")
    partial: bool = Field(
        description="The index is being made anew and does not hold all texts yet."
    )


def search_by_api(request, question: Query[Question]):
    """What the asker may see, and counts of nothing else."""
    language = question.lang or translation.get_language()
    chosen = {facet: read_values(getattr(question, facet)) for facet in FACETS}
    # Nothing is paged to beyond MOST_HITS: the last page that begins before them.
    page = min(question.page, MOST_HITS // question.page_size)
    asked = SearchRequest(
        text=read_text(question.q),
        language=language,
        viewer=request.user,
        languages=tuple(further_languages(request, language)),
        filters={facet: values for facet, values in chosen.items() if values},
        facets=FACETS,
        page=page,
        page_size=question.page_size,
        sort=question.sort,
        is_unfinished=True,
    )
    return _answer(request, asked, search(asked))


# HEAD answers like GET, without a line of its own in the description.
router.get("", response=Found, url_name="search", operation_id="search", summary="Search")(
    search_by_api
)
router.api_operation(["HEAD"], "", response=Found, url_name="search", include_in_schema=False)(
    search_by_api
)


def _answer(request, asked: SearchRequest, found: SearchPage) -> dict:
    return {
        "language": asked.language,
        "total": found.total,
        "page": asked.page,
        "page_size": asked.page_size,
        "hits": [_text(request, hit) for hit in found.hits],
        "facets": {
            facet: [
                {"value": v.value, "label": v.label, "count": v.count, "chosen": v.chosen}
                for v in values
            ]
            for facet, values in found.facets.items()
        },
        "suggestion": found.suggestion
        and {"text": found.suggestion.text, "total": found.suggestion.total},
        "other_languages": {
            "total": found.other_languages_total,
            "hits": [_text(request, hit) for hit in found.other_languages],
        },
        "engine": found.engine,
        "degraded": found.degraded,
        "partial": found.is_partial,
    }


def _text(request, hit: Hit) -> dict:
    return {
        "key": hit.key,
        "language": hit.language,
        "title": hit.title,
        "highlights": {"title": hit.title_html, "text": hit.snippet_html},
        "url": request.build_absolute_uri(hit.url),
        "type": hit.key.partition(":")[0],
        "region": hit.values.get("region", ()),
        "process": hit.values.get("process", ()),
        "topic": hit.values.get("topic", ()),
        "date": hit.date,
    }
