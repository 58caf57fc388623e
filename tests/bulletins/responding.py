"""Responses for tests: rows set directly, and the people of two firms."""

import datetime

from django.utils import timezone

from bulletins.models import Response
from tests.factories.network import make_distributor


def in_days(days: int) -> datetime.date:
    """So many days from today."""
    return timezone.localdate() + datetime.timedelta(days=days)


def make_response(case, distributor=None, *, choice: str = "adopted", **fields) -> Response:
    """A distributor's word on a story, past the transition."""
    defaults = {
        "adopting": {"until": in_days(60), "who": "Lina"},
        "adopted": {"adopted_at": timezone.now()},
        "adapted": {"adopted_at": timezone.now(), "words": "Two looks a day."},
        "on_hold": {"until": in_days(60)},
        "not_for_us": {"reason": "no_need"},
    }.get(choice, {})
    return Response.objects.create(
        case=case,
        distributor=distributor or make_distributor(),
        choice=choice,
        **(defaults | fields),
    )
