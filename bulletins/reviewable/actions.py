"""The buttons of the desk for a story: who sees which, and why one is off."""

from functools import partial

from django.utils.translation import gettext as _

from bulletins import assignment
from bulletins.exceptions import TransitionRefused
from bulletins.models import Audience, BulletinIssue, Case, IssueStage, Stage
from bulletins.permissions import (
    can_answer_appeal,
    can_assign_review,
    can_decide_case,
    can_manage_issues,
    can_return_case,
    can_revive_case,
    has_interest_in,
    why_not_decide,
)
from bulletins.reviewable.shown import step as step_of
from bulletins.timeline import ENDED
from bulletins.transitions import (
    answer_appeal,
    archive_case,
    assign_review,
    clear_public,
    decide_case,
    hand_on,
    make_ready,
    publish_ready,
    revive_case,
    turn_down,
)
from bulletins.transitions.publishing import why_not_clear
from network.localize import date_text
from network.permissions import is_editor
from review.api import judges
from review.registry import Action


def actions(case: Case, user) -> list[Action]:
    """In order: the decision, then other ways. Queries grow with no list."""
    step = step_of(case)
    found: list[Action] = []
    if step:
        found += _editing(case, user) if step == "editing" else [_approve(case, user, step)]
        found += _against(case, user, step)
    if step and case.holder_id == user.pk:
        found += _hand_on(case)
    if can_assign_review(user, case) and (step or case.stage == Stage.SUBMITTED):
        found.append(_assign(case, step or "area"))
    if case.stage == Stage.READY and is_editor(user) and not has_interest_in(user, case):
        found.append(
            Action(
                "publish_ready",
                _("Publish now"),
                lambda *, by, **_given: publish_ready(case, by=by),
                _("The story is published."),
            )
        )
    if case.stage == Stage.DECLINED and is_editor(user):
        found += _appeal(case, user)
    if case.stage in ENDED and can_revive_case(user, case):
        found.append(_revive(case))
    if case.stage == Stage.PUBLISHED and is_editor(user):
        found += _published(case)
    return found


def _appeal(case: Case, user) -> list[Action]:
    """An editor's answer to an appeal; nothing where none waits."""
    if not Case.objects.appealed().filter(pk=case.pk).exists():
        return []
    mine = case.holder_id in (None, user.pk) and can_answer_appeal(user, case, judges(case))
    why_not = "" if mine else _("An editor of no involved region answers this appeal.")

    def answer(upholds, *, by, reason, **_given):
        answer_appeal(case, by=by, upholds=upholds, reason=reason)

    return [
        Action(
            "appeal_uphold",
            _("Uphold the appeal"),
            partial(answer, True),
            _("The story is reviewed once more, by somebody else."),
            why_not=why_not,
            needs_reason=True,
        ),
        Action(
            "appeal_refuse",
            _("Refuse the appeal"),
            partial(answer, False),
            _("The appeal is refused. The story stays declined."),
            why_not=why_not,
            needs_reason=True,
        ),
    ]


def _revive(case: Case) -> Action:
    return Action(
        "revive",
        _("Bring the story back"),
        lambda *, by, reason, **_given: revive_case(case, by=by, reason=reason),
        _("The story is back."),
        needs_reason=True,
        group="more",
    )


def _published(case: Case) -> list[Action]:
    """What an editor does with a story that is out: open it to everyone (R7), archive it."""
    found = []
    if case.audience != Audience.PUBLIC:
        found.append(
            Action(
                "clear_public",
                _("Open to everyone"),
                lambda *, by, **_given: clear_public(case, by=by),
                _("Everyone can read the story now."),
                why_not=why_not_clear(case),
            )
        )
    found.append(
        Action(
            "archive",
            _("Archive"),
            lambda *, by, reason, **_given: archive_case(case, by=by, reason=reason),
            _("The story is archived."),
            needs_reason=True,
            group="more",
        )
    )
    return found


def _decide(case, decision, *, by, reason, rubric, step, seen_revision, **_given) -> None:
    decide_case(
        case,
        decision=decision,
        by=by,
        reason=reason,
        rubric=rubric,
        step=step,
        seen_revision=seen_revision,
    )


def _approve(case: Case, user, step: str) -> Action:
    label = _("Approve") if step == "area" else _("Approve and give to the editors")
    return Action(
        "approve",
        label,
        partial(_decide, case, "approve"),
        _("The story is approved at this step."),
        why_not=why_not_decide(user, case, step),
    )


def _editing(case: Case, user) -> list[Action]:
    why_not = why_not_decide(user, case, "editing")
    choices = [("", _("without an issue"))]
    planned = []
    if can_manage_issues(user):
        planned = list(BulletinIssue.objects.filter(stage=IssueStage.PLANNED).order_by("month"))
        choices += [(str(issue.pk), _issue_words(issue)) for issue in planned]

    def ready(*, by, choice, seen_revision, reason, **_given):
        issue = next((issue for issue in planned if str(issue.pk) == choice), None)
        if choice and issue is None:
            raise TransitionRefused(_("This issue no longer takes stories. Choose again."))
        make_ready(case, by=by, issue=issue, seen_revision=seen_revision, reason=reason)

    return [
        Action(
            "approve",
            _("Publish now"),
            partial(_decide, case, "approve"),
            _("The story is published."),
            why_not=why_not,
        ),
        Action(
            "ready",
            _("Ready"),
            ready,
            _("The story is ready."),
            why_not=why_not,
            choices=tuple(choices),
            choice_label=_("Issue"),
        ),
    ]


def _issue_words(issue: BulletinIssue) -> str:
    return _("with issue %(number)s, %(month)s") % {
        "number": issue.number,
        "month": date_text(issue.month, "month"),
    }


def _against(case: Case, user, step: str) -> list[Action]:
    refused = why_not_decide(user, case, step)
    return [
        Action(
            "request_changes",
            _("Return for changes"),
            partial(_decide, case, "request_changes"),
            _("The story is with its author again."),
            why_not="" if can_return_case(user, case, step) else refused,
            needs_reason=True,
        ),
        Action(
            "decline",
            _("Decline"),
            partial(_decide, case, "decline"),
            _("The story is declined."),
            why_not="" if can_decide_case(user, case, step) else refused,
            needs_reason=True,
        ),
    ]


def _hand_on(case: Case) -> list[Action]:
    def give(conflict, *, by, reason, **_given):
        hand_on(case, by=by, reason=reason, conflict=conflict)

    return [
        Action(
            "hand_on",
            _("Hand on to another reviewer"),
            partial(give, False),
            _("Somebody else has the story now."),
            group="more",
        ),
        Action(
            "turn_down",
            _("I cannot take this review"),
            lambda *, by, reason, **_given: turn_down(case, by=by, reason=reason),
            _("You no longer have this story."),
            needs_reason=True,
            group="more",
        ),
        Action(
            "conflict",
            _("I have a conflict of interest"),
            partial(give, True),
            _("You no longer have this story."),
            group="more",
        ),
    ]


def _assign(case: Case, step: str) -> Action:
    people = [person for person in assignment.candidates(case, step) if person != case.holder]

    def assign(*, by, choice, reason, **_given):
        to = next((p for p in people if str(p.pk) == choice), None)
        if to is None:
            raise TransitionRefused(_("Choose who is to have the story."))
        assign_review(case, to=to, by=by, reason=reason)

    return Action(
        "assign",
        _("Give to this person"),
        assign,
        _("The story has another reviewer."),
        why_not="" if people else _("Nobody else can take this step."),
        needs_reason=True,
        choices=tuple((str(person.pk), person.display_name) for person in people),
        choice_label=_("Reviewer"),
        group="more",
    )
