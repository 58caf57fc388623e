"""Writing whole indexes anew, while the site goes on."""

import logging
import threading
from collections.abc import Callable, Iterator

from django.db import transaction

from search import engines
from search.contract import Document
from search.documents import documents_of, mark_key_changed
from search.engines.base import Change, EngineUnavailable
from search.following import (
    ELASTICSEARCH,
    Drained,
    behind,
    drain_elasticsearch,
    embedded_consumer,
    note_done,
)
from search.models import ConsumerVersion, DeadLetter, SearchDocument
from search.registry import document_types, type_of_key

logger = logging.getLogger(__name__)

# An index that is being filled is a consumer of this kind.
_REBUILD = "rebuild@"
# A command waits so long (s) for a server that does not take writes, then asks again.
_PATIENCE_S = 2.0


def every_document() -> Iterator[Document]:
    """All that should be findable, type by type."""
    for key in _every_key():
        yield from _documents(key).values()


def note_unknown() -> int:
    """Give versions to findable objects that nobody noted; returns how many objects."""
    count = 0
    for document_type in document_types():
        prefix = f"{document_type.name}:"
        known = set(
            SearchDocument.objects.filter(key__startswith=prefix).values_list("key", flat=True)
        )
        for pk in list(document_type.eligible().values_list("pk", flat=True)):
            if f"{prefix}{pk}" not in known:
                mark_key_changed(f"{prefix}{pk}")
                count += 1
    return count


# --- Elasticsearch -------------------------------------------------------------------
def rebuild_elasticsearch(
    language: str,
    progress: Callable[[], object] = lambda: None,
    *,
    wait: threading.Event | None = None,
) -> int:
    """Fill a new index, then let it be read in place of the old one; returns how many documents.

    Resumable: the new index is a consumer of its own, which keeps its place. No gap:
    what changes meanwhile goes to the old index until the swap, and is caught up
    before and after it. `progress()` is called after each batch. Raises
    EngineUnavailable; with `wait` (never set) tries again instead.
    """
    engine = engines.remote()
    name = _patiently(lambda: engine.next_index(language), wait)
    consumer = _patiently(lambda: _consumer_of(name), wait)
    count = _catch_up(consumer, language, progress, wait)
    _patiently(lambda: engine.swap(language, name), wait)
    count += _catch_up(consumer, language, progress, wait)
    _patiently(lambda: engine.finish(language, name), wait)
    _end_consumers(language)
    return count


def _consumer_of(name: str) -> str:
    """The place of an index that is being filled; by its id, since a name may come again."""
    return f"{_REBUILD}{engines.remote().index_id(name)}"


def _catch_up(consumer: str, language: str, progress, wait) -> int:
    """Drain until nothing is left."""

    def one_round() -> Drained:
        drained = drain_elasticsearch(consumer, language=language)
        if drained.wait:
            raise EngineUnavailable(drained.wait)
        return drained

    count = 0
    while True:
        drained = _patiently(one_round, wait)
        if drained.wrong_index or not drained.written:
            # Nothing is left; or another process has finished this rebuild.
            return count
        count += drained.written
        progress()


def _patiently(step: Callable, wait: threading.Event | None):
    while True:
        try:
            return step()
        except EngineUnavailable as error:
            if wait is None:
                raise
            logger.warning("waiting for Elasticsearch: %s", error)
            if wait.wait(_PATIENCE_S):
                raise


def _end_consumers(language: str) -> None:
    """Forget the places of this language's rebuilds, those that were given up as well."""
    rebuilds = {"consumer__startswith": _REBUILD, "language": language}
    ConsumerVersion.objects.filter(**rebuilds).delete()
    # What the new index refused stays to be seen, under the name that people know.
    for letter in DeadLetter.objects.filter(**rebuilds):
        DeadLetter.objects.update_or_create(
            consumer=ELASTICSEARCH,
            key=letter.key,
            language=letter.language,
            defaults={"version": letter.version, "error": letter.error},
        )
        letter.delete()


def left_to_rebuild(language: str) -> int:
    """Documents that a rebuild of this language has still to write."""
    engine = engines.remote()
    consumer = _consumer_of(engine.next_index(language))
    return behind(consumer).filter(language=language).count()


# --- the embedded index of a host -----------------------------------------------------
def rebuild_embedded(
    language: str | None = None, progress: Callable[[int, int], object] = lambda done, total: None
) -> int:
    """Write every document of this host's index again; returns how many.

    Goes object by object in short transactions, over the standing index: no
    gap for readers, and what changes meanwhile is newer and stays. Resumable: the
    index keeps its place. `progress(done, total)` is called after each object.
    """
    engine = engines.embedded()
    engine.ensure_schema()
    place = f"rebuild:{language or 'all'}"
    keys, reached = list(_every_key()), engine.meta(place)
    first = keys.index(reached) + 1 if reached in keys else 0
    written: set[tuple[str, str]] = set()
    for number, key in enumerate(keys[first:], first + 1):
        languages = {code for code in _documents(key) if language in (None, code)}
        with transaction.atomic():
            changes = _present(key, languages)
            # Forgotten first: the same version must be written again.
            engine.forget([(key, change.language) for change in changes])
            engine.write_many(changes)
            engine.set_meta(place, key)
            if not engine.is_transactional:
                note_done(embedded_consumer(), changes)
        written |= {(key, change.language) for change in changes}
        progress(number, len(keys))
    _forget_unwritten(engine, written, set(keys[:first]), language)
    engine.set_meta(place, "")
    if language is None:
        engine.set_rebuilt()
    return len(written)


def _every_key() -> Iterator[str]:
    """Objects that should be findable, in an order that lasts."""
    for document_type in document_types():
        for pk in list(document_type.eligible().order_by("pk").values_list("pk", flat=True)):
            yield f"{document_type.name}:{pk}"


def _documents(key: str) -> dict[str, Document]:
    """The present documents of a key by language; none where its room is gone."""
    document_type = type_of_key(key)
    return documents_of(document_type, key.split(":", 1)[1]) if document_type else {}


def _present(key: str, languages: set[str]) -> list[Change]:
    """An object's documents as they are now, with their versions, under the rows' lock."""
    SearchDocument.objects.bulk_create(
        [SearchDocument(key=key, language=language) for language in sorted(languages)],
        ignore_conflicts=True,
    )
    # In the order of every writer: two must not wait for each other.
    rows = list(SearchDocument.objects.select_for_update().filter(key=key).order_by("language"))
    present = _documents(key)
    return [
        Change(key, row.language, row.version, present[row.language])
        for row in rows
        if row.language in languages and row.language in present
    ]


def _forget_unwritten(engine, written: set, before: set[str], language: str | None) -> None:
    """Take out what was not written and is not wanted (it may have come meanwhile).

    Keys `before` were written before a stop.
    """
    for key, code in engine.versions(language):
        if (key, code) in written or key in before:
            continue
        with transaction.atomic():
            if code not in _documents(key):
                engine.forget([(key, code)])
