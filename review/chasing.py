"""Questions whose days run out: the owner is reminded, the lead is told once.

Computed from state: days without beat are caught up, and nothing is told twice,
since what was told is written in the transaction of the message.
"""

import datetime

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from network.calendars import calendars_of
from review.asking import give_to, locked, record
from review.clocks import times
from review.models import Notice, Question, QuestionStep
from review.models.questions import QUESTION_DAYS
from review.owners import choose, lead_above
from touchpoints.api import tell

BATCH = 500  # questions a query, and at most so many in memory
RECOMPUTE_EVERY_S = 3600  # holidays and days away move what is due
NOBODY_AGAIN_S = 600  # how often somebody is looked for where there was nobody
_RECOMPUTED, _LOOKED = "review-questions-recomputed", "review-questions-looked"

log = structlog.get_logger(__name__)


def chase(now: datetime.datetime | None = None) -> int:
    """Tell what falls due by now. Returns how many questions were touched. One query where none."""
    now = now or timezone.now()
    if cache.add(_RECOMPUTED, True, RECOMPUTE_EVERY_S):
        recompute()
        _leave_nobody_with_them()
    rows = Question.objects.to_tell(now).order_by("pk")
    if not cache.add(_LOOKED, True, NOBODY_AGAIN_S):
        rows = rows.filter(owner__isnull=False)
    done = 0
    for pk in list(rows.values_list("pk", flat=True)[:BATCH]):
        done += _tell_of(pk, now)
    return done


@transaction.atomic
def _tell_of(pk: int, now: datetime.datetime) -> bool:
    """One question: another process may have been here first."""
    question = locked(Question(pk=pk))
    if not question.is_open:
        return False
    if question.owner is None:
        return _find_owner(question)
    found = times(
        calendars_of([question.owner_id])[question.owner_id], question.owner_since, QUESTION_DAYS
    )
    notice = found.furthest(now)
    fresh = notice != question.told and notice != ""
    question.due, question.told = found.due, notice or question.told
    question.next_at = found.after(question.told)
    question.save(update_fields=["due", "told", "next_at"])
    if not fresh:
        return False
    if notice == Notice.LATE:
        _escalate(question)
    else:
        record(question, QuestionStep.REMINDED, by=None, to=question.owner)
        tell("review.question_due", question)
    return True


def _escalate(question: Question) -> None:
    """The lead is told, and may answer as well: once for a question, whoever has it later."""
    if question.escalated_at is not None:
        record(question, QuestionStep.REMINDED, by=None, to=question.owner)
        tell("review.question_due", question)
        return
    lead = lead_above(question)
    question.escalated_to, question.escalated_at = lead, timezone.now()
    question.save(update_fields=["escalated_to", "escalated_at"])
    record(question, QuestionStep.ESCALATED, by=None, to=lead)
    tell("review.question_late", question)
    log.info("question_escalated", question=question.pk, to=lead and lead.pk)


def _find_owner(question: Question) -> bool:
    owner = choose(question)
    if owner is None:
        return False
    give_to(question, owner)
    question.save()
    record(question, QuestionStep.HANDED_ON, by=None, to=owner)
    tell("review.question_asked", question)
    return True


def _leave_nobody_with_them() -> None:
    """Open questions of people whose account was closed go to somebody else."""
    left = Question.objects.open().filter(owner__is_active=False).order_by("pk")
    for pk in list(left.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            question = locked(Question(pk=pk))
            if question.is_open and question.owner and not question.owner.is_active:
                give_to(question, None)
                question.save()
                _find_owner(question)


def recompute(questions: QuerySet | None = None) -> int:
    """Compute `due` and `next_at` of open questions anew. Returns how many moved."""
    rows = Question.objects.all() if questions is None else questions
    rows = rows.open().filter(owner__isnull=False).order_by("pk")
    last, moved = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        calendars = calendars_of({question.owner_id for question in batch})
        changed = []
        for question in batch:
            found = times(calendars[question.owner_id], question.owner_since, QUESTION_DAYS)
            after = found.after(question.told)
            if (found.due, after) != (question.due, question.next_at):
                question.due, question.next_at = found.due, after
                changed.append(question)
        Question.objects.bulk_update(changed, ["due", "next_at"], batch_size=BATCH)
        moved += len(changed)
    return moved
