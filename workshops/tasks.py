"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from workshops import transitions


@shared_task
def sweep_seats() -> int:
    """Offers lapse, kept seats open, lists close, people are gone. Returns how much changed."""
    return transitions.sweep_seats()
