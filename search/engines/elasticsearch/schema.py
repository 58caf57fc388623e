"""Indexes of the server: one a language, behind a read and a write alias.

`<prefix>ja` is read, `<prefix>ja-write` is written; both name one index
`<prefix>ja-000004`. While a rebuild fills the next one, `<prefix>ja-next` names it.
The index carries a stamp of its mapping and analysers: another stamp asks for a
rebuild.
"""

import hashlib
import json
from dataclasses import dataclass

from elasticsearch.dsl import Boolean, Date, Keyword, Mapping, Object, Text

from search.contract import FACETS
from search.engines.elasticsearch.analysers import BIGRAMS, JOINED, analysis, has_exact

#: The facets that documents carry; 'type' stands beside them.
_CARRIED = tuple(name for name in FACETS if name != "type")
TEXTS = ("title", "body", "names")
NUMBERED = "{alias}-{number:06d}"


@dataclass(frozen=True)
class Aliases:
    """Names of a language's indexes."""

    read: str
    write: str
    next: str

    @classmethod
    def of(cls, prefix: str, language: str) -> "Aliases":
        """Of a language."""
        name = f"{prefix}{language}"
        return cls(name, f"{name}-write", f"{name}-next")


def mapping(language: str, plugins: tuple[str, ...] = ()) -> Mapping:
    """Fields of a document. Unknown fields are refused: a typo must not be indexed."""
    made = Mapping()
    made.meta("dynamic", "strict")
    for name in ("key", "type", "audience"):
        made.field(name, Keyword())
    for name in TEXTS:
        # Names in other languages are found, never suggested: writing gives `words` the rest.
        made.field(name, _text(language, plugins, is_spelling=name != "names"))
    # Found as in a body, never scored by its exact form; passages are cut from long texts.
    made.field(
        "attachments",
        Text(
            **_analysed(language),
            copy_to="words",
            index_options="offsets",
        ),
    )
    # All words as they are spelt, folded: what other spellings are looked up in.
    made.field("words", Text(analyzer="gkc_exact", index_options="docs", norms=False))
    made.field("values", Object(properties={name: Keyword() for name in _CARRIED}))
    made.field("url", Keyword(index=False, doc_values=False))
    made.field("date", Date(format="strict_date"))
    made.field("deleted", Boolean())
    return made


def _text(language: str, plugins: tuple[str, ...], *, is_spelling: bool) -> Text:
    fields = {}
    if has_exact(language, plugins):
        fields["x"] = Text(analyzer="gkc_exact")
    if language in JOINED:
        fields["j"] = Text(analyzer="gkc_joined", search_analyzer="gkc_search")
    copied = {"copy_to": "words"} if is_spelling else {}
    return Text(**_analysed(language), fields=fields, **copied)


def _analysed(language: str) -> dict:
    """Analysers of the stemmed field."""
    found = {"analyzer": "gkc_index", "search_analyzer": "gkc_search"}
    if language in BIGRAMS:
        # Single characters stand beside the bigrams, and so count as places: words that
        # other signs part are only found in a row where the question counts alike.
        found["search_quote_analyzer"] = "gkc_index"
    return found


def index_body(language: str, plugins: tuple[str, ...] = ()) -> dict:
    """Settings and mapping to create an index with."""
    body = {
        "settings": {
            "number_of_shards": 1,
            # A copy on another node where there is one.
            "auto_expand_replicas": "0-1",
            # What is published is to be found within two seconds.
            "refresh_interval": "500ms",
            # Tombstones are documents of ours: what is deleted for good is forgotten at once.
            "gc_deletes": "0s",
            "max_shingle_diff": 3,
            "analysis": analysis(language, plugins),
        },
        "mappings": mapping(language, plugins).to_dict(),
    }
    body["mappings"]["_meta"] = {"gkc": stamp_of(body)}
    return body


def stamp_of(body: dict) -> str:
    """Changes with anything that asks for another index."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def fits(found: dict, language: str, plugins: tuple[str, ...] = ()) -> bool:
    """Whether an index's mapping, as the server gives it, is ours."""
    wanted = index_body(language, plugins)["mappings"]
    return found.get("_meta") == wanted["_meta"] and _types(found) == _types(wanted)


def _types(fields: dict) -> dict:
    """Field types, at any depth."""
    return {
        name: (field.get("type", "object"), _types(field), sorted(field.get("fields", ())))
        for name, field in fields.get("properties", {}).items()
    }
