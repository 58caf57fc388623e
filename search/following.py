"""How indexes follow the document versions (docs/adr/0003).

A consumer is an index that keeps its own place: 'elasticsearch', the file of a
host ('embedded@host'), or an index that a rebuild fills ('rebuild@id').
"""

import logging
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from search import engines
from search.documents import documents_of
from search.engines.base import Change, EngineUnavailable, Refusal
from search.models import Blockage, ConsumerVersion, DeadLetter, SearchDocument
from search.registry import type_of_key

logger = logging.getLogger(__name__)

ELASTICSEARCH = "elasticsearch"
# Documents read, built and sent at once.
_BATCH = 200
# An engine that has taken no write for so long does not answer readers either:
# what was published since would be missing.
_STUCK = timedelta(seconds=10)


def embedded_consumer() -> str:
    """This host's name among the consumers."""
    return f"embedded@{socket.gethostname()}"[:80]


def behind(consumer: str) -> QuerySet[SearchDocument]:
    """Documents whose present version the consumer has neither written nor refused for good."""
    here = {"consumer": consumer, "key": OuterRef("key"), "language": OuterRef("language")}
    done = ConsumerVersion.objects.filter(**here).values("done_version")[:1]
    refused = DeadLetter.objects.filter(**here, version__gte=OuterRef("version"))
    return SearchDocument.objects.annotate(
        done=Coalesce(Subquery(done), Value(0), output_field=IntegerField())
    ).filter(~Exists(refused), version__gt=F("done"))


# --- the embedded index of a host -----------------------------------------------------
def drain(consumer: str, limit: int = 500, since=None) -> int:
    """Write what changed into this host's index; returns how many documents.

    The version is read before the object, so a document is at least as new
    as the version noted for it. `since` looks at recent changes only (cheap,
    before a query); the sweep looks at all.
    """
    engine = engines.embedded()
    if engine.is_transactional:
        return 0
    if engine.needs_rebuild():
        # A new file: everything is to be written, whatever was noted for the old one.
        ConsumerVersion.objects.filter(consumer=consumer).delete()
        engine.set_following()
    changes = _changes(_rows(consumer, limit, since))
    for change in changes:
        if change.document is None:
            engine.remove(change.key, change.language, change.version)
        else:
            engine.write(change.document, change.version)
        note_done(consumer, [change])
    if since is None and not changes and not engine.is_whole():
        engine.set_rebuilt()
    return len(changes)


# --- Elasticsearch -------------------------------------------------------------------
@dataclass
class Drained:
    """What a round wrote, and why it could not go on."""

    written: int = 0
    wait: str = ""
    wrong_index: frozenset[str] = frozenset()

    @property
    def is_over(self) -> bool:
        """Nothing was left, or nothing goes on now."""
        return not self.written or bool(self.wait)


def follow_elasticsearch(since=None, rounds: int = 50) -> int:
    """Send what changed to Elasticsearch, where it is in use; returns how many documents.

    Can run twice at once: versions settle it. What could not be sent waits for the
    next call, which the sweep makes; the pauses between failures grow.
    """
    engine = engines.remote()
    if engine is None or engine.pause_s:
        return 0
    written = 0
    for _round in range(rounds):
        drained = drain_elasticsearch(since=since)
        written += drained.written
        if drained.is_over:
            break
    return written


def drain_elasticsearch(
    consumer: str = ELASTICSEARCH, since=None, language: str | None = None
) -> Drained:
    """One round. A rebuild's consumer writes one language into the index that it fills."""
    engine = engines.remote()
    rows = _rows(consumer, _BATCH, since, language)
    is_rebuild = consumer != ELASTICSEARCH
    if not rows:
        if not is_rebuild and since is None:
            note_blockage(consumer, "")
        return Drained()
    outcome = engine.write_many(_changes(rows), rebuilding=is_rebuild)
    note_done(consumer, outcome.done)
    _settle(consumer, outcome.done)
    _refuse(consumer, outcome.refused)
    if not is_rebuild:
        note_blockage(consumer, outcome.wait)
    return Drained(
        written=len(outcome.done) + len(outcome.refused),
        wait=outcome.wait,
        wrong_index=frozenset(outcome.wrong_index),
    )


def _refuse(consumer: str, refusals: Iterable[Refusal]) -> None:
    """Put documents aside that the engine will never take, for people to see."""
    for refusal in refusals:
        change = refusal.change
        DeadLetter.objects.update_or_create(
            consumer=consumer,
            key=change.key,
            language=change.language,
            defaults={"version": change.version, "error": refusal.reason},
        )
        logger.error("search refused %s %s: %s", change.key, change.language, refusal.reason)


def _settle(consumer: str, done: Iterable[Change]) -> None:
    """Drop refusals of documents that have been taken since."""
    versions = {(change.key, change.language): change.version for change in done}
    letters = DeadLetter.objects.filter(consumer=consumer, key__in={key for key, _l in versions})
    settled = [
        letter.pk
        for letter in letters
        if letter.version <= versions.get((letter.key, letter.language), -1)
    ]
    if settled:
        DeadLetter.objects.filter(pk__in=settled).delete()


def note_blockage(consumer: str, reason: str) -> None:
    """Since when and why nothing goes on; nothing where it does."""
    if not reason:
        Blockage.objects.filter(consumer=consumer).delete()
        return
    if not Blockage.objects.filter(consumer=consumer).update(reason=reason):
        Blockage.objects.get_or_create(consumer=consumer, defaults={"reason": reason})
        logger.warning("search index %s does not follow: %s", consumer, reason)


def refuse_stuck() -> None:
    """Raises EngineUnavailable where Elasticsearch has taken no change for a while. One query."""
    if engines.remote() is None:
        return
    late = timezone.now() - _STUCK
    blockage = Blockage.objects.filter(consumer=ELASTICSEARCH, since__lt=late).first()
    if blockage:
        raise EngineUnavailable(f"it does not follow: {blockage.reason}")


# --- rows ----------------------------------------------------------------------------
def _rows(consumer: str, limit: int, since=None, language: str | None = None) -> list:
    rows = behind(consumer)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    if language is not None:
        rows = rows.filter(language=language)
    return list(rows.order_by("changed_at", "pk")[:limit])


def _changes(rows: Iterable[SearchDocument]) -> list[Change]:
    """The present documents of rows, each object read once."""
    built: dict[str, dict] = {}
    changes = []
    for row in rows:
        if row.key not in built:
            document_type = type_of_key(row.key)
            pk = row.key.split(":", 1)[1]
            built[row.key] = documents_of(document_type, pk) if document_type else {}
        document = built[row.key].get(row.language)
        changes.append(Change(row.key, row.language, row.version, document))
    return changes


def note_done(consumer: str, changes: Iterable[Change]) -> None:
    """Note how far a consumer is.

    Two processes at once may lower a version again: the document is then written twice.
    """
    wanted = {(change.key, change.language): change.version for change in changes}
    keys = {key for key, _language in wanted}
    raised = []
    for place in ConsumerVersion.objects.filter(consumer=consumer, key__in=keys):
        version = wanted.pop((place.key, place.language), 0)
        if place.done_version < version:
            place.done_version = version
            raised.append(place)
    ConsumerVersion.objects.bulk_update(raised, ["done_version"])
    ConsumerVersion.objects.bulk_create(
        [
            ConsumerVersion(consumer=consumer, key=key, language=language, done_version=version)
            for (key, language), version in wanted.items()
        ],
        ignore_conflicts=True,
    )
