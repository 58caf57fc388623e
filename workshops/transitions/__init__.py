"""One function a change. Nothing else writes the state of a session or an enrolment.

Whatever concerns seats locks the session's row and reads again (`core.changing`).
"""

from workshops.transitions.archiving import (
    archive_programme,
    foresee_archiving,
    unarchive_programme,
)
from workshops.transitions.attendance import Mark, close_list, days_needed, mark, walk_in
from workshops.transitions.certifying import (
    ask_for_files,
    certificate_file,
    draw_files,
    give_certificates,
    normal_code,
    reinstate_certificate,
    revoke_certificate,
)
from workshops.transitions.certifying import progress as certificate_progress
from workshops.transitions.deciding import ask_decisions
from workshops.transitions.duties import remind_of_duties
from workshops.transitions.enrolling import (
    accept_nomination,
    approve,
    enrol,
    enrol_group,
    nominate,
    refuse,
    set_needs,
)
from workshops.transitions.evaluating import answer_evaluation, pool_answers, remind_to_evaluate
from workshops.transitions.following import sweep_proof
from workshops.transitions.labs import answer, begin_lab, read_on
from workshops.transitions.leaving import accept_offer, cancel_enrolment, decline, part_from
from workshops.transitions.materials import (
    add_material,
    choose_materials,
    renew_material,
    withdraw_material,
)
from workshops.transitions.merging import merge_sessions
from workshops.transitions.messaging import message_participants
from workshops.transitions.moving import (
    add_seats,
    arrange_seats,
    edit_session,
    move_session,
)
from workshops.transitions.previewing import carry_out, foresee
from workshops.transitions.programmes import change_programme, make_programme
from workshops.transitions.proving import (
    accept_proof,
    extend_proof,
    hand_in,
    lapse_proofs,
    remind_of_practice,
    send_back,
)
from workshops.transitions.publishing import publish_programme, publish_translation
from workshops.transitions.questions import (
    Question,
    form_for,
    standard_form,
    write_questions,
)
from workshops.transitions.records import (
    confirm_course,
    enter_course,
    note_courses,
    withdraw_course,
)
from workshops.transitions.reflecting import (
    follow_up,
    remind_of_actions,
    remind_to_reflect,
    write_reflection,
)
from workshops.transitions.reminding import remind
from workshops.transitions.repeating import repeat_session
from workshops.transitions.sessions import (
    cancel_session,
    confirm_session,
    keep_seats,
    open_session,
    plan_session,
    resize_session,
    set_trainers,
)
from workshops.transitions.sweeping import (
    close_lists,
    erase_needs,
    finish_sessions,
    lapse_offers,
    open_quotas,
    part_from_gone,
    sweep_seats,
)
from workshops.transitions.tailoring import (
    mark_versions,
    settle_version,
    tailor,
    take_over,
    withdraw_version,
    write_version,
)
from workshops.transitions.wishing import (
    ask_again,
    ask_exception,
    grant_exception,
    refuse_exception,
    tell_eligible,
    unwatch,
    watch,
    withdraw_exception,
)

__all__ = [
    "Mark",
    "Question",
    "accept_nomination",
    "accept_offer",
    "accept_proof",
    "add_material",
    "add_seats",
    "answer",
    "answer_evaluation",
    "approve",
    "archive_programme",
    "arrange_seats",
    "ask_again",
    "ask_decisions",
    "ask_exception",
    "ask_for_files",
    "begin_lab",
    "cancel_enrolment",
    "cancel_session",
    "carry_out",
    "certificate_file",
    "certificate_progress",
    "change_programme",
    "choose_materials",
    "close_list",
    "close_lists",
    "confirm_course",
    "confirm_session",
    "days_needed",
    "decline",
    "draw_files",
    "edit_session",
    "enrol",
    "enrol_group",
    "enter_course",
    "erase_needs",
    "extend_proof",
    "finish_sessions",
    "follow_up",
    "foresee",
    "foresee_archiving",
    "form_for",
    "give_certificates",
    "grant_exception",
    "hand_in",
    "keep_seats",
    "lapse_offers",
    "lapse_proofs",
    "make_programme",
    "mark",
    "mark_versions",
    "merge_sessions",
    "message_participants",
    "move_session",
    "nominate",
    "note_courses",
    "normal_code",
    "open_quotas",
    "open_session",
    "part_from",
    "part_from_gone",
    "plan_session",
    "pool_answers",
    "publish_programme",
    "publish_translation",
    "read_on",
    "refuse",
    "refuse_exception",
    "reinstate_certificate",
    "remind",
    "remind_of_actions",
    "remind_of_duties",
    "remind_of_practice",
    "remind_to_evaluate",
    "remind_to_reflect",
    "renew_material",
    "repeat_session",
    "resize_session",
    "revoke_certificate",
    "send_back",
    "set_needs",
    "set_trainers",
    "settle_version",
    "standard_form",
    "sweep_proof",
    "sweep_seats",
    "tailor",
    "take_over",
    "tell_eligible",
    "unarchive_programme",
    "unwatch",
    "walk_in",
    "watch",
    "withdraw_course",
    "withdraw_exception",
    "withdraw_material",
    "withdraw_version",
    "write_questions",
    "write_reflection",
    "write_version",
]
