"""The questions at a text as this reader finds them, for the pages of every room."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from network.permissions import is_member
from review.models import Question, WorkingTranslation
from review.models.questions import OPEN_QUESTIONS
from review.queries import involves
from review.registry import askable_of
from review.rounds import source_hash

KEPT_S = 60
SHOWN = 8  # at a text; the others stand on a page of their own


@dataclass
class Asked:
    """What stands at the foot of a text. `rows` are questions, newest first."""

    ask_url: str
    all_url: str
    rate_url: str = ""
    rows: list[Question] = field(default_factory=list)
    more: int = 0


def questions_on(kind: str, key: str, language: str, user) -> Asked | None:
    """The questions that this member reads at a text; None for a visitor.

    No query where nobody asked (known for KEPT_S at most), else two.
    """
    askable = askable_of(kind)
    if askable is None or not is_member(user):
        return None
    address = [kind, key]
    own = "?" + urlencode({"in": language})
    found = Asked(
        ask_url=reverse("question_ask", args=address) + own,
        all_url=reverse("questions_about", args=address) + own,
        rate_url=reverse("rate", args=address) + own if askable.is_rated else "",
    )
    if (kind, key) in _places():
        rows = list(readable_at(kind, key, user)[: SHOWN + 1])
        found.more, found.rows = max(0, len(rows) - SHOWN), with_translations(rows[:SHOWN], user)
    return found


def oldest_question(user) -> Question | None:
    """Of the open questions that wait for a person the one asked first. One query."""
    return Question.objects.waiting_for(user).with_people().order_by("asked_at", "pk").first()


def readable_at(kind: str, key: str, user):
    """Questions at a text that a person reads who sees the text: as `can_view_question`, without
    those that were taken back (tested)."""
    rows = Question.objects.about(kind, key).filter(involves(user) | Q(is_private=False))
    return rows.kept().with_people().order_by("-pk")


def with_translations(questions: list[Question], user) -> list[Question]:
    """Give each `working`: part → the translation in the language this person reads best.

    Only what is not in a language they read. One query for all of them.
    """
    order = {code: place for place, code in enumerate(user.reading_languages)}
    for question in questions:
        question.working = {}
    strange = {
        question.pk: question
        for question in questions
        if question.text_language not in order
        or (question.answer and question.answer_language not in order)
    }
    if not strange:
        return questions
    rows = WorkingTranslation.objects.filter(
        content_type=ContentType.objects.get_for_model(Question),
        object_id__in=strange,
        language__in=order,
    ).select_related("by")
    for row in sorted(rows, key=lambda row: -order[row.language]):
        question = strange[row.object_id]
        text = question.answer if row.anchor == "answer" else question.text
        row.is_stale = row.source_hash != source_hash(text)
        question.working[row.anchor] = row
    return questions


def _places() -> set[tuple[str, str]]:
    """Every text at which somebody asked. A query in KEPT_S; forgotten with every change."""
    kept = cache.get(OPEN_QUESTIONS)
    if kept is None:
        rows = Question.objects.kept().order_by("kind", "key")
        kept = set(rows.values_list("kind", "key").distinct())
        cache.set(OPEN_QUESTIONS, kept, KEPT_S)
    return kept
