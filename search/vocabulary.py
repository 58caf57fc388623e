"""The site's vocabulary: concepts of every room, kept in the process until a stamp changes.

Rooms register where concepts come from (search.registry.register_vocabulary)
and call `vocabulary_changed(name)` in the transaction of every change. Each
process notices at its next query; nothing is rebuilt.
"""

import uuid

from search.concepts import Concept, Vocabulary
from search.models import VocabularyStamp
from search.registry import vocabularies


class VocabularyCache:
    """What one process knows."""

    def __init__(self):
        self._stamps: dict[str, str] | None = None
        self._concepts: dict[str, tuple[str, tuple[Concept, ...]]] = {}
        self._vocabulary = Vocabulary()

    def current(self) -> Vocabulary:
        """The vocabulary as the database holds it now. One query while nothing changed."""
        # Stamps first: concepts read after them are as new or newer, never older.
        stamps = dict(VocabularyStamp.objects.values_list("source", "stamp"))
        if stamps != self._stamps:
            sources = vocabularies()
            for name, concepts in sources.items():
                stamp = stamps.get(name, "")
                if name not in self._concepts or self._concepts[name][0] != stamp:
                    self._concepts[name] = (stamp, tuple(concepts()))
            self._vocabulary = Vocabulary(
                concept for name in sources for concept in self._concepts[name][1]
            )
            self._stamps = stamps
        return self._vocabulary


_cache = VocabularyCache()


def current() -> Vocabulary:
    """This process's vocabulary, up to date. One query."""
    return _cache.current()


def vocabulary_stamp(name: str) -> str:
    """Changes with every change of a source's concepts; '' where none was told. One query."""
    return VocabularyStamp.objects.filter(source=name).values_list("stamp", flat=True).first() or ""


def vocabulary_changed(name: str) -> None:
    """Tell every process that a source's concepts are others now. One query.

    Random, not counted up: the stamp of a rolled-back change never comes again
    for other concepts.
    """
    VocabularyStamp.objects.bulk_create(
        [VocabularyStamp(source=name, stamp=uuid.uuid4().hex)],
        update_conflicts=True,
        unique_fields=["source"],
        update_fields=["stamp"],
    )
