"""Questions on the desk: those that wait for a person, and words to put into a language."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from network.languages import autonym
from network.permissions import is_member, standing
from network.registry import DeskItem, Menu, desk_items, desk_places
from review.models import Question
from review.permissions import can_read_ratings
from review.registry import askable_of

MINUTES_TO_ANSWER = 5
MINUTES_TO_TRANSLATE = 5
SHOWN = 30  # on the desk; the page of questions has them all


def items(user) -> Iterator[DeskItem]:
    """Open questions that this person has, and late ones of their area. One query."""
    if not is_member(user):
        return
    rows = Question.objects.waiting_for(user).with_people().order_by("due", "pk")
    for question in rows[:SHOWN]:
        names = {"person": question.by.display_name}
        if question.owner_id == user.pk:
            what = _("%(person)s asks you. Answer, or hand the question on.")
        else:
            what = _("%(person)s asked, and nobody answered in time. Answer, or hand it on.")
        yield DeskItem(
            title=question.text[:120],
            what=what % names,
            url=reverse("question", args=[question.pk]),
            since=question.asked_at,
            due=question.due,
            minutes=MINUTES_TO_ANSWER,
            state="returned",
            state_label=pgettext("desk", "Question"),
            action=pgettext("action", "Answer"),
            language=question.text_language,
        )


def to_translate(user) -> Iterator[DeskItem]:
    """Public questions and answers that somebody cannot read yet, for a language's translators.

    One query for a translator, and one for each kind of text (four).
    """
    held = [m for m in standing(user).mandates if m.role == "translator"]
    if not is_member(user) or not held:
        return
    languages = {m.language for m in held if m.language}
    wanted = Q(text_wanted_in__in=languages) | Q(answer_wanted_in__in=languages)
    if any(m.scope == "global" for m in held):
        wanted = ~Q(text_wanted_in="") | ~Q(answer_wanted_in="")
    rows = list(Question.objects.shown().filter(wanted).order_by("asked_at", "pk")[:SHOWN])
    seen = _seen(user, rows)
    for question in rows:
        if (question.kind, question.key) not in seen:
            continue
        reads = user.reading_languages
        pairs = (
            (question.text_language, question.text_wanted_in),
            (question.answer_language, question.answer_wanted_in),
        )
        target = next((to for source, to in pairs if to in reads and source in reads), "")
        if target:
            yield DeskItem(
                title=question.text[:120],
                what=_("Put these words into %(language)s: somebody waits for them.")
                % {"language": autonym(target)},
                url=reverse("question", args=[question.pk]) + "#translate",
                since=question.asked_at,
                minutes=MINUTES_TO_TRANSLATE,
                state="translation",
                state_label=pgettext("desk", "Question"),
                action=_("Translate"),
                language=question.text_language,
            )


def _seen(user, rows: list[Question]) -> set[tuple[str, str]]:
    """Those texts of the questions that this person may see. A query a kind."""
    keys: dict[str, set[str]] = {}
    for question in rows:
        keys.setdefault(question.kind, set()).add(question.key)
    return {
        (kind, key)
        for kind, some in keys.items()
        if (askable := askable_of(kind))
        for key in askable.visible(user, some)
    }


def places(user) -> Iterator[Menu]:
    """One's own questions, asked and to answer."""
    if is_member(user):
        yield Menu(_("Questions"), partial(reverse, "questions"), 45)
    if can_read_ratings(user):
        yield Menu(_("Usefulness"), partial(reverse, "ratings"), 46)


def register() -> None:
    """Called once, from the app's ready()."""
    desk_places.register("review_questions", places)
    desk_items.register("review_questions", items)
    desk_items.register("review_question_words", to_translate)
