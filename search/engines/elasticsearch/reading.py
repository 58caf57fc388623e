"""From the server's responses to answers. The database has the last word on each hit."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search import highlight
from search.analysis import terms
from search.contract import Hit, Suggestion
from search.engines.base import Answer, Question
from search.engines.elasticsearch.spelling import as_documents_spell
from search.models import SearchDocument
from search.query import Query

# Of a text, only so much is read to see what it says (characters).
_READ = 30_000


@dataclass
class Seen:
    """A response to one question, without what the database no longer shows this reader.

    What is taken out of the page is taken out of the counts as well.
    """

    question: Question
    response: dict
    tombstones: frozenset[tuple[str, str]] = frozenset()  # (key, language) that the index still has
    hits: list[dict] = field(init=False)
    gone: list[dict] = field(init=False)

    def __post_init__(self):
        found = self.response["hits"]["hits"]
        language = self.question.query.language
        keys = [hit["_id"] for hit in found if (hit["_id"], language) not in self.tombstones]
        allowed = self.question.access.visible(keys) if keys else set()
        self.hits = [hit for hit in found if hit["_id"] in keys and hit["_id"] in allowed]
        self.gone = [hit for hit in found if hit not in self.hits]

    @property
    def total(self) -> int:
        """Documents that pass all filters."""
        return self.response["hits"]["total"]["value"] - len(self.gone)

    def remaining(self, bucket: str, name: str) -> int:
        """Documents in a bucket, without those of this page that may not be seen.

        `name` is the clause that every document of the bucket matches.
        """
        gone = sum(name in hit.get("matched_queries", ()) for hit in self.gone)
        return self.response["aggregations"][bucket]["doc_count"] - gone

    @property
    def has_all_words(self) -> bool:
        """Whether a document that may be seen has every word."""
        return self.remaining("all_words", "typed:every") > 0

    def counts(self) -> dict[str, dict[str, int]]:
        """Each facet's values."""
        made = {}
        for facet in self.question.facets:
            buckets = self.response["aggregations"][f"facet_{facet}"]["values"]["buckets"]
            counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
            for hit in self.gone:
                for value in values_of(hit, facet):
                    counts[value] = counts.get(value, 0) - 1
            made[facet] = {value: count for value, count in counts.items() if count > 0}
        return made

    def drawn(self, *queries: Query) -> tuple[Hit, ...]:
        """The page, with marks on what the queries look for."""
        return tuple(_hit(hit, queries) for hit in self.hits)


def tombstones_in(answered: Iterable[tuple[Question, dict]]) -> frozenset[tuple[str, str]]:
    """Texts among the hits that the database already knows to be gone. One query.

    Asked for readers only: an evaluation has no database.
    """
    keys = {
        hit["_id"]
        for question, response in answered
        if question.access.audiences is not None
        for hit in response["hits"]["hits"]
    }
    if not keys:
        return frozenset()
    gone = SearchDocument.objects.filter(key__in=keys, deleted=True)
    return frozenset(gone.values_list("key", "language"))


def plain(seen: Seen) -> Answer:
    """The answer to what was typed."""
    return Answer(
        hits=seen.drawn(seen.question.query),
        total=seen.total,
        counts=seen.counts(),
        has_all_words=seen.has_all_words,
    )


def corrected(typed: Seen, response: dict, corrections: Sequence[Query]) -> Answer | None:
    """The answer with the best other spelling that has documents with all its words."""
    seen = Seen(typed.question, response, tombstones_in([(typed.question, response)]))
    for number, correction in enumerate(corrections):
        name = f"c{number}"
        if seen.remaining(f"{name}_all", f"{name}:every") <= 0:
            continue
        total = seen.remaining(f"{name}_any", name)
        text = as_documents_spell(correction.text, seen.question.query, _texts(seen, name))
        return Answer(
            hits=seen.drawn(seen.question.query, correction),
            total=seen.total,
            counts=seen.counts(),
            suggestion=Suggestion(text, total) if total > 0 else None,
            has_all_words=typed.has_all_words,
        )
    return None


def _texts(seen: Seen, name: str):
    """Texts of the hits that another spelling found, titles before bodies."""
    found = [hit["_source"] for hit in seen.hits if name in hit.get("matched_queries", ())]
    for part in ("title", "names", "body"):
        for source in found:
            yield source.get(part) or ""


def values_of(hit: dict, facet: str) -> tuple[str, ...]:
    """A hit's values of a facet."""
    if facet == "type":
        return (hit["_id"].partition(":")[0],)
    return tuple(hit["_source"]["values"].get(facet, ()))


def _hit(hit: dict, queries: Sequence[Query]) -> Hit:
    source, language = hit["_source"], queries[0].language
    marked = frozenset().union(*(query.marked for query in queries))
    passage = _passage(hit, queries)
    date = source.get("date")
    return Hit(
        key=hit["_id"],
        language=language,
        title=source["title"],
        title_html=highlight.mark(source["title"], language, marked),
        snippet_html=highlight.snippet(passage or source["body"], language, marked),
        url=source["url"],
        values={facet: tuple(values) for facet, values in source["values"].items()},
        date=datetime.date.fromisoformat(date) if date else None,
        score=hit.get("_score") or 0.0,
        is_in_file=bool(passage),
    )


def _passage(hit: dict, queries: Sequence[Query]) -> str:
    """Of a file, where the document's own text does not say all that is looked for."""
    found = hit.get("highlight", {}).get("attachments")
    if not found:
        return ""
    source, language = hit["_source"], queries[0].language
    own = {
        term.text
        for part in ("title", "names", "body")
        for term in terms((source.get(part) or "")[:_READ], language)
    }
    return "" if any(_says(own, query) for query in queries) else found[0]


def _says(own: set[str], query: Query) -> bool:
    """Whether a text of these terms holds every word, in one of its forms."""
    missing = {place for place, term in enumerate(query.terms) if term.text not in own}
    for synonym in query.synonyms:
        if any(all(term.text in own for term in form) for form in synonym.forms):
            missing -= set(range(synonym.first, synonym.last))
    return not missing
