"""For whom messages about co-authors and new authors are."""

from bulletins.models import CoAuthorship
from tests.factories.network import make_user
from tests.factories.stories import make_case
from tests.touchpoints.audiences import Told


def _asked(state: str = "asked") -> CoAuthorship:
    case = make_case()
    make_user(distributor=case.distributor)  # a colleague
    person = make_user(distributor=case.distributor)
    return CoAuthorship.objects.create(case=case, user=person, by=case.author, state=state)


def to_the_asked(crowd) -> Told:
    """Whoever is asked to write along; not the author, nor a co-author."""
    made = _asked()
    made.case.co_authors.add(make_user(distributor=made.case.distributor))
    return Told(made, {}, [made.user])


def to_the_author(crowd) -> Told:
    """The story's author alone."""
    made = _asked("accepted")
    made.case.co_authors.add(made.user)
    return Told(made, {}, [made.case.author])


def to_who_was_taken_off(crowd) -> Told:
    """The former co-author; the author knows."""
    made = _asked("removed")
    return Told(made, {}, [made.user])


def to_the_new_author(crowd) -> Told:
    """The author as named; neither the former one nor co-authors."""
    case, former = make_case(), make_user()
    case.co_authors.add(former, make_user(distributor=case.distributor))
    return Told(case, {"former": former.pk}, [case.author])


AUDIENCES = {
    "bulletins.co_author_asked": to_the_asked,
    "bulletins.co_author_answered": to_the_author,
    "bulletins.co_author_ended": to_who_was_taken_off,
    "bulletins.author_named": to_the_new_author,
}
