"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from review import reminding


@shared_task(ignore_result=True)
def remind() -> int:
    """Begin, compute and tell what the clocks of reviews ask for. Returns notices told."""
    return reminding.sweep()
