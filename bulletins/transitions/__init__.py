"""One function a change of a case or an issue. Nothing else writes stage, holder or since.

Each locks the row, reads it again, vetoes, saves, writes the event and its
projection and queues what follows, in one transaction (docs/adr/0002).
"""

from bulletins.transitions.after_release import correct_issue, tell_finished_languages
from bulletins.transitions.appealing import (
    answer_appeal,
    appeal_case,
    give_out_appeals,
    revive_case,
)
from bulletins.transitions.asking import (
    ask_public,
    mark_not_recorded,
    refuse_public,
)
from bulletins.transitions.asking_results import ask_for_results
from bulletins.transitions.authorship import name_author
from bulletins.transitions.co_authors import (
    answer_co_authorship,
    end_co_authorship,
    invite_co_author,
)
from bulletins.transitions.coaching import settle_coaching, write_coaching
from bulletins.transitions.drafts import (
    add_page,
    delete_draft,
    revise_case,
    save_typed,
    start_case,
)
from bulletins.transitions.handing import assign_review, hand_on, turn_down
from bulletins.transitions.issues import (
    add_story,
    introduce_story,
    move_story,
    place_in_issue,
    plan_issue,
    plan_theme,
    remove_story,
    schedule_issue,
    unschedule_issue,
    write_issue,
)
from bulletins.transitions.languages import publish_issue_translation, publish_translation
from bulletins.transitions.lasting import answer_lasting, ask_whether_it_lasts
from bulletins.transitions.leaving import part_from
from bulletins.transitions.limits import set_limits
from bulletins.transitions.publishing import (
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
from bulletins.transitions.reaching import reach_again, record_delivery, take_back_delivery
from bulletins.transitions.release import release_due, release_issue
from bulletins.transitions.reminding import remind_responders
from bulletins.transitions.responding import (
    coach,
    hand_over,
    report_results,
    respond,
    start_story_from,
    take_back,
    tell_link_owner,
    will_not_try,
    will_try,
)
from bulletins.transitions.reviewing import decide_case, submit_case
from bulletins.transitions.standing_in import give_out_waiting, replace_reviewers

__all__ = [
    "correct_issue",
    "tell_finished_languages",
    "add_page",
    "add_story",
    "answer_appeal",
    "answer_co_authorship",
    "answer_edit",
    "answer_lasting",
    "appeal_case",
    "ask_whether_it_lasts",
    "archive_case",
    "ask_for_results",
    "ask_public",
    "assign_review",
    "change_audience",
    "clear_public",
    "coach",
    "consent_public",
    "decide_case",
    "delete_draft",
    "end_co_authorship",
    "give_out_appeals",
    "give_out_waiting",
    "hand_on",
    "hand_over",
    "introduce_story",
    "invite_co_author",
    "make_ready",
    "mark_not_recorded",
    "move_story",
    "name_author",
    "note_edit",
    "part_from",
    "place_in_issue",
    "plan_issue",
    "plan_theme",
    "publish_issue_translation",
    "publish_ready",
    "publish_translation",
    "refuse_public",
    "reach_again",
    "record_delivery",
    "release_due",
    "release_issue",
    "remind_responders",
    "remove_story",
    "replace_reviewers",
    "report_results",
    "respond",
    "revise_case",
    "revive_case",
    "save_typed",
    "schedule_issue",
    "set_limits",
    "settle_coaching",
    "start_case",
    "start_story_from",
    "submit_case",
    "turn_down",
    "take_back",
    "tell_link_owner",
    "unschedule_issue",
    "will_not_try",
    "will_try",
    "take_back_delivery",
    "withdraw_case",
    "write_coaching",
    "write_issue",
]
