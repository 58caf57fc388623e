"""An evaluation is answered without a name, and shown in batches of five and more.

Why a batch is never divided: what is shown at two moments, or in two views, may
be subtracted. Whatever is shown is a sum of batches, so is the difference.
"""

import contextlib
import datetime
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from network.tree import writing_in_turn
from touchpoints.api import tell
from workshops.exceptions import TransitionRefused
from workshops.models import (
    AttendanceList,
    EvaluationBatch,
    EvaluationForm,
    EvaluationRequest,
    EvaluationSheet,
    Programme,
    QuestionKind,
    Session,
)
from workshops.permissions import can_answer_evaluation
from workshops.questions import SCALE

SHOWN_FROM = 5  # answers
# Days in which a session gathers its own answers; what is left then is pooled.
GATHERED_DAYS = 21
REMIND_AFTER_DAYS = 7
MAX_WORDS = 2000  # characters an answer
MOST_A_RUN = 200
_shuffle = random.SystemRandom().shuffle


def answer_evaluation(request: EvaluationRequest, answers: Mapping[str, int | str], *, by) -> None:
    """Store what an attendee says. Nothing that is written leads from the answers to them.

    `answers` maps a question's key to 1 to 5, or words. Raises PermissionDenied,
    or TransitionRefused where they answered before, or left a scale open.
    """
    session_id = request.enrolment.session_id
    programme_id = Session.objects.values_list("programme", flat=True).get(pk=session_id)
    with _alone(programme_id):
        found = EvaluationRequest.objects.select_related("enrolment").get(pk=request.pk)
        if not can_answer_evaluation(by, found):
            raise PermissionDenied
        if found.has_answered:
            raise TransitionRefused(_("You have answered already. Nobody can find your answers."))
        cleaned = _cleaned(found.form, answers)
        EvaluationRequest.objects.filter(pk=found.pk).update(has_answered=True)
        session = Session.objects.select_related("country").get(pk=session_id)
        _store(session, found.form_id, cleaned)
        _show(session)


def pool_answers(now: datetime.datetime | None = None) -> int:
    """Show what sessions left of their answers once five of the same programme and trainers have
    come together. Returns how many batches."""
    now = now or timezone.now()
    waiting = EvaluationSheet.objects.filter(batch__isnull=True)
    programmes = Programme.objects.filter(sessions__in=waiting.values("session")).distinct()
    made = 0
    for pk in list(programmes.order_by("pk").values_list("pk", flat=True)):
        with _alone(pk):
            made += _pool(pk, now)
    return made


def remind_to_evaluate(now: datetime.datetime | None = None, most: int = MOST_A_RUN) -> int:
    """Remind once those who have not answered after a week. Returns how many were told."""
    now = now or timezone.now()
    before = now - datetime.timedelta(days=REMIND_AFTER_DAYS)
    due = EvaluationRequest.objects.filter(
        has_answered=False, reminded_at__isnull=True, asked_at__lte=before
    )
    told = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            if due.filter(pk=pk).update(reminded_at=now):
                row = EvaluationRequest.objects.select_related("enrolment__user").get(pk=pk)
                tell("workshops.evaluation_reminder", row.enrolment)
                told += 1
    return told


# --- parts --------------------------------------------------------------------------------
@contextlib.contextmanager
def _alone(programme_id: int) -> Iterator[None]:
    """Alone with a programme's evaluations, in one transaction."""
    with writing_in_turn(), transaction.atomic():
        Programme.objects.select_for_update(no_key=True).get(pk=programme_id)
        yield


def _cleaned(form: EvaluationForm, answers: Mapping) -> dict[str, int | str]:
    """In the order of the form, whatever order they came in. Raises TransitionRefused."""
    cleaned: dict[str, int | str] = {}
    for question in form.questions.all():
        key, given = str(question.key), answers.get(str(question.key))
        if question.kind == QuestionKind.SCALE:
            if given not in SCALE:
                raise TransitionRefused(_("Answer every question that has a scale."))
            cleaned[key] = int(given)
        elif words := str(given or "").strip():
            if len(words) > MAX_WORDS:
                raise TransitionRefused(_("An answer is too long. Shorten it, then send."))
            cleaned[key] = words
    return cleaned


def _store(session: Session, form_id: int, cleaned: dict) -> None:
    """Write the sheet together with all of the session that wait, in random order, with new keys:
    neither key nor order of the rows says which came last."""
    waiting = EvaluationSheet.objects.filter(session=session, batch__isnull=True)
    rows = [*waiting.values_list("form", "answers"), (form_id, cleaned)]
    _shuffle(rows)
    waiting.delete()
    EvaluationSheet.objects.bulk_create(
        [EvaluationSheet(session=session, form_id=form, answers=given) for form, given in rows]
    )


def _show(session: Session) -> None:
    """Five and more of one session and one form are shown; what is left is pooled when the
    session gathers no longer."""
    by_form: dict[int, list] = defaultdict(list)
    rows = EvaluationSheet.objects.filter(session=session, batch__isnull=True)
    for sheet in rows:
        by_form[sheet.form_id].append(sheet)
    for sheets in by_form.values():
        if len(sheets) >= SHOWN_FROM:
            _release(session.programme_id, sheets, [session])
    _pool(session.programme_id, timezone.now())


def _pool(programme_id: int, now: datetime.datetime) -> int:
    """Batches over sessions that gather no longer: of the same trainers and the same form."""
    over = Session.objects.filter(programme=programme_id).filter(_gathered(now))
    rows = EvaluationSheet.objects.filter(batch__isnull=True, session__in=over)
    sheets = list(rows.select_related("session__country").order_by("pk"))
    trainers = _trainers({sheet.session_id for sheet in sheets})
    pools: dict[tuple, list] = defaultdict(list)
    for sheet in sheets:
        pools[trainers[sheet.session_id], sheet.form_id].append(sheet)
    made = 0
    for found in pools.values():
        if len(found) >= SHOWN_FROM:
            sessions = {sheet.session_id: sheet.session for sheet in found}
            _release(programme_id, found, list(sessions.values()))
            made += 1
    return made


def _gathered(now: datetime.datetime) -> Q:
    """Sessions of which no more answers are awaited: the time is over, or everybody answered."""
    long_ago = AttendanceList.objects.filter(
        closed_at__lte=now - datetime.timedelta(days=GATHERED_DAYS)
    )
    open_ones = EvaluationRequest.objects.filter(has_answered=False)
    return Q(pk__in=long_ago.values("session")) | ~Q(pk__in=open_ones.values("enrolment__session"))


def _trainers(sessions: set[int]) -> dict[int, frozenset[int]]:
    pairs = Session.trainers.through.objects.filter(session__in=sessions)
    found: dict[int, set[int]] = {pk: set() for pk in sessions}
    for session, user in pairs.values_list("session", "user"):
        found[session].add(user)
    return {pk: frozenset(people) for pk, people in found.items()}


def _release(programme_id: int, sheets: list, sessions: list[Session]) -> EvaluationBatch:
    places = {_place(session) for session in sessions}
    region, area = places.pop() if len(places) == 1 else (None, None)
    batch = EvaluationBatch.objects.create(
        programme_id=programme_id,
        session=sessions[0] if len(sessions) == 1 else None,
        region_id=region,
        review_area_id=area,
        released_on=timezone.localdate(),
        size=len(sheets),
    )
    batch.trainers.set(sessions[0].trainers.all())
    keys = [sheet.pk for sheet in sheets]
    EvaluationSheet.objects.filter(pk__in=keys).update(batch=batch)
    return batch


def _place(session: Session) -> tuple[int | None, int | None]:
    """(region, review area) of the session's country; nothing where it is online."""
    country = session.country
    if country is None:
        return None, None
    return (country.region_id, None) if country.region_id else (None, country.review_area_id)
