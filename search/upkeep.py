"""Keeping indexes whole: filling new ones, comparing, mending, telling how they stand."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from search import analysis, engines
from search.documents import mark_key_changed
from search.engines.base import Engine, EngineUnavailable
from search.following import (
    ELASTICSEARCH,
    behind,
    drain,
    embedded_consumer,
    follow_elasticsearch,
    note_blockage,
)
from search.models import Blockage, ConsumerVersion, DeadLetter, SearchDocument
from search.rebuilding import every_document, rebuild_elasticsearch, rebuild_embedded
from search.registry import type_of_key

logger = logging.getLogger(__name__)

# One worker makes an index anew; how long (s) its claim outlives it.
_CLAIM_S = 30
# Documents written before it is seen whether any are left.
_ROUND = 500


# --- what the sweep does ---------------------------------------------------------------
def follow() -> int:
    """One beat: follow the versions, or rebuild an index that another analyzer left empty.

    Returns how many documents were written. Does nothing while another worker of
    this host is at it: beats that come meanwhile must not take all its threads.
    """
    host = embedded_consumer()
    return _claimed(f"search:follow:{host}", _follow)


def _follow(progress: Callable) -> int:
    engine = engines.embedded()
    if engine.is_transactional:
        return rebuild_embedded(progress=progress) if engine.needs_rebuild() else 0
    count = 0
    while written := drain(embedded_consumer(), _ROUND):
        count += written
        progress()
    return count


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
    try:
        _claimed(
            f"search:rebuild:{language}",
            lambda progress: rebuild_elasticsearch(language, progress=progress),
        )
    except EngineUnavailable as error:
        logger.warning("rebuild of the search index of %s waits: %s", language, error)


def _claimed(claim: str, work: Callable[[Callable], int]) -> int:
    """What `work` counts; 0 where another one is at it. `work` is given what holds the claim."""
    if not cache.add(claim, "1", timeout=_CLAIM_S):
        return 0
    try:
        return work(lambda *_figures: cache.touch(claim, _CLAIM_S))
    finally:
        cache.delete(claim)


def prepare_index() -> None:
    """Make the site's own index where it is missing, so that its state is known."""
    if engines.embedded().is_transactional:
        engines.embedded().prepare()


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
    needs_rebuild: bool = False  # filled anew now, or with the next beat
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


def is_rebuilding() -> bool:
    """Whether this host's own index lacks documents until a worker has written them."""
    return not engines.embedded().is_whole()


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
    is_whole = engine.is_whole()
    if engine.is_transactional:
        wanted = 0 if is_whole else SearchDocument.objects.filter(deleted=False).count()
        waiting = max(0, wanted - sum(counts.values()))
    else:
        waiting = behind(embedded_consumer()).count()
    return IndexStatus(engine.name, counts, not is_whole, waiting)


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
