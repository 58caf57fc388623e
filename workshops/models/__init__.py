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
from workshops.vocabulary import Audience, Entry, Level, Need, PlaceKind

__all__ = [
    "HOLDING",
    "LIVE",
    "Audience",
    "CourseRecord",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentState",
    "Entry",
    "Level",
    "Material",
    "MaterialKind",
    "Need",
    "OfferState",
    "PlaceKind",
    "Programme",
    "ProgrammePage",
    "SeatOffer",
    "SeatQuota",
    "Session",
    "SessionDay",
    "SessionState",
    "WorkshopIndexPage",
]
