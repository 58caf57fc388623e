"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from silver_book.editions.files import build_waiting
from silver_book.transitions.terms import count_pending, recount_terms


@shared_task(ignore_result=True)
def build_editions() -> int:
    """Build the files of editions that wait. Returns how many."""
    return build_waiting()


@shared_task(ignore_result=True)
def count_terms() -> int:
    """Count where terms are used: texts that went live, and all after a change of the glossary."""
    recount_terms()
    return count_pending()
