"""One function a change of a case or an issue. Nothing else writes stage, holder or since.

Each locks the row, reads it again, vetoes, saves, writes the event and its
projection and queues what follows, in one transaction (docs/adr/0002).
"""

from bulletins.transitions.asking import (
    ask_campaigner,
    ask_public,
    mark_not_recorded,
    refuse_public,
)
from bulletins.transitions.drafts import (
    add_page,
    delete_draft,
    revise_case,
    save_typed,
    start_case,
)
from bulletins.transitions.issues import place_in_issue, plan_issue
from bulletins.transitions.languages import publish_issue_translation, publish_translation
from bulletins.transitions.publishing import (
    add_working_days,
    answer_edit,
    archive_case,
    change_audience,
    clear_public,
    consent_public,
    make_ready,
    note_edit,
    publish_ready,
    withdraw_case,
)
from bulletins.transitions.reviewing import (
    assign_review,
    decide_case,
    hand_on,
    submit_case,
)

__all__ = [
    "add_page",
    "add_working_days",
    "answer_edit",
    "archive_case",
    "ask_campaigner",
    "ask_public",
    "assign_review",
    "change_audience",
    "clear_public",
    "consent_public",
    "decide_case",
    "delete_draft",
    "hand_on",
    "make_ready",
    "mark_not_recorded",
    "note_edit",
    "place_in_issue",
    "plan_issue",
    "publish_issue_translation",
    "publish_ready",
    "publish_translation",
    "refuse_public",
    "revise_case",
    "save_typed",
    "start_case",
    "submit_case",
    "withdraw_case",
]
