"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

from review.models import Flag
from tests.factories.network import make_user
from tests.factories.stories import make_case
from tests.review import audiences_clocks
from tests.touchpoints.audiences import Told


def a_flag(by, case, **fields) -> Flag:
    return Flag.objects.create(
        kind="story",
        key=case.number,
        language="en",
        title="A story",
        reason="Wrong.",
        by=by,
        **fields,
    )


def to_who_keeps_the_text(crowd) -> Told:
    """The story's authors; crowd['editor'] comes after them."""
    case = make_case(published=True)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    return Told(a_flag(crowd["reader"], case), {}, [case.author, co_author])


def to_the_flagger(crowd) -> Told:
    """Whoever raised the mark, and may still read the text."""
    case = make_case(published=True)
    a_flag(crowd["manager"], case, anchor="did")
    answered = {"outcome": "mended", "answer": "Right.", "answered_by": case.author}
    return Told(a_flag(crowd["reader"], case, **answered), {}, [crowd["reader"]])


AUDIENCES = {
    "review.flag_raised": to_who_keeps_the_text,
    "review.flag_answered": to_the_flagger,
} | audiences_clocks.AUDIENCES
