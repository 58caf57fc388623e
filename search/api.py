"""What other rooms call."""

from django.db.models import F

from search.models import SearchDocument
from search.registry import type_of


def mark_changed(obj) -> None:
    """Raise the version of each of an object's documents; inside the caller's transaction."""
    document_type = type_of(obj)
    if document_type is None:
        return
    key = f"{document_type.name}:{obj.pk}"
    for document in document_type.to_documents(obj):
        SearchDocument.objects.get_or_create(key=key, language=document.language)
    SearchDocument.objects.filter(key=key).update(version=F("version") + 1)
