"""Records of the review room: judgements, notes and working translations; marks by readers."""

from review.models.flags import Flag, Outcome
from review.models.reviews import (
    CRITERIA,
    AnyObject,
    Decision,
    NoteAudience,
    Review,
    ReviewNote,
    WorkingTranslation,
    clean_rubric,
)

__all__ = [
    "CRITERIA",
    "AnyObject",
    "Decision",
    "Flag",
    "NoteAudience",
    "Outcome",
    "Review",
    "ReviewNote",
    "WorkingTranslation",
    "clean_rubric",
]
