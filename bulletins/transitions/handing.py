"""Who has a step of a story: opened for somebody, handed on, turned down, given by a lead."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from bulletins import assignment
from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, Stage
from bulletins.permissions import can_assign_review, has_interest_in, is_neutral_reviewer
from bulletins.transitions.core import STEP_OF, changing, need_reason, record, source_page
from bulletins.working_words import readable_since
from network.permissions import campaigns_in, is_editor, is_member
from review.api import Decision, close_review, current_review, gave_away, open_review
from touchpoints.api import tell

STAGE_OF = {step: stage for stage, step in STEP_OF.items()}


def open_step(case: Case, step: str, person, *, by, revision) -> None:
    """Open a person's review with its clock, and tell them; inside a running transition.

    A neutral reviewer who reads neither the story nor a translation of it has
    their days from when the working translation is there.
    """
    open_review(
        case,
        step=step,
        reviewer=person,
        by=by,
        revision=revision,
        days=assignment.clock_days(case, step),
        waits=must_wait(case, step, person),
    )
    tell("bulletins.review_assigned", case, step=step)


def must_wait(case: Case, step: str, person) -> bool:
    """Whether a neutral reviewer cannot read the story yet. No query for who reads its language."""
    return step == "neutral" and case.pk not in readable_since([(case, person)])


def give_to(case: Case, person, *, step: str, by, reason: str, revision, verb="hand_on") -> None:
    """Make a person the holder of a step; nobody where None, and the lead is told."""
    stage = STAGE_OF[step]
    if person is None and step == "area":
        stage = Stage.SUBMITTED
    record(case, stage, verb=verb, by=by, holder=person, reason=reason, revision=revision)
    if person is None:
        tell("bulletins.nobody_eligible", case, step=step)
        return
    open_step(case, step, person, by=by, revision=revision)


def next_reviewer(
    case: Case,
    step: str,
    *,
    without=None,
    pool: assignment.Pool | None = None,
    present: bool | None = None,
):
    """The next eligible person for a step; None if there is none.

    Not `without`, nor anybody who turned it down, named a conflict, or handed
    it on in this round. `present` as in `Pool.choose`.
    """
    passed = gave_away(Case, [case.pk], step).get(case.pk, set())
    passed |= {without.pk} if without is not None else set()
    pool = pool or assignment.pool_for(step)
    if step == "neutral":
        return assignment.neutral_reviewer(case, without=passed, pool=pool, present=present)
    if step == "editing":
        return assignment.editor_for(case, without=passed, pool=pool, present=present)
    area = case.deciding_area or case.review_area
    return pool.choose(
        lambda person: pool.works_in(person, area) and not has_interest_in(person, case),
        language=case.source_language,
        days=assignment.clock_days(case, "area"),
        without=passed,
        present=present,
    )


def hand_on(case: Case, *, by, reason: str = "", conflict: bool = False) -> None:
    """The reviewer hands the story to the next eligible person, or names a conflict of interest.

    Raises PermissionDenied for anybody but the holder, TransitionRefused
    where nobody else is eligible (then the story stays, and the lead is told).
    """
    with changing(case) as locked:
        step = _held_step(locked, by)
        nominee = next_reviewer(locked, step, without=by)
        if nominee is None and not conflict:
            raise TransitionRefused(
                _("Nobody else can take this story. Tell the lead of the area, or name a conflict.")
            )
        decision = Decision.CONFLICT if conflict else Decision.HANDED_ON
        _give_away(locked, nominee, step=step, by=by, decision=decision, reason=reason)


def turn_down(case: Case, *, by, reason: str) -> None:
    """The reviewer does not take the story, and says why. It goes to the next eligible person;
    to nobody where there is none, and the lead is told.

    Raises PermissionDenied for anybody but the holder, TransitionRefused without a reason.
    """
    with changing(case) as locked:
        step = _held_step(locked, by)
        reason = need_reason(reason, _("Say why: the lead of the area reads your reason."))
        nominee = next_reviewer(locked, step, without=by)
        _give_away(
            locked,
            nominee,
            step=step,
            by=by,
            decision=Decision.TURNED_DOWN,
            reason=reason,
            verb="turn_down",
        )


def assign_review(case: Case, *, to, by, reason: str) -> None:
    """A lead or editor gives the story to a person of their choice, with a reason.

    Raises PermissionDenied, or TransitionRefused where that person has an
    interest in the story or no mandate for the step.
    """
    with changing(case) as locked:
        if not can_assign_review(by, locked):
            raise PermissionDenied
        step = STEP_OF.get(locked.stage) or ("area" if locked.stage == Stage.SUBMITTED else None)
        if step is None:
            raise TransitionRefused(_("This story waits for no reviewer."))
        reason = need_reason(reason)
        fits = {
            "area": can_take_area(to, locked),
            "neutral": is_neutral_reviewer(to, locked),
            "editing": can_take_editing(to, locked),
        }[step]
        if not fits:
            raise TransitionRefused(
                _("%(name)s cannot review this story: no mandate for it, or an interest in it.")
                % {"name": to.display_name}
            )
        if current_review(locked):
            close_review(locked, decision=Decision.HANDED_ON, by=by, reason=reason)
        revision = source_page(locked).get_latest_revision()
        give_to(locked, to, step=step, by=by, reason=reason, revision=revision, verb="assign")


def can_take_area(person, case: Case) -> bool:
    """Whether a person may decide the story's area step."""
    area = case.deciding_area or case.review_area
    return campaigns_in(person, area) and not has_interest_in(person, case)


def can_take_editing(person, case: Case) -> bool:
    """Whether a person may decide the story's editing step."""
    return is_editor(person) and not has_interest_in(person, case)


def _held_step(case: Case, by) -> str:
    step = STEP_OF.get(case.stage)
    # Nobody has no id either: whoever is not signed in never holds what nobody has.
    if step is None or not is_member(by) or case.holder_id != by.pk:
        raise PermissionDenied
    return step


def _give_away(case: Case, nominee, *, step, by, decision, reason, verb="hand_on") -> None:
    revision = source_page(case).get_latest_revision()
    close_review(case, decision=decision, by=by, reason=reason)
    give_to(case, nominee, step=step, by=by, reason=reason, revision=revision, verb=verb)
