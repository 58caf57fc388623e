"""One function a change of a question (R6), or of a rating (R11).

Each locks the question and reads it again, vetoes, saves, writes its line of the
log and tells whom it concerns, in one transaction.
"""

import datetime
from functools import partial

import structlog
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.calendars import calendar_of
from network.languages import codes
from network.models import User
from network.permissions import standing
from review.clocks import times
from review.exceptions import ReviewRefused
from review.models import (
    Question,
    QuestionEvent,
    QuestionStep,
    Rating,
    Usefulness,
    WorkingTranslation,
)
from review.models.questions import (
    MAX_ANSWER,
    MAX_QUESTION,
    MAX_REASON,
    OPEN_QUESTIONS,
    QUESTION_DAYS,
)
from review.models.ratings import MAX_RATING_REASON
from review.owners import candidates, choose
from review.permissions import (
    can_answer_question,
    can_ask_question,
    can_hand_on_question,
    can_rate,
    can_translate_question,
    can_withdraw_question,
)
from review.registry import askable_of
from review.rounds import source_hash
from touchpoints.api import tell

REMIND_EVERY = datetime.timedelta(days=1)  # the asker's own reminders
QUESTION, ANSWER = "question", "answer"  # what a translation is of

log = structlog.get_logger(__name__)


@transaction.atomic
def ask(
    kind: str,
    key: str,
    *,
    language: str,
    anchor: str,
    text: str,
    text_language: str,
    is_private: bool,
    by,
) -> Question:
    """A member asks at a place of a text, or at the whole (`anchor` empty).

    Raises PermissionDenied, or ReviewRefused for an empty or long question, an
    unknown language, or a place that is not there.
    """
    askable = askable_of(kind)
    thing = askable.find(key, language) if askable else None
    if thing is None or not can_ask_question(by, kind, thing):
        raise PermissionDenied
    text = said(text, MAX_QUESTION, empty=_("Write your question first."))
    if text_language not in codes():
        raise ReviewRefused(_("Choose the language that you write in."))
    place = next((place for place in askable.places(thing) if place.anchor == anchor), None)
    if anchor and place is None:
        raise ReviewRefused(_("This paragraph is no longer in the text. Choose another place."))
    question = Question(
        kind=kind,
        key=key,
        language=language,
        anchor=anchor,
        title=askable.title(thing)[:255],
        place=str(place.label)[:120] if place else "",
        quoted=place.words if place else "",
        text=text,
        text_language=text_language,
        by=by,
        country_id=country_of(by),
        is_private=is_private or askable.is_private,
        area=askable.area(key, by),
    )
    owner = choose(question)
    give_to(question, owner)
    question.save()
    record(question, QuestionStep.ASKED, by=by, to=owner)
    forget_places()
    tell("review.question_asked", question)
    log.info("question_asked", question=question.pk, kind=kind, key=key, by=by.pk)
    return question


@transaction.atomic
def answer_question(
    question: Question, *, answer: str, language: str, is_private: bool, by
) -> None:
    """Answer it, for all readers of the text or for whoever asked alone; they are told.

    What was asked in private stays so. Raises PermissionDenied, or ReviewRefused
    where it is answered or taken back already, or the answer cannot be taken.
    """
    question = locked(question)
    if not can_answer_question(by, question):
        raise PermissionDenied
    _refuse_unless_open(question)
    if language not in codes():
        raise ReviewRefused(_("Choose the language that you write in."))
    question.answer = said(answer, MAX_ANSWER, empty=_("Write the answer first."))
    question.answer_language = language
    question.answer_wanted_in = wanted_in(language, question.by)
    question.is_private = question.is_private or is_private
    question.answered_by, question.answered_at = by, timezone.now()
    question.next_at = None
    question.save()
    record(question, QuestionStep.ANSWERED, by=by)
    forget_places()
    tell("review.question_answered", question)
    log.info("question_answered", question=question.pk, by=by.pk)


@transaction.atomic
def hand_on(question: Question, *, to: User, reason: str, by) -> None:
    """Give an open question to somebody who knows better; they get their own days.

    Raises PermissionDenied, or ReviewRefused where it is not open any more, no
    reason is given, or that person cannot have it.
    """
    question = locked(question)
    if not can_hand_on_question(by, question):
        raise PermissionDenied
    _refuse_unless_open(question)
    reason = said(reason, MAX_REASON, empty=_("Say in a few words why you hand it on."))
    if to is None or to.pk not in {person.pk for person in candidates(question, by)}:
        raise ReviewRefused(_("Choose one of the people in the list."))
    if by.pk == question.escalated_to_id:
        question.escalated_to = None
    give_to(question, to)
    question.save()
    record(question, QuestionStep.HANDED_ON, by=by, to=to, reason=reason)
    tell("review.question_asked", question)
    log.info("question_handed_on", question=question.pk, by=by.pk, to=to.pk)


@transaction.atomic
def pass_on(kind: str, key: str, *, former: User, to: User, by) -> int:
    """The author of a text is another: open questions the former one owns are theirs, and tell.

    What the new author asked themself goes to whoever else can answer. Returns how many moved.
    """
    rows = Question.objects.about(kind, key).open().filter(owner=former)
    moved = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        question = locked(Question(pk=pk))
        give_to(question, to if question.by_id != to.pk else choose(question))
        question.save()
        record(question, QuestionStep.HANDED_ON, by=by, to=question.owner)
        tell("review.question_asked", question)
        moved += 1
    return moved


@transaction.atomic
def remind(question: Question, *, by) -> None:
    """Whoever asked reminds whoever has it, once a day at most.

    Raises PermissionDenied for anybody else, ReviewRefused where it is too early.
    """
    question = locked(question)
    if not can_withdraw_question(by, question):
        raise PermissionDenied
    _refuse_unless_open(question)
    now = timezone.now()
    last = max(filter(None, [question.owner_since, question.asked_at, question.reminded_at]))
    if now - last < REMIND_EVERY:
        raise ReviewRefused(_("They were told less than a day ago. Remind them tomorrow."))
    question.reminded_at = now
    question.save(update_fields=["reminded_at"])
    record(question, QuestionStep.REMINDED, by=by, to=question.owner)
    tell("review.question_due", question)


@transaction.atomic
def withdraw(question: Question, *, by) -> None:
    """Whoever asked takes an open question back; nobody else sees it any more."""
    question = locked(question)
    if not can_withdraw_question(by, question):
        raise PermissionDenied
    _refuse_unless_open(question)
    question.withdrawn_at, question.next_at = timezone.now(), None
    question.save(update_fields=["withdrawn_at", "next_at"])
    record(question, QuestionStep.WITHDRAWN, by=by)
    forget_places()


@transaction.atomic
def translate_question(question: Question, *, part: str, language: str, text: str, by) -> None:
    """Put the question or its answer beside itself in another language.

    Whoever waited for these words in that language is told. An empty text takes
    the translation away. Raises PermissionDenied for whoever does not read both
    languages, or ReviewRefused.
    """
    question = locked(question)
    source, written_in, longest = words_of(question, part)
    if language not in codes() or not source:
        raise ReviewRefused(_("Choose one of the twelve languages."))
    if not can_translate_question(by, question, written_in, language):
        raise PermissionDenied
    place = {"anchor": part, "language": language}
    rows = WorkingTranslation.objects.of(question).filter(**place)
    if not (text or "").strip():
        rows.delete()
        return
    row = rows.first() or WorkingTranslation(
        content_type=ContentType.objects.get_for_model(Question), object_id=question.pk, **place
    )
    # A translation may be longer than what it says.
    row.text, row.by = said(text, longest * 2, empty=""), by
    row.source_hash = source_hash(source)
    row.save()
    record(question, QuestionStep.TRANSLATED, by=by)
    if settle_wanted(question, part, language):
        question.save(update_fields=["text_wanted_in", "answer_wanted_in"])
    tell("review.question_translated", question, part=part, language=language, by=by.pk)


def words_of(question: Question, part: str) -> tuple[str, str, int]:
    """The words of a part, their language, and how long they may be."""
    if part == ANSWER:
        return question.answer, question.answer_language, MAX_ANSWER
    return question.text, question.text_language, MAX_QUESTION


# --- usefulness (R11) ------------------------------------------------------------------
@transaction.atomic
def rate(kind: str, key: str, *, language: str, score: int, reason: str, by) -> Rating:
    """A reader says how useful a text was, and why; a second word replaces the first.

    Raises PermissionDenied, or ReviewRefused for another score or no reason.
    """
    askable = askable_of(kind)
    thing = askable.find(key, language) if askable else None
    if thing is None or not can_rate(by, kind, thing):
        raise PermissionDenied
    if score not in Usefulness.values:
        raise ReviewRefused(_("Choose how useful it was."))
    reason = said(reason, MAX_RATING_REASON, empty=_("Say in a sentence why."))
    rating, _made = Rating.objects.update_or_create(
        kind=kind,
        key=key,
        by=by,
        defaults={
            "language": language,
            "title": askable.title(thing)[:255],
            "country_id": country_of(by),
            "score": score,
            "reason": reason,
        },
    )
    log.info("rated", kind=kind, key=key, score=score, by=by.pk)
    return rating


# --- what the changes share ------------------------------------------------------------
def locked(question: Question) -> Question:
    """The question as it stands now, alone to us."""
    rows = Question.objects.select_for_update(of=("self",))
    return rows.select_related("by", "owner", "area").get(pk=question.pk)


def give_to(question: Question, owner: User | None) -> None:
    """Name who has it, and start their clock. Not saved."""
    question.owner = owner
    question.owner_since = timezone.now() if owner else None
    question.told, question.reminded_at = "", None
    question.due = question.next_at = None
    question.text_wanted_in = wanted_in(question.text_language, owner) if owner else ""
    if owner is not None:
        found = times(calendar_of(owner), question.owner_since, QUESTION_DAYS)
        question.due, question.next_at = found.due, found.after("")


def wanted_in(language: str, reader: User) -> str:
    """The language of a reader who does not read this one; '' where they do."""
    return "" if language in reader.reading_languages else reader.interface_language


def settle_wanted(question: Question, part: str, language: str) -> bool:
    """Nobody waits any more for words that stand in a language they read. Not saved.

    Returns whether somebody did.
    """
    if part == ANSWER:
        field, reader = "answer_wanted_in", question.by
    else:
        field, reader = "text_wanted_in", question.owner
    if not getattr(question, field) or not reader or language not in reader.reading_languages:
        return False
    setattr(question, field, "")
    return True


def record(question: Question, step: str, *, by, to=None, reason: str = "") -> None:
    """A line of the log."""
    QuestionEvent.objects.create(question=question, step=step, by=by, to=to, reason=reason)


def country_of(user) -> str | None:
    """The code of the country that a person works in."""
    return next((m.distributor.country_id for m in standing(user).memberships), None)


def forget_places() -> None:
    """Now, and again when others can read the change: one of them may ask in between."""
    cache.delete(OPEN_QUESTIONS)
    transaction.on_commit(partial(cache.delete, OPEN_QUESTIONS))


def said(text: str, longest: int, *, empty: str) -> str:
    """The words, or a refusal that says what is wrong with them."""
    text = (text or "").replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise ReviewRefused(empty)
    if len(text) > longest:
        raise ReviewRefused(
            ngettext(
                "At most %(n)s character, please.", "At most %(n)s characters, please.", longest
            )
            % {"n": longest}
        )
    return text


def _refuse_unless_open(question: Question) -> None:
    if question.answered_at is not None:
        raise ReviewRefused(_("Somebody has answered this already."))
    if question.withdrawn_at is not None:
        raise ReviewRefused(_("This question was taken back."))
