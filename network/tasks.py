"""What the beat asks of this room."""

from celery import shared_task

from network import document_texts, resumable


@shared_task(ignore_result=True)
def read_documents() -> int:
    """Read the text of files that wait for it. Idempotent: the truth is the rows."""
    return document_texts.read_waiting()


@shared_task(ignore_result=True)
def forget_stale_uploads() -> int:
    """Forget files on their way that stopped moving. Idempotent."""
    return resumable.forget_stale()
