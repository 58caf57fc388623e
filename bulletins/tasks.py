"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from bulletins.transitions import release_due


@shared_task
def release_due_issues() -> int:
    """Release the issues whose minute has come. Returns how many."""
    return len(release_due())
