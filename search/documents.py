"""Document versions: who changed, what follows, what is missing (docs/adr/0003)."""

import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from search import analysis, engines
from search.contract import Document
from search.models import ConsumerVersion, SearchDocument
from search.registry import DocumentType, type_of, type_of_key

# Documents a batch: short transactions let other writers in between.
_BATCH = 200


class UnknownDocumentType(LookupError):
    """No room registered the object's model; a typo must not pass silently."""


def embedded_consumer() -> str:
    """This host's name among the consumers."""
    return f"embedded@{socket.gethostname()}"[:80]


def documents_of(document_type: DocumentType, pk: object) -> dict[str, Document]:
    """Present documents of an object by language; none where it is not eligible."""
    obj = document_type.eligible().filter(pk=pk).first()
    if obj is None:
        return {}
    return {document.language: document for document in document_type.to_documents(obj)}


def mark_changed(obj) -> None:
    """Raise the version of every document of `obj`, in the caller's transaction.

    Languages in which it is no longer found get a tombstone. With SQLite the
    embedded index changes here as well, so that an error undoes both; with
    PostgreSQL each host follows. Raises UnknownDocumentType.
    """
    document_type = type_of(obj)
    if document_type is None:
        raise UnknownDocumentType(type(obj).__name__)
    mark_key_changed(f"{document_type.name}:{obj.pk}")


def mark_key_changed(key: str) -> None:
    """`mark_changed` for an object that may be gone."""
    document_type = type_of_key(key)
    if document_type is None:
        raise UnknownDocumentType(key)
    with transaction.atomic(savepoint=False):
        documents = documents_of(document_type, key.split(":", 1)[1])
        versions = _raise_versions(key, documents)
        engine = engines.embedded()
        if engine.is_transactional:
            for language, version in versions.items():
                _write(engine, key, language, documents.get(language), version)


def _raise_versions(key: str, documents: dict[str, Document]) -> dict[str, int]:
    """New version by language, under the rows' lock."""
    SearchDocument.objects.bulk_create(
        [SearchDocument(key=key, language=code, version=0) for code in sorted(documents)],
        ignore_conflicts=True,
    )
    rows = list(SearchDocument.objects.select_for_update().filter(key=key).order_by("language"))
    now = timezone.now()
    for row in rows:
        row.version += 1
        row.deleted = row.language not in documents
        row.changed_at = now
    SearchDocument.objects.bulk_update(rows, ["version", "deleted", "changed_at"])
    return {row.language: row.version for row in rows}


def _write(engine, key: str, language: str, document: Document | None, version: int) -> None:
    if document is None:
        engine.remove(key, language, version)
    else:
        engine.write(document, version)


# --- following ---------------------------------------------------------------
def behind(consumer: str) -> QuerySet[SearchDocument]:
    """Documents whose present version the consumer has not written."""
    done = ConsumerVersion.objects.filter(
        consumer=consumer, key=OuterRef("key"), language=OuterRef("language")
    ).values("done_version")[:1]
    return SearchDocument.objects.annotate(
        done=Coalesce(Subquery(done), Value(0), output_field=IntegerField())
    ).filter(version__gt=F("done"))


def follow(limit: int = 500) -> int:
    """One beat: follow the versions, or rebuild an index that another analyzer left empty."""
    engine = engines.embedded()
    if engine.is_transactional:
        return rebuild() if engine.needs_rebuild() else 0
    return drain(embedded_consumer(), limit)


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
        engine.set_rebuilt()
    rows = behind(consumer)
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    rows = list(rows.order_by("changed_at", "pk")[:limit])
    built: dict[str, dict[str, Document]] = {}
    for row in rows:
        if row.key not in built:
            document_type = type_of_key(row.key)
            pk = row.key.split(":", 1)[1]
            built[row.key] = documents_of(document_type, pk) if document_type else {}
        _write(engine, row.key, row.language, built[row.key].get(row.language), row.version)
        _note_done(consumer, row)
    return len(rows)


def _note_done(consumer: str, row: SearchDocument) -> None:
    """Never lower a version: another process of this host may be further."""
    place = ConsumerVersion.objects.filter(consumer=consumer, key=row.key, language=row.language)
    if place.filter(done_version__lt=row.version).update(done_version=row.version):
        return
    ConsumerVersion.objects.get_or_create(
        consumer=consumer,
        key=row.key,
        language=row.language,
        defaults={"done_version": row.version},
    )


@dataclass(frozen=True)
class Status:
    """How this host's index stands."""

    engine: str
    analyzer: int
    is_transactional: bool
    needs_rebuild: bool
    behind: int  # documents whose newest version is not written here
    documents: tuple[tuple[str, str], ...]  # (key, language)


def status() -> Status:
    """For the command, health checks and metrics."""
    engine = engines.embedded()
    is_transactional = engine.is_transactional
    return Status(
        engine=engines.current().name,
        analyzer=analysis.VERSION,
        is_transactional=is_transactional,
        needs_rebuild=engine.needs_rebuild(),
        behind=0 if is_transactional else behind(embedded_consumer()).count(),
        documents=tuple(engine.versions()),
    )


# --- rebuild and reconcile ------------------------------------------------------
def every_document(language: str | None = None) -> Iterator[Document]:
    """All that should be findable, type by type."""
    from search.registry import document_types

    for document_type in document_types():
        for pk in list(document_type.eligible().values_list("pk", flat=True)):
            for code, document in documents_of(document_type, pk).items():
                if language in (None, code):
                    yield document


def rebuild(language: str | None = None, progress=None) -> int:
    """Write every document of this host's index again; returns how many.

    Goes object by object in short transactions, over the standing index: no
    gap for readers, and what changes meanwhile is newer and stays.
    `progress(count)` is called after each document.
    """
    engine = engines.embedded()
    engine.ensure_schema()
    written: set[tuple[str, str]] = set()
    for document in every_document(language):
        with transaction.atomic():
            row, _made = SearchDocument.objects.select_for_update().get_or_create(
                key=document.key, language=document.language
            )
            present = documents_of(type_of_key(document.key), document.key.split(":", 1)[1]).get(
                document.language
            )
            if present is None:
                continue
            # Forgotten first: the same version must be written again.
            engine.forget([(document.key, document.language)])
            engine.write(present, row.version)
            if not engine.is_transactional:
                _note_done(embedded_consumer(), row)
        written.add((document.key, document.language))
        if progress:
            progress(len(written))
    _forget_unwritten(engine, written, language)
    if language is None:
        engine.set_rebuilt()
    return len(written)


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


@dataclass(frozen=True)
class Difference:
    """What the index of this host lacks or has too much, as (key, language) pairs."""

    missing: tuple[tuple[str, str], ...]  # should be findable and is not
    stale: tuple[tuple[str, str], ...]  # of an older version
    orphaned: tuple[tuple[str, str], ...]  # findable and should not be

    @property
    def is_empty(self) -> bool:
        return not (self.missing or self.stale or self.orphaned)


def compare() -> Difference:
    """Compare the database, the versions and this host's index."""
    engine = engines.embedded()
    wanted = {(document.key, document.language) for document in every_document()}
    versions = {
        (row.key, row.language): row.version for row in SearchDocument.objects.all().iterator()
    }
    present = engine.versions()
    return Difference(
        missing=tuple(sorted(wanted - present.keys())),
        stale=tuple(sorted(p for p in wanted & present.keys() if present[p] < versions.get(p, 0))),
        orphaned=tuple(sorted(present.keys() - wanted)),
    )


def reconcile(*, repair: bool = False) -> Difference:
    """Compare; with `repair` also mend both ways and sweep old tombstones."""
    found = compare()
    if repair:
        _mend(found.missing + found.stale + found.orphaned)
        _sweep_tombstones()
    return found


def _mend(pairs: Iterable[tuple[str, str]]) -> None:
    engine = engines.embedded()
    for key in sorted({key for key, _language in pairs}):
        if type_of_key(key) is None:
            with transaction.atomic():
                engine.forget([pair for pair in pairs if pair[0] == key])
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
                engines.embedded().forget([(row.key, row.language)])
