"""A story's events in words, for its log."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from bulletins.models import Case
from review.registry import HistoryRow

WORDS = {
    "start": _("Begun"),
    "submit": _("Submitted"),
    "resubmit": _("Submitted again"),
    "approve_area": _("Approved by the review area"),
    "approve_neutral": _("Approved by the neutral reviewer"),
    "request_changes": _("Returned for changes"),
    "decline": _("Declined"),
    "appeal": _("The author appeals"),
    "appeal_given": _("Appeal given to another editor"),
    "appeal_upheld": _("Appeal upheld: reviewed once more"),
    "appeal_refused": _("Appeal refused"),
    "lasting": _("Said whether the results last"),
    "revive": _("Brought back"),
    "hand_on": _("Given to another reviewer"),
    "turn_down": _("Turned down by its reviewer"),
    "assign": _("Given to a reviewer by the lead or an editor"),
    "ready": _("Ready"),
    "publish": _("Published"),
    "edit": _("Edited by an editor"),
    "void_approval": _("Approval void: a cause, countermeasure, result or figure changed"),
    "author_confirm": _("The author confirms the edit"),
    "author_object": _("The author objects to the edit"),
    "author_silent": _("The author’s days passed without an objection"),
    "withdraw": _("Withdrawn"),
    "archive": _("Archived"),
    "change_audience": _("Audience changed"),
    "consent_public": _("The distributor agrees to everyone reading it"),
    "clear_public": _("Cleared for everyone"),
}


def history(case: Case) -> Iterator[HistoryRow]:
    """All events, oldest first. One query."""
    for event in case.events.select_related("by", "holder"):
        yield HistoryRow(
            at=event.at,
            what=WORDS.get(event.verb, event.verb),
            by=event.by.display_name,
            reason=event.reason,
            holder=event.holder.display_name if event.holder else "",
        )
