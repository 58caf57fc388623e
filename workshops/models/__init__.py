"""Records of the workshops: see the module of each."""

from workshops.models.attendance import AttendanceList, AttendanceMark
from workshops.models.certificate import Certificate, CertificateEvent, RevokeCategory
from workshops.models.enrolment import Enrolment, EnrolmentEvent, OfferState, SeatOffer
from workshops.models.evaluation import (
    EvaluationBatch,
    EvaluationForm,
    EvaluationQuestion,
    EvaluationRequest,
    EvaluationSheet,
    QuestionKind,
    Reflection,
    ReflectionStep,
)
from workshops.models.lab import DutyReminder, LabAnswer, LabRun, LabState
from workshops.models.material import Material, MaterialKind
from workshops.models.pages import ProgrammePage, WorkshopIndexPage
from workshops.models.programme import CourseRecord, Programme
from workshops.models.programme_log import ProgrammeEvent, ProgrammeVerb
from workshops.models.proof import PracticeProof, ProofEvent, ProofState
from workshops.models.refusal import EntryRefusal
from workshops.models.session import SeatQuota, Session, SessionDay, SessionState
from workshops.models.tailoring import Tailoring
from workshops.models.wishes import (
    EligibilityWatch,
    ExceptionRequest,
    ExceptionState,
    Reminder,
)
from workshops.vocabulary import (
    HOLDING,
    LIVE,
    Audience,
    EnrolmentState,
    Entry,
    Hindrance,
    Level,
    Need,
    PlaceKind,
)

__all__ = [
    "HOLDING",
    "LIVE",
    "AttendanceList",
    "AttendanceMark",
    "Audience",
    "Certificate",
    "CertificateEvent",
    "CourseRecord",
    "EligibilityWatch",
    "DutyReminder",
    "Enrolment",
    "EnrolmentEvent",
    "EnrolmentState",
    "Entry",
    "EntryRefusal",
    "EvaluationBatch",
    "EvaluationForm",
    "EvaluationQuestion",
    "EvaluationRequest",
    "EvaluationSheet",
    "ExceptionRequest",
    "ExceptionState",
    "Hindrance",
    "LabAnswer",
    "LabRun",
    "LabState",
    "Level",
    "Material",
    "MaterialKind",
    "Need",
    "OfferState",
    "PlaceKind",
    "PracticeProof",
    "Programme",
    "ProgrammeEvent",
    "ProgrammePage",
    "ProgrammeVerb",
    "ProofEvent",
    "ProofState",
    "QuestionKind",
    "Reflection",
    "ReflectionStep",
    "Reminder",
    "RevokeCategory",
    "SeatOffer",
    "SeatQuota",
    "Session",
    "SessionDay",
    "SessionState",
    "Tailoring",
    "WorkshopIndexPage",
]
