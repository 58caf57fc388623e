"""Responses for tests: rows set directly, and the people of two firms."""

import datetime
import uuid

from django.utils import timezone

from bulletins.models import CaseResult, Response
from tests.factories.network import make_distributor
from tests.factories.stories import make_case


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


def make_adoption(case=None, distributor=None, *, days_ago: int = 91) -> Response:
    """A practice taken over so long ago; its story has a row to report in, if none is given."""
    if case is None:
        case = make_case(published=True)
        CaseResult.objects.create(
            case=case, measure_key=str(uuid.uuid4()), unit="%", before=61, after=93
        )
    adopted_at = timezone.now() - datetime.timedelta(days=days_ago)
    return make_response(case, distributor, choice="adopted", adopted_at=adopted_at)
