"""For whom each of this room's messages is (tests/touchpoints/test_audiences.py)."""

from django.utils import timezone

from review.models import Flag, Question
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


def a_question(crowd, **fields) -> Question:
    """Asked by the reader at a story, with its author; the crowd's others have no part in it."""
    case = make_case(published=True)
    return Question.objects.create(
        kind="story",
        key=case.number,
        language="en",
        title="A story",
        text="Which dates?",
        text_language="en",
        by=crowd["reader"],
        **{"owner": case.author} | fields,
    )


def to_the_owner(crowd) -> Told:
    """Whoever has it now: not whoever had it before, nor the lead."""
    question = a_question(crowd, is_private=True)
    return Told(question, {}, [question.owner])


def to_the_lead(crowd) -> Told:
    """The one lead to whom it was taken; crowd['lead'] leads another area."""
    lead = make_user("lead", review_area=make_case().distributor.review_area)
    return Told(a_question(crowd, escalated_to=lead), {}, [lead])


def to_the_asker(crowd) -> Told:
    """Whoever asked."""
    done = {"answer": "In May.", "answer_language": "en", "answered_at": timezone.now()}
    return Told(a_question(crowd, **done), {}, [crowd["reader"]])


def to_who_waited(crowd) -> Told:
    """The owner reads Japanese and waited for it; crowd['translator'] wrote it."""
    owner = make_user(interface_language="ja")
    question = a_question(crowd, owner=owner)
    data = {"part": "question", "language": "ja", "by": crowd["translator"].pk}
    return Told(question, data, [owner])


AUDIENCES = {
    "review.flag_raised": to_who_keeps_the_text,
    "review.flag_answered": to_the_flagger,
    "review.question_asked": to_the_owner,
    "review.question_due": to_the_owner,
    "review.question_late": to_the_lead,
    "review.question_answered": to_the_asker,
    "review.question_translated": to_who_waited,
} | audiences_clocks.AUDIENCES
