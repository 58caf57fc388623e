"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task

from review import chasing, reminding


@shared_task(ignore_result=True)
def remind() -> int:
    """Begin, compute and tell what the clocks of reviews ask for. Returns notices told."""
    return reminding.sweep()


@shared_task(ignore_result=True)
def chase_questions() -> int:
    """Remind of questions that fall due, take late ones to the lead. Returns how many."""
    return chasing.chase()
