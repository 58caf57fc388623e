"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task
from django.core.cache import cache

from workshops import transitions

DUTIES_EVERY_S = 3600


@shared_task
def sweep_seats() -> int:
    """Offers lapse, kept seats open, lists close, people are gone. Returns how much changed."""
    return transitions.sweep_seats()


@shared_task
def remind_of_duties() -> int:
    """Yearly duties that are near or overdue, once an hour: days are what counts. Returns how many
    people were told."""
    if not cache.add("workshops-duties-looked-at", 1, DUTIES_EVERY_S):
        return 0
    return transitions.remind_of_duties()


@shared_task
def remind() -> int:
    """Reminders that are due, and who may come now and wished to know. Returns how many."""
    return transitions.remind() + transitions.tell_eligible()


@shared_task
def sweep_proof() -> int:
    """Evaluations are pooled and reminded of, practice lapses, certificates are given. Returns
    how much changed."""
    return transitions.sweep_proof()


@shared_task
def draw_certificates() -> int:
    """Files of certificates that are wanted. Returns how many were drawn."""
    return transitions.draw_files()
