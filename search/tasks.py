"""Background work: follow the document versions where the index is a file of this host."""

from celery import shared_task

from search.documents import follow


@shared_task
def follow_versions() -> None:
    """Bring this host's index up to date; see search.documents.follow."""
    follow()
