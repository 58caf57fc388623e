"""For whom the messages of clocks are."""

import datetime

from django.utils import timezone

from network.calendars import calendar_of
from review.clocks import new_clock
from review.models import Clock, Review
from tests.factories.network import make_user
from tests.factories.stories import make_case
from tests.touchpoints.audiences import Told


def a_clock(case, person, *, days: int = 7, started_at=None, whose: str = "reviewer", **fields):
    """A clock that runs from now, or from `started_at`."""
    review = Review.objects.create(
        subject=case, step=fields.pop("step", "area"), reviewer=person, assigned_by=person
    )
    clock: Clock = new_clock(
        review,
        whose=whose,
        person_id=person.pk,
        days=days,
        started_at=started_at or timezone.now(),
        calendar=calendar_of(person),
    )
    clock.save()
    review.save()
    return clock


def to_who_has_the_days(crowd) -> Told:
    """The reviewer alone; a colleague of the area is not told."""
    case = make_case(stage="area_review", holder=crowd["campaigner"])
    make_user("lead", review_area=case.review_area)
    return Told(a_clock(case, crowd["campaigner"]), {}, [crowd["campaigner"]])


def to_late_and_leads(crowd) -> Told:
    """The late reviewer and the leads of the story's area; crowd['lead'] leads another."""
    case = make_case(stage="area_review", holder=crowd["campaigner"])
    lead = make_user("lead", review_area=case.review_area)
    since = timezone.now() - datetime.timedelta(days=60)
    return Told(
        a_clock(case, crowd["campaigner"], started_at=since), {}, [crowd["campaigner"], lead]
    )


def to_editors_where_the_lead_is_late(crowd) -> Told:
    """The area has no lead but the one who is away: the editors hear."""
    case = make_case(stage="area_review")
    lead = make_user("lead", review_area=case.review_area)
    return Told(a_clock(case, lead), {}, [crowd["editor"]])


AUDIENCES = {
    "review.clock_before": to_who_has_the_days,
    "review.clock_due": to_who_has_the_days,
    "review.clock_late": to_late_and_leads,
    "review.reviewer_away": to_editors_where_the_lead_is_late,
}
