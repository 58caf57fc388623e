"""A question at a published story, and the people round it."""

import datetime

from django.urls import reverse
from django.utils import timezone

from network.registry import desk_items
from review.asking import answer_question, ask
from review.chasing import recompute
from review.models import Question
from tests.factories import make_case, make_user
from touchpoints.models import Delivery

DAY = datetime.timedelta(days=1)
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


def waiting(user) -> list[str]:
    """Addresses of the questions on somebody's desk."""
    return [item.url for item in desk_items(user) if "/questions/" in item.url]


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(mailing__kind=f"review.{kind}")
    return sorted(rows.values_list("user__email", flat=True))


def steps(question) -> list[str]:
    return [event.step for event in question.events.all()]


def page(client, user, question):
    client.force_login(user)
    return client.get(reverse("question", args=[question.pk]))


def answer(question, by, *, text="Yes, with two people.", language="en", is_private=False):
    answer_question(question, answer=text, language=language, is_private=is_private, by=by)


def later(question, days: int) -> None:
    """As if whoever has it had got it so many days ago."""
    since = timezone.now() - days * DAY
    Question.objects.filter(pk=question.pk).update(owner_since=since, asked_at=since)
    recompute()
