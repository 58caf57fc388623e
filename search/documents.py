"""Document versions: writing an object raises them (docs/adr/0003)."""

import logging

from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from search import engines
from search.contract import Document
from search.models import SearchDocument
from search.registry import DocumentType, type_of, type_of_key

logger = logging.getLogger(__name__)


class UnknownDocumentType(LookupError):
    """No room registered the object's model; a typo must not pass silently."""


def documents_of(
    document_type: DocumentType, pk: object, language: str | None = None
) -> dict[str, Document]:
    """Present documents of an object by language; none where it is not eligible.

    `language`: that one alone, where the type can tell it from the others.
    """
    obj = document_type.eligible().filter(pk=pk).first()
    if obj is None:
        return {}
    if language is None:
        documents = document_type.to_documents(obj)
    else:
        documents = document_type.in_language(obj, language)
    return {document.language: document for document in documents}


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


def mark_key_changed(key: str, language: str | None = None) -> None:
    """`mark_changed` for an object that may be gone.

    `language`: nothing changed in the others. All are marked where the type
    cannot tell one from the others.
    """
    document_type = type_of_key(key)
    if document_type is None:
        raise UnknownDocumentType(key)
    if document_type.in_language is None:
        language = None
    engine = engines.embedded()
    with transaction.atomic(savepoint=False):
        if engine.is_transactional:
            engine.prepare()
        documents = documents_of(document_type, key.split(":", 1)[1], language)
        versions = _raise_versions(key, documents, language)
        call_followers()
        if engine.is_transactional:
            for language, version in versions.items():
                _write(engine, key, language, documents.get(language), version)


def call_followers() -> None:
    """Ask a worker to follow, once the transaction has ended. The sweep would come later."""
    if engines.remote() is None:
        return
    waiting = {receiver for _savepoints, receiver, *_rest in connection.run_on_commit}
    if _send_follow not in waiting:
        transaction.on_commit(_send_follow, robust=True)


def _send_follow() -> None:
    """A lost message costs one beat interval, a dead broker nothing."""
    from search.tasks import follow_elasticsearch

    try:
        follow_elasticsearch.apply_async(kwargs={"lately": True}, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be called: %s", error)


def _raise_versions(
    key: str, documents: dict[str, Document], only: str | None = None
) -> dict[str, int]:
    """New version by language (`only` this one), under the rows' lock."""
    SearchDocument.objects.bulk_create(
        [SearchDocument(key=key, language=code, version=0) for code in sorted(documents)],
        ignore_conflicts=True,
    )
    marked = SearchDocument.objects.select_for_update().filter(key=key)
    if only is not None:
        marked = marked.filter(language=only)
    rows = list(marked.order_by("language"))
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
