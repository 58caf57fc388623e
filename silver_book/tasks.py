"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from silver_book.editions.files import build_waiting


@shared_task(ignore_result=True)
def build_editions() -> int:
    """Build the files of editions that wait. Returns how many."""
    return build_waiting()
