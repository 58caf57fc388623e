"""Records of the review room: judgements, clocks, notes; marks, questions, ratings."""

from review.models.clocks import Clock, ClockNotice, Notice, Whose
from review.models.flags import Flag, Outcome
from review.models.questions import Question, QuestionEvent, QuestionStep
from review.models.ratings import Rating, Usefulness
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
    "Question",
    "QuestionEvent",
    "QuestionStep",
    "Rating",
    "Review",
    "ReviewNote",
    "Usefulness",
    "Whose",
    "WorkingTranslation",
    "clean_rubric",
]
