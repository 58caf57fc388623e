"""Registers stories with the review room: what its desk shows, asks and does for them."""

from bulletins.assignment import overseers
from bulletins.models import Case
from bulletins.permissions import can_decide_case, can_read_case_log, why_not_decide
from bulletins.reviewable import actions, history, queue, shown
from bulletins.transitions import decide_case
from bulletins.working_words import readable_since
from review.registry import Reviewable, register
from touchpoints.api import tell


def _notes_sent(case, *, by) -> None:
    tell("bulletins.notes_sent", case, by=by.pk)


def _note_answered(case, *, by, to) -> None:
    tell("bulletins.note_answered", case, by=by.pk, to=to.pk)


register(
    Reviewable(
        model=Case,
        key_field="number",
        title=shown.title,
        language=lambda case: case.source_language,
        state=lambda case: (case.state_mark, case.get_stage_display()),
        facts=shown.facts,
        holder=lambda case: case.holder,
        step=shown.step,
        revision=shown.revision,
        render=shown.render,
        at_desk=Case.objects.at_desk_of,
        for_authors=Case.objects.by_or_with,
        to_translate=Case.objects.to_translate_by,
        may_review=can_decide_case,
        why_not=why_not_decide,
        decide=decide_case,
        actions=actions.actions,
        queue=queue.queue,
        waiting=queue.waiting,
        history=history.history,
        may_see_log=can_read_case_log,
        notes_sent=_notes_sent,
        note_answered=_note_answered,
        follow_url=shown.follow_url,
        log_files=history.files,
        overseers=overseers,
        readable_since=readable_since,
    )
)
