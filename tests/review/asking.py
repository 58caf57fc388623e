"""A question at a published story, and the people round it."""

from review.asking import ask
from review.models import Question
from tests.factories import make_case, make_user

TEXT = "Does it work with half the staff?"


def ask_at(case, by, *, text: str = TEXT, kind: str = "story", **given) -> Question:
    """As the form does; in public, in English, at the whole, unless given."""
    given = {
        "language": "en",
        "anchor": "",
        "text_language": "en",
        "is_private": False,
    } | given
    return ask(kind, case.number, text=text, by=by, **given)


class Network:
    """A story, its author and co-author, its area's campaigners, a lead, an editor, readers."""

    def __init__(self):
        self.case = make_case(published=True)
        self.author = self.case.author
        firm = self.case.distributor
        area = firm.review_area
        self.area = area
        self.campaigner = make_user("campaigner", review_area=area)
        self.lead = make_user("lead", review_area=area)
        self.editor = make_user("editor")
        self.asker = make_user(first_name="Rosa", last_name="Lima")
        self.reader = make_user(first_name="Stranger")

    def ask(self, **given) -> Question:
        return ask_at(self.case, given.pop("by", self.asker), **given)
