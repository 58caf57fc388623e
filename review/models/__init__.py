"""Records of the review room: judgements and their clocks, notes, translations; marks."""

from review.models.clocks import Clock, ClockNotice, Notice, Whose
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
    "Clock",
    "ClockNotice",
    "Decision",
    "Flag",
    "NoteAudience",
    "Notice",
    "Outcome",
    "Review",
    "ReviewNote",
    "Whose",
    "WorkingTranslation",
    "clean_rubric",
]
