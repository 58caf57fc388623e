"""What the beat asks of this room."""

from celery import shared_task

from network import document_texts


@shared_task(ignore_result=True)
def read_documents() -> int:
    """Read the text of files that wait for it. Idempotent: the truth is the rows."""
    return document_texts.read_waiting()
