"""Records of the network: see the module of each."""

from network.models.absence import Absence
from network.models.document_text import DocumentText, TextState, UnreadReason
from network.models.media import GkcDocument, GkcImage, GkcRendition
from network.models.pages import GkcPage
from network.models.partial_upload import PartialUpload, UploadPiece
from network.models.people import Field, Mandate, Membership, Role, Scope, User
from network.models.places import CLOCK_LIMITS, Country, Dealer, Distributor, Region, ReviewArea
from network.models.subjects import Measure, ProcessStep, Topic, Unit

__all__ = [
    "CLOCK_LIMITS",
    "Absence",
    "Country",
    "Dealer",
    "Distributor",
    "DocumentText",
    "Field",
    "GkcDocument",
    "GkcImage",
    "GkcPage",
    "GkcRendition",
    "Mandate",
    "Measure",
    "Membership",
    "PartialUpload",
    "ProcessStep",
    "Region",
    "ReviewArea",
    "Role",
    "Scope",
    "TextState",
    "Topic",
    "Unit",
    "UnreadReason",
    "UploadPiece",
    "User",
]
