"""What other rooms call: note a change, ask a question, keep the index right."""

from search.answers import search
from search.documents import UnknownDocumentType, mark_changed, mark_key_changed
from search.following import (
    ELASTICSEARCH,
    behind,
    drain,
    embedded_consumer,
    follow_elasticsearch,
)
from search.rebuilding import rebuild_embedded as rebuild
from search.upkeep import (
    Difference,
    Status,
    compare,
    is_rebuilding,
    prepare_index,
    reconcile,
    status,
)
from search.vocabulary import vocabulary_changed, vocabulary_stamp

__all__ = [
    "ELASTICSEARCH",
    "Difference",
    "Status",
    "UnknownDocumentType",
    "behind",
    "compare",
    "drain",
    "embedded_consumer",
    "follow_elasticsearch",
    "is_rebuilding",
    "mark_changed",
    "mark_key_changed",
    "prepare_index",
    "rebuild",
    "reconcile",
    "search",
    "status",
    "vocabulary_changed",
    "vocabulary_stamp",
]
