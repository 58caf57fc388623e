"""What followed the demo's past dates: lists, evaluations, practice, certificates, reflections.

Answers come in by the transition itself, so that batches are formed as they are
in use. Nobody is mailed about what lies in the past.
"""

import datetime
import itertools

from django.db import transaction
from django.utils import timezone

from gkc_site.demo.people import persona
from network.models import User
from workshops.models import (
    AttendanceList,
    AttendanceMark,
    Enrolment,
    EvaluationRequest,
    PracticeProof,
    ProofEvent,
    Reflection,
    ReflectionStep,
    Session,
)
from workshops.transitions import answer_evaluation, form_for
from workshops.transitions.certifying import write_certificate

# What people chose, in turn: useful, clear, talk, materials, recommend.
LEVELS = itertools.cycle([(5, 4, 3, 4, 5), (4, 4, 4, 3, 4), (5, 5, 2, 4, 5), (3, 4, 3, 3, 4)])
WORDS = itertools.cycle(
    [
        ("Going to see the workshop floor together.", "More time for the exercise."),
        ("", "Send the reading a week before."),
        ("The trainer asked, and waited for our answers.", ""),
        ("", ""),
    ]
)
# How practice ended, in turn; old ones that were not shown have lapsed.
PROOFS = itertools.cycle(["accepted", "accepted", "accepted", "lapsed", "accepted"])
PRACTICE = "Four weeks of the board in our branch: 91 of 100 cars were ready at the promised hour."
FIRST_WEEK = (
    "A week of asking first: ten talks began with what the car is for, and four of them ended "
    "with another model than we had thought of."
)
GAP = ("Half of the group could draw the flow by themselves", "All of them can by the last hour")
ACTION = "One more exercise on the floor, before the break"


def load_after() -> int:
    """For past example dates without a closed list. Returns how many certificates were given."""
    past = Session.objects.filter(is_example=True, state="done", attendance_list__isnull=True)
    past = list(past.select_related("programme").order_by("starts_at"))
    if not past:
        return 0
    trainer = User.objects.get(email=persona("mei")["email"])
    given = sum(_follow(session, trainer) for session in past)
    _reflect(past, trainer)
    return given


@transaction.atomic
def _follow(session: Session, trainer: User) -> int:
    closed = session.ends_at
    rows = Enrolment.objects.filter(session=session, state__in=["attended", "no_show"])
    people = list(rows.select_related("user", "distributor").order_by("pk"))
    AttendanceMark.objects.bulk_create(
        [
            AttendanceMark(
                enrolment=row, day=day, is_present=row.state == "attended", at=closed, by=trainer
            )
            for row in people
            for day in session.days.all()
        ]
    )
    AttendanceList.objects.create(session=session, closed_at=closed, closed_by=trainer)
    came = [row for row in people if row.state == "attended"]
    for row in came:
        row.session = session
    asked = _ask(session, came, closed)
    if session.programme.proof_days is not None:
        for row in came:
            _show(session, row, trainer, next(PROOFS))
    given = 0
    for row in came:
        proof = PracticeProof.objects.filter(enrolment=row).first()
        if session.programme.gives_certificate and (proof is None or proof.state == "accepted"):
            if row.pk in asked:
                with transaction.atomic():
                    row = Enrolment.objects.select_related("proof").get(pk=row.pk)
                    write_certificate(row, closed + datetime.timedelta(days=8))
                given += 1
    return given


def _ask(session: Session, came: list[Enrolment], closed: datetime.datetime) -> set[int]:
    """All but the last of a session have answered. Returns whose evaluation is there."""
    if not session.programme.has_evaluation:
        return {row.pk for row in came}
    form = form_for(session.programme)
    requests = EvaluationRequest.objects.bulk_create(
        [
            EvaluationRequest(enrolment=row, form=form, asked_at=closed, reminded_at=closed)
            for row in came
        ]
    )
    scales = [str(one.key) for one in form.questions.all() if one.kind == "scale"]
    words = [str(one.key) for one in form.questions.all() if one.kind == "words"]
    for request in requests[:-1]:
        given = dict(zip(scales, next(LEVELS), strict=False))
        said = dict(zip(words, next(WORDS), strict=False))
        answer_evaluation(request, given | said, by=request.enrolment.user)
    return {request.enrolment_id for request in requests[:-1]}


def _show(session: Session, row: Enrolment, trainer: User, state: str) -> None:
    due = session.last_day + datetime.timedelta(days=session.programme.proof_days)
    is_over = due < timezone.localdate()
    if not is_over:
        # One waits for the trainer; the others are still practising.
        is_first = not PracticeProof.objects.filter(enrolment__session=session).exists()
        state = "handed_in" if is_first else "due"
    is_shown = state in ("accepted", "handed_in")
    words = FIRST_WEEK if state == "handed_in" else PRACTICE
    at = session.ends_at + datetime.timedelta(days=7)
    proof = PracticeProof.objects.create(
        enrolment=row,
        due_on=due,
        state=state,
        since=at if is_shown else session.ends_at,
        reminders=2 if is_over else 0,
        text=words if is_shown else "",
    )
    events = [("hand_in", row.user, words), ("accept", trainer, "")]
    for verb, by, said in events[: {"handed_in": 1, "accepted": 2}.get(state, 0)]:
        ProofEvent.objects.create(proof=proof, verb=verb, by=by, words=said, at=at)


def _reflect(past: list[Session], trainer: User) -> None:
    """An older one is settled; the newest comes back to the desk today."""
    taught = [one for one in past if one.trainers.filter(pk=trainer.pk).exists()]
    if len(taught) < 2:
        return
    today = timezone.localdate()
    for session, days, is_settled in ((taught[0], 30, True), (taught[-1], 0, False)):
        due = session.last_day + datetime.timedelta(days=days) if is_settled else today
        made = Reflection.objects.create(
            session=session,
            author=trainer,
            owner=trainer,
            gap_from=GAP[0],
            gap_to=GAP[1],
            action=ACTION,
            due_on=due,
            is_settled=is_settled,
            written_at=session.ends_at,
        )
        if is_settled:
            words = "Done: in the next session all but one could draw it."
            ReflectionStep.objects.create(reflection=made, by=trainer, words=words)
