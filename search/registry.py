"""Rooms register their document types here, in a module `search_documents`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from search.concepts import Concept
from search.contract import EVERYONE, Document


@dataclass(frozen=True)
class DocumentType:
    """A kind of document.

    `eligible()` → the queryset of objects that are indexed: the one predicate.
    `to_documents(obj)` → a Document for each language the object exists in.
    `visible(ids, user)` → those of the ids (as text) that this person may find.
    `audiences(user)` → the tokens this person holds: a document is theirs when it
    bears one of them. Equals `visible` for an index that is up to date (tested).
    `in_language(obj, language)` → the same as `to_documents`, of one language: for types
    whose languages change one at a time.
    """

    name: str  # 'story': the facet value of `type`, and the prefix of keys
    label: object  # lazy text
    model: type[Model] | tuple[type[Model], ...]
    eligible: Callable[[], QuerySet]
    to_documents: Callable[[Model], Iterable[Document]]
    visible: Callable[[Iterable[str], object], set[str]]
    audiences: Callable[[object], Iterable[str]] = lambda user: (EVERYONE,)
    related_models: tuple = ()
    in_language: Callable[[Model, str], Iterable[Document]] | None = None


_types: dict[str, DocumentType] = {}
# facet -> function(values) -> {value: its label in the active language}
_labels: dict[str, Callable[[list[str]], dict[str, str]]] = {}
# name -> function() -> its concepts, from the database
_vocabularies: dict[str, Callable[[], Iterable[Concept]]] = {}


def register(document_type: DocumentType) -> None:
    """Add a document type."""
    _types[document_type.name] = document_type


def document_types() -> list[DocumentType]:
    """All of them."""
    return list(_types.values())


def type_of_key(key: str) -> DocumentType | None:
    """The type that a key 'name:id' belongs to; None where its room is gone."""
    return _types.get(key.split(":", 1)[0])


def type_of(obj: Model) -> DocumentType | None:
    """The type registered for an object's model."""
    for document_type in _types.values():
        if isinstance(obj, document_type.model):
            return document_type
    return None


#: Up to so many ids a query names them one by one; beyond, Django takes longer
#: to write the list (85 ms for 5,000) than the database to read the range.
_FEW_IDS = 300


def among(allowed: QuerySet, ids: Iterable[str]) -> set[str]:
    """Those of the ids (whole numbers as text) that `allowed` holds: for `visible`. One query."""
    wanted = {int(pk) for pk in ids}
    if not wanted:
        return set()
    if len(wanted) <= _FEW_IDS:
        allowed = allowed.filter(pk__in=wanted)
    else:
        allowed = allowed.filter(pk__gte=min(wanted), pk__lte=max(wanted))
    return {str(pk) for pk in allowed.order_by().values_list("pk", flat=True) if pk in wanted}


def register_facet(name: str, labels: Callable[[list[str]], dict[str, str]]) -> None:
    """Say how a facet's values are called: `labels(values)` in the active language.

    Called once a page with all values, so that names cost one query.
    """
    _labels[name] = labels


def facet_labels(name: str, values: list[str]) -> dict[str, str]:
    """A label for each value; the value itself where nobody knows it."""
    known: dict[str, str] = {}
    if name == "type":
        known = {v: str(_types[v].label) for v in values if v in _types}
    elif values and name in _labels:
        known = _labels[name](values)
    return {value: known.get(value) or value for value in values}


def register_vocabulary(name: str, concepts: Callable[[], Iterable[Concept]]) -> None:
    """Say where concepts come from, whose forms stand for one another in queries.

    `concepts()` is called again after `search.api.vocabulary_changed(name)`,
    which belongs into the transaction of every change to them.
    """
    _vocabularies[name] = concepts


def vocabularies() -> dict[str, Callable[[], Iterable[Concept]]]:
    """All of them, in order of registration."""
    return dict(_vocabularies)
