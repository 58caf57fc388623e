"""One function a change. Nothing else writes the state of a session or an enrolment.

Whatever concerns seats locks the session's row and reads again (`core.changing`).
"""

from workshops.transitions.duties import remind_of_duties
from workshops.transitions.enrolling import (
    accept_nomination,
    approve,
    enrol,
    enrol_group,
    nominate,
    refuse,
)
from workshops.transitions.labs import answer, begin_lab, read_on
from workshops.transitions.leaving import accept_offer, cancel_enrolment, decline, part_from
from workshops.transitions.publishing import (
    archive_programme,
    publish_programme,
    publish_translation,
)
from workshops.transitions.records import confirm_course, enter_course, withdraw_course
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

__all__ = [
    "accept_nomination",
    "accept_offer",
    "answer",
    "approve",
    "archive_programme",
    "begin_lab",
    "cancel_enrolment",
    "cancel_session",
    "close_lists",
    "confirm_course",
    "confirm_session",
    "decline",
    "enrol",
    "enrol_group",
    "enter_course",
    "erase_needs",
    "finish_sessions",
    "keep_seats",
    "lapse_offers",
    "mark_versions",
    "nominate",
    "open_quotas",
    "open_session",
    "part_from",
    "part_from_gone",
    "plan_session",
    "publish_programme",
    "publish_translation",
    "read_on",
    "refuse",
    "remind_of_duties",
    "resize_session",
    "set_trainers",
    "settle_version",
    "sweep_seats",
    "tailor",
    "take_over",
    "withdraw_course",
    "withdraw_version",
    "write_version",
]
