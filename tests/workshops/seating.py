"""People come to a session, and what became of them."""

from tests.factories.workshops import make_trainee
from workshops.models import Enrolment
from workshops.transitions import enrol


def states(session) -> list[str]:
    """In order of the line."""
    return list(session.enrolments.order_by("pk").values_list("state", flat=True))


def come(session, count: int) -> list[Enrolment]:
    """So many people enrol themselves, one after another."""
    people = [make_trainee() for _ in range(count)]
    return [enrol(session, person, by=person) for person in people]
