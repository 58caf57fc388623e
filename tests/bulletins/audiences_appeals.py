"""For whom the messages of appeals and revivals are."""

import datetime

from django.utils import timezone

from bulletins.models import CaseEvent, LastingCheck
from review.models import Decision, Review
from tests.factories.network import make_user
from tests.factories.stories import make_case
from tests.touchpoints.audiences import Told


def _declined(crowd, **fields):
    """Declined by the campaigner, whose turn at it stands on record."""
    case = make_case(stage="declined", **fields)
    by = crowd["campaigner"]
    Review.objects.create(
        subject=case, step="area", reviewer=by, assigned_by=by, decision=Decision.DECLINE
    )
    CaseEvent.objects.create(
        case=case, verb="appeal", old="declined", new="declined", by=case.author
    )
    return case


def to_the_editor(crowd) -> Told:
    """Whoever has the appeal; not every editor."""
    make_user("editor")
    return Told(_declined(crowd, holder=crowd["editor"]), {}, [crowd["editor"]])


def to_authors(crowd) -> Told:
    """The author and co-authors."""
    case = _declined(crowd)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    return Told(case, {"upheld": False, "reason": "It stands."}, [case.author, co_author])


def to_the_decliner(crowd) -> Told:
    """Whoever declined it."""
    data = {"upheld": False, "reason": "It stands.", "who": crowd["campaigner"].pk}
    return Told(_declined(crowd), data, [crowd["campaigner"]])


def asked_of_the_authors(crowd) -> Told:
    """The author and co-authors of a published story."""
    case = make_case(published=True)
    due = timezone.now() + datetime.timedelta(days=14)
    LastingCheck.objects.create(case=case, due=due)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    return Told(case, {}, [case.author, co_author])


AUDIENCES = {
    "bulletins.lasting_asked": asked_of_the_authors,
    "bulletins.appeal_made": to_the_editor,
    "bulletins.appeal_answered": to_authors,
    "bulletins.appeal_known": to_the_decliner,
    "bulletins.case_revived": to_authors,
}
