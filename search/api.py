"""What other rooms call: note a change, ask a question, keep the index right."""

from search.answers import search
from search.documents import (
    Difference,
    Status,
    UnknownDocumentType,
    behind,
    compare,
    drain,
    embedded_consumer,
    mark_changed,
    mark_key_changed,
    rebuild,
    reconcile,
    status,
)
from search.vocabulary import vocabulary_changed

__all__ = [
    "Difference",
    "Status",
    "UnknownDocumentType",
    "behind",
    "compare",
    "drain",
    "embedded_consumer",
    "mark_changed",
    "mark_key_changed",
    "rebuild",
    "reconcile",
    "search",
    "status",
    "vocabulary_changed",
]
