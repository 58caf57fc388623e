"""After the end of a story's way: the author appeals, an editor answers; a story is revived.

An appeal is open while its event is the newest of those in `TURNS`. The story
stays declined meanwhile, in the hands of an editor of no involved region; in
nobody's where there is none, and the sweep looks again.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins import assignment
from bulletins.exceptions import TransitionRefused
from bulletins.models import Case, CaseEvent, Stage
from bulletins.permissions import (
    can_answer_appeal,
    can_archive_case,
    can_revive_case,
    is_author,
)
from bulletins.queries import APPEAL_TURNS
from bulletins.transitions import mirror
from bulletins.transitions.core import (
    STEP_OF,
    changing,
    need_reason,
    record,
    refuse_unless,
    source_page,
)
from bulletins.transitions.handing import give_to, next_reviewer
from bulletins.transitions.reviewing import to_editing
from review.api import (
    Decision,
    close_review,
    gave_away,
    judges,
    open_review,
    overturn,
    void_open_review,
)
from touchpoints.api import tell

# Days after a decline in which its author may appeal.
APPEAL_DAYS = 30


def last_turn(case: Case) -> CaseEvent | None:
    """The newest event of a decline and its appeal. One query."""
    return case.events.filter(verb__in=APPEAL_TURNS).select_related("by").last()


def may_still_appeal(case: Case, turn: CaseEvent | None) -> bool:
    """Once for each decline, within its days. `turn` is that of `last_turn`."""
    if case.stage != Stage.DECLINED or turn is None or turn.verb != "decline":
        return False
    return timezone.now() < appeal_until(turn)


def appeal_until(turn: CaseEvent) -> datetime.datetime:
    """The last moment to appeal against a decline."""
    return turn.at + datetime.timedelta(days=APPEAL_DAYS)


def appeal_case(case: Case, *, by, reason: str) -> None:
    """An author asks an editor of no involved region to look at a decline again.

    Raises PermissionDenied, or TransitionRefused where the story is not
    declined, its days are over, or this decline was appealed against before.
    """
    with changing(case) as locked:
        if not is_author(by, locked):
            raise PermissionDenied
        refuse_unless(locked, {Stage.DECLINED}, _("Only a declined story can be appealed."))
        turn = last_turn(locked)
        if turn is None or turn.verb != "decline":
            raise TransitionRefused(_("An appeal is made once for each decline."))
        if not may_still_appeal(locked, turn):
            raise TransitionRefused(_("The days in which you could appeal are over."))
        reason = need_reason(reason, _("Say why: the editor reads your reason."))
        _give_appeal(locked, verb="appeal", by=by, reason=reason)


def _give_appeal(case: Case, *, verb: str, by, reason: str = "") -> None:
    """To the editor with the fewest open reviews among those of no involved region."""
    revision = source_page(case).get_latest_revision()
    editor = _free_editor(case)
    record(case, Stage.DECLINED, verb=verb, by=by, holder=editor, reason=reason, revision=revision)
    if editor is not None:
        days = assignment.EDITING_DAYS
        open_review(case, step="appeal", reviewer=editor, by=by, revision=revision, days=days)
    tell("bulletins.appeal_made", case)


def _free_editor(case: Case):
    people = judges(case)
    pool = assignment.Pool.of_editors()
    passed = gave_away(Case, [case.pk], "appeal").get(case.pk, set())
    return pool.choose(
        lambda person: can_answer_appeal(person, case, people),
        language=case.source_language,
        days=assignment.EDITING_DAYS,
        without=passed,
    )


def answer_appeal(case: Case, *, by, upholds: bool, reason: str) -> None:
    """The editor upholds the appeal, or refuses it, with a reason.

    Upheld, the story returns to the step it was declined at, with another
    reviewer. Author and whoever declined are told either way. Raises
    PermissionDenied for anybody but the holder (where nobody holds it: any
    editor of no involved region), or TransitionRefused.
    """
    with changing(case) as locked:
        refuse_unless(locked, {Stage.DECLINED}, _("No appeal waits for an answer."))
        turn = last_turn(locked)
        if turn is None or turn.verb not in ("appeal", "appeal_given"):
            raise TransitionRefused(_("No appeal waits for an answer."))
        holds = locked.holder_id in (None, by.pk)
        if not holds or not can_answer_appeal(by, locked, judges(locked)):
            raise PermissionDenied
        reason = need_reason(reason)
        declined = locked.events.filter(verb="decline").last()
        decision = Decision.APPROVE if upholds else Decision.DECLINE
        close_review(locked, decision=decision, by=by, reason=reason)
        if upholds:
            _return_to_step(locked, declined, by=by, reason=reason)
        else:
            record(locked, Stage.DECLINED, verb="appeal_refused", by=by, holder=None, reason=reason)
        tell("bulletins.appeal_answered", locked, upheld=upholds, reason=reason)
        tell("bulletins.appeal_known", locked, upheld=upholds, reason=reason, who=declined.by_id)


def _return_to_step(case: Case, declined: CaseEvent, *, by, reason: str) -> None:
    page = source_page(case)
    step = STEP_OF[declined.old]
    overturn(case, because=reason)
    passed = gave_away(Case, [case.pk], step).get(case.pk, set()) | {declined.by_id, by.pk}
    if step == "area":
        area, person = assignment.area_reviewer(case, without=passed)
        case.deciding_area = area if area and area.pk != case.review_area_id else None
    else:
        person = next_reviewer(case, step, without=declined.by)
    mirror.show_step(page, step, by=by)
    give_to(
        case,
        person,
        step=step,
        by=by,
        reason=reason,
        revision=page.get_latest_revision(),
        verb="appeal_upheld",
    )


def give_out_appeals(*, by) -> int:
    """Appeals that nobody has, or whose editor can no longer answer: to whoever can.

    Computed from state; returns how many moved.
    """
    moved = 0
    for case in Case.objects.appealed().select_related("holder").order_by("since", "pk"):
        people = judges(case)
        if case.holder and can_answer_appeal(case.holder, case, people):
            continue
        if case.holder is None and _free_editor(case) is None:
            continue
        with changing(case) as locked:
            if not Case.objects.appealed().filter(pk=locked.pk, holder=case.holder).exists():
                continue
            void_open_review(locked, because=_("Its editor can no longer answer the appeal."))
            _give_appeal(locked, verb="appeal_given", by=by)
            moved += 1
    return moved


def revive_case(case: Case, *, by, reason: str) -> None:
    """Bring an ended story back.

    A withdrawn one, and a declined one whose appeal was refused or whose days
    are over, become a draft again, for its author or an editor; an archived
    one goes to the editors, who put it out again. Raises PermissionDenied, or
    TransitionRefused.
    """
    with changing(case) as locked:
        if not can_revive_case(by, locked):
            raise PermissionDenied
        ended = {Stage.WITHDRAWN, Stage.DECLINED, Stage.ARCHIVED}
        refuse_unless(locked, ended, _("Only a story whose way has ended can be revived."))
        reason = need_reason(reason, _("Say why: the reason is kept with the story."))
        page = source_page(locked)
        revision = page.get_latest_revision()
        if locked.stage == Stage.ARCHIVED:
            if not can_archive_case(by, locked):
                raise PermissionDenied
            to_editing(locked, page, by=by, verb="revive", revision=revision, reason=reason)
        else:
            _check_final(locked)
            locked.approved_revision = locked.author_confirm_until = None
            locked.deciding_area = None
            record(
                locked,
                Stage.DRAFT,
                verb="revive",
                by=by,
                holder=locked.author,
                reason=reason,
                revision=revision,
            )
        tell("bulletins.case_revived", locked, reason=reason)


def _check_final(case: Case) -> None:
    """Raises TransitionRefused while an appeal can be made or waits for its answer."""
    if case.stage != Stage.DECLINED:
        return
    turn = last_turn(case)
    if may_still_appeal(case, turn):
        raise TransitionRefused(_("Appeal against the decline, or wait until its days are over."))
    if turn is not None and turn.verb in ("appeal", "appeal_given"):
        raise TransitionRefused(_("The appeal waits for its answer."))
