"""Keeping indexes whole: filling new ones, comparing, mending, telling how they stand."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from search import analysis, engines
from search.contract import Document
from search.documents import documents_of, mark_key_changed
from search.engines.base import Change, Engine, EngineUnavailable
from search.following import (
    ELASTICSEARCH,
    Drained,
    behind,
    drain,
    drain_elasticsearch,
    embedded_consumer,
    follow_elasticsearch,
    note_blockage,
    note_done,
)
from search.models import Blockage, ConsumerVersion, DeadLetter, SearchDocument
from search.registry import document_types, type_of_key

logger = logging.getLogger(__name__)

# An index that is being filled is a consumer of this kind.
_REBUILD = "rebuild@"
# One worker makes an index anew; how long (s) its claim outlives it.
_CLAIM_S = 30
# A command waits so long (s) for a server that does not take writes, then asks again.
_PATIENCE_S = 2.0


# --- what the sweep does ---------------------------------------------------------------
def follow(limit: int = 500) -> int:
    """One beat: follow the versions, or rebuild an index that another analyzer left empty."""
    engine = engines.embedded()
    if engine.is_transactional:
        return rebuild_embedded() if engine.needs_rebuild() else 0
    return drain(embedded_consumer(), limit)


def keep_elasticsearch() -> int:
    """One beat: send changes; make indexes that are missing, half made or not ours.

    Until an index is whole readers get the old one, or the embedded engine's answer.
    """
    engine = engines.remote()
    if engine is None or engine.pause_s:
        return 0
    try:
        wrong = engine.wrong_languages()
    except EngineUnavailable as error:
        note_blockage(ELASTICSEARCH, str(error))
        return 0
    for language in wrong:
        _claimed_rebuild(language)
    return follow_elasticsearch()


def _claimed_rebuild(language: str) -> None:
    claim = f"search:rebuild:{language}"
    if not cache.add(claim, "1", timeout=_CLAIM_S):
        return
    try:
        rebuild_elasticsearch(language, progress=lambda: cache.touch(claim, _CLAIM_S))
    except EngineUnavailable as error:
        logger.warning("rebuild of the search index of %s waits: %s", language, error)
    finally:
        cache.delete(claim)


# --- rebuild ------------------------------------------------------------------------------
def every_document(language: str | None = None) -> Iterator[Document]:
    """All that should be findable, type by type."""
    for document_type in document_types():
        for pk in list(document_type.eligible().values_list("pk", flat=True)):
            for code, document in documents_of(document_type, pk).items():
                if language in (None, code):
                    yield document


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


def rebuild_embedded(language: str | None = None, progress=None) -> int:
    """Write every document of this host's index again; returns how many.

    Goes object by object in short transactions, over the standing index: no
    gap for readers, and what changes meanwhile is newer and stays.
    `progress(count)` is called after each object.
    """
    engine = engines.embedded()
    engine.ensure_schema()
    written: set[tuple[str, str]] = set()
    for key, some in itertools.groupby(every_document(language), lambda document: document.key):
        languages = {document.language for document in some}
        with transaction.atomic():
            changes = _present(key, languages)
            # Forgotten first: the same version must be written again.
            engine.forget([(key, change.language) for change in changes])
            engine.write_many(changes)
            if not engine.is_transactional:
                note_done(embedded_consumer(), changes)
        written |= {(key, change.language) for change in changes}
        if progress:
            progress(len(written))
    _forget_unwritten(engine, written, language)
    if language is None:
        engine.set_rebuilt()
    return len(written)


def _present(key: str, languages: set[str]) -> list[Change]:
    """An object's documents as they are now, with their versions, under the rows' lock."""
    SearchDocument.objects.bulk_create(
        [SearchDocument(key=key, language=language) for language in sorted(languages)],
        ignore_conflicts=True,
    )
    # In the order of every writer: two must not wait for each other.
    rows = list(SearchDocument.objects.select_for_update().filter(key=key).order_by("language"))
    present = documents_of(type_of_key(key), key.split(":", 1)[1])
    return [
        Change(key, row.language, row.version, present[row.language])
        for row in rows
        if row.language in languages and row.language in present
    ]


def _forget_unwritten(engine, written: set, language: str | None) -> None:
    """Take out what was not written and is not wanted (it may have come meanwhile)."""
    for key, code in engine.versions(language):
        if (key, code) in written:
            continue
        with transaction.atomic():
            document_type = type_of_key(key)
            wanted = documents_of(document_type, key.split(":", 1)[1]) if document_type else {}
            if code not in wanted:
                engine.forget([(key, code)])


# --- reconcile ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """What an index lacks or has too much, as (key, language) pairs."""

    missing: tuple[tuple[str, str], ...]  # should be findable and is not
    stale: tuple[tuple[str, str], ...]  # of an older version
    orphaned: tuple[tuple[str, str], ...]  # findable and should not be

    @property
    def is_empty(self) -> bool:
        return not (self.missing or self.stale or self.orphaned)


def engines_in_use() -> list[Engine]:
    """The embedded index of this host, and Elasticsearch where it answers readers."""
    found: list[Engine] = [engines.embedded()]
    if engines.remote():
        found.append(engines.remote())
    return found


def compare(engine: Engine | None = None) -> Difference:
    """Compare the database, the versions and an index (this host's unless given).

    Raises EngineUnavailable.
    """
    engine = engine or engines.embedded()
    present = engine.versions()
    wanted = {(document.key, document.language) for document in every_document()}
    versions = {
        (row.key, row.language): row.version for row in SearchDocument.objects.all().iterator()
    }
    return Difference(
        missing=tuple(sorted(wanted - present.keys())),
        stale=tuple(sorted(p for p in wanted & present.keys() if present[p] < versions.get(p, 0))),
        orphaned=tuple(sorted(present.keys() - wanted)),
    )


def reconcile(engine: Engine | None = None, *, repair: bool = False) -> Difference:
    """Compare; with `repair` also mend both ways and sweep old tombstones."""
    engine = engine or engines.embedded()
    found = compare(engine)
    if repair:
        _mend(engine, found.missing + found.stale + found.orphaned)
        _sweep_tombstones()
    return found


def _mend(engine: Engine, pairs: Iterable[tuple[str, str]]) -> None:
    for key in sorted({key for key, _language in pairs}):
        if type_of_key(key) is None:
            some = [pair for pair in pairs if pair[0] == key]
            for one in engines_in_use():
                one.forget(some)
            SearchDocument.objects.filter(key=key).delete()
            continue
        mark_key_changed(key)
    # An orphan without a version row is unknown to mark_key_changed.
    known = set(SearchDocument.objects.filter(deleted=False).values_list("key", "language"))
    strays = [pair for pair in engine.versions() if pair not in known]
    with transaction.atomic():
        engine.forget(strays)
    while drain(embedded_consumer()):
        pass
    if engine is engines.remote():
        follow_elasticsearch()


def _sweep_tombstones() -> None:
    """Drop tombstones that every consumer has followed."""
    consumers = set(ConsumerVersion.objects.values_list("consumer", flat=True).distinct())
    for row in SearchDocument.objects.filter(deleted=True):
        done = ConsumerVersion.objects.filter(
            key=row.key, language=row.language, done_version__gte=row.version
        )
        if len(consumers) > done.count():
            continue
        with transaction.atomic():
            ConsumerVersion.objects.filter(key=row.key, language=row.language).delete()
            if SearchDocument.objects.filter(pk=row.pk, version=row.version).delete()[0]:
                # Their tombstones go too: the next version of this key starts anew.
                for engine in engines_in_use():
                    engine.forget([(row.key, row.language)])


# --- status ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class IndexStatus:
    """How one index stands."""

    engine: str
    documents: dict[str, int] = field(default_factory=dict)  # by language
    needs_rebuild: bool = False
    behind: int = 0  # documents whose newest version is not written here
    refused: int = 0  # documents that it will never take as they are
    waits_because: str = ""
    error: str = ""  # why it does not answer now


@dataclass(frozen=True)
class Status:
    """Which engine answers readers, and how each index in use stands."""

    engine: str
    analyzer: int
    is_transactional: bool
    indexes: tuple[IndexStatus, ...]


def status() -> Status:
    """For the command, health checks and metrics."""
    embedded = engines.embedded()
    indexes = [_embedded_status(embedded)]
    if engines.remote():
        indexes.append(_elasticsearch_status(engines.remote()))
    return Status(
        engine=engines.current().name,
        analyzer=analysis.VERSION,
        is_transactional=embedded.is_transactional,
        indexes=tuple(indexes),
    )


def _embedded_status(engine) -> IndexStatus:
    counts = dict.fromkeys(dict(settings.LANGUAGES), 0)
    for _key, language in engine.versions():
        counts[language] += 1
    waiting = 0 if engine.is_transactional else behind(embedded_consumer()).count()
    return IndexStatus(engine.name, counts, engine.needs_rebuild(), waiting)


def _elasticsearch_status(engine) -> IndexStatus:
    blockage = Blockage.objects.filter(consumer=ELASTICSEARCH).first()
    known = {
        "behind": behind(ELASTICSEARCH).count(),
        "refused": DeadLetter.objects.filter(consumer=ELASTICSEARCH).count(),
        "waits_because": blockage.reason if blockage else "",
    }
    try:
        return IndexStatus(engine.name, engine.counts(), engine.needs_rebuild(), **known)
    except EngineUnavailable as error:
        return IndexStatus(engine.name, error=str(error), **known)
