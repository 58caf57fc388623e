"""Records of the workshops: see the module of each."""

from workshops.models.enrolment import (
    HOLDING,
    LIVE,
    Enrolment,
    EnrolmentEvent,
    EnrolmentState,
    OfferState,
    SeatOffer,
)
from workshops.models.material import Material, MaterialKind
from workshops.models.pages import ProgrammePage, WorkshopIndexPage
from workshops.models.programme import CourseRecord, Programme
from workshops.models.session import SeatQuota, Session, SessionDay, SessionState
from workshops.models.wishes import (
    EligibilityWatch,
    ExceptionRequest,
    ExceptionState,
    Reminder,
)
from workshops.vocabulary import Audience, Entry, Level, Need, PlaceKind

__all__ = [
    "HOLDING",
    "LIVE",
    "Audience",
    "CourseRecord",
    "EligibilityWatch",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentState",
    "Entry",
    "ExceptionRequest",
    "ExceptionState",
    "Level",
    "Material",
    "MaterialKind",
    "Need",
    "OfferState",
    "PlaceKind",
    "Programme",
    "ProgrammePage",
    "Reminder",
    "SeatOffer",
    "SeatQuota",
    "Session",
    "SessionDay",
    "SessionState",
    "WorkshopIndexPage",
]
