"""An online lab is begun, read on, answered and ended; where a person is stands in a row (R29)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.working_days import local_day
from workshops.eligibility import eligibility, forget_courses
from workshops.exceptions import NotEligible, TransitionRefused
from workshops.lessons import Step, after, share, steps_of
from workshops.models import CourseRecord, LabAnswer, LabRun, LabState, Programme, ProgrammePage
from workshops.transitions.core import fresh, system
from workshops.transitions.wishing import ask_again


def begin_lab(programme: Programme, page: ProgrammePage, *, by) -> LabRun:
    """The person's open run, or a new one from the first step. Twice gives the same run.

    Raises NotEligible, or TransitionRefused where the programme has no lab.
    """
    steps = steps_of(page)
    if not steps or programme.is_archived:
        raise TransitionRefused(_("This programme has no online lab now."))
    person = fresh(by)
    open_to = eligibility(person, programme)
    if not open_to.open:
        raise NotEligible(open_to)
    with transaction.atomic():
        run, _is_new = LabRun.objects.get_or_create(
            user=person,
            programme=programme,
            state=LabState.OPEN,
            defaults={"step": steps[0].id},
        )
    return run


def read_on(run: LabRun, page: ProgrammePage, step_id: str, *, by) -> LabRun:
    """Leave a step behind: the person goes on at the next one, now or on another day.

    Behind the last step the run ends. Nobody is sent back by reading an
    earlier step again. Raises TransitionRefused where a question is still to
    be answered, or the run has ended.
    """
    with transaction.atomic():
        run, steps = _open(run, by), steps_of(page)
        answers = {answer.question: answer for answer in run.answers.all()}
        step = _step(steps, step_id)
        if step.is_question and step.id not in answers:
            raise TransitionRefused(_("Choose an answer first."))
        following = after(steps, step.id)
        if following is not None:
            places = {one.id: one.place for one in steps}
            if following.place > places.get(run.step, 0):
                run.step = following.id
                run.save(update_fields=["step"])
            return run
        unanswered = [one for one in steps if one.is_question and one.id not in answers]
        if unanswered:
            run.step = unanswered[0].id
            run.save(update_fields=["step"])
            return run
        return _end(run, steps, answers)


def answer(run: LabRun, page: ProgrammePage, step_id: str, chosen: list[int], *, by) -> LabAnswer:
    """Answer a question, once; a second answer changes nothing and gives the first.

    Raises TransitionRefused where nothing or something else was chosen.
    """
    with transaction.atomic():
        run, steps = _open(run, by), steps_of(page)
        step = _step(steps, step_id)
        known = {number for number, _words in step.options} if step.is_question else set()
        picked = sorted(set(chosen) & known)
        if not picked or (len(picked) > 1 and not step.takes_several):
            raise TransitionRefused(_("Choose an answer first."))
        given, is_new = LabAnswer.objects.get_or_create(
            run=run,
            question=step.id,
            defaults={"chosen": picked, "is_right": step.is_right(picked)},
        )
        if is_new:
            _keep_place(run, steps, step)
        return given


def _keep_place(run: LabRun, steps: list[Step], step: Step) -> None:
    """A question that was answered ahead of the position is where the person goes on."""
    places = {one.id: one.place for one in steps}
    if step.place > places.get(run.step, 0):
        run.step = step.id
        run.save(update_fields=["step"])


def _open(run: LabRun, by) -> LabRun:
    """The run as it stands, alone to us. Raises TransitionRefused once it has ended."""
    found = LabRun.objects.select_for_update().get(pk=run.pk, user=by)
    if found.state != LabState.OPEN:
        raise TransitionRefused(_("This run has ended. Its result stands below."))
    return found


def _step(steps: list[Step], step_id: str) -> Step:
    found = next((step for step in steps if step.id == step_id), None)
    if found is None:
        raise TransitionRefused(_("The lessons have changed. Go on where you are."))
    return found


def _end(run: LabRun, steps: list[Step], answers: dict[str, LabAnswer]) -> LabRun:
    asked = [step.id for step in steps if step.is_question]
    run.score = share(sum(answers[one].is_right for one in asked), len(asked))
    mark = Programme.objects.values_list("pass_mark", flat=True).get(pk=run.programme_id)
    run.state = LabState.PASSED if run.score >= mark else LabState.FAILED
    run.step, run.ended_at = "", timezone.now()
    run.save(update_fields=["score", "state", "step", "ended_at"])
    if run.state == LabState.PASSED:
        _record(run)
    return run


def _record(run: LabRun) -> None:
    """The course is done, and counts: the site saw it."""
    day = local_day(run.ended_at, run.user.time_zone)
    made, _is_new = CourseRecord.objects.select_for_update().get_or_create(
        user_id=run.user_id, programme_id=run.programme_id, done_on=day
    )
    if made.confirmed_at is None:
        made.confirmed_by, made.confirmed_at = system(), run.ended_at
        made.save(update_fields=["confirmed_by", "confirmed_at"])
        ask_again(run.user)  # it may open another programme
    forget_courses(run.user)
