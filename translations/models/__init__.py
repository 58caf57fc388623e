"""State of every translated paragraph, terms, memory, and what the translators' desk keeps."""

from translations.models.desk import Assignment, FormerWords, Question, TypedWords
from translations.models.glossary import (
    MAX_FORM_LENGTH,
    MAX_FORMS,
    LinesField,
    LinesFormField,
    Term,
    TermText,
    same_word,
)
from translations.models.texts import MemoryUnit, Reading, TextState, count_words

__all__ = [
    "MAX_FORMS",
    "MAX_FORM_LENGTH",
    "Assignment",
    "FormerWords",
    "LinesField",
    "LinesFormField",
    "MemoryUnit",
    "Question",
    "Reading",
    "Term",
    "TermText",
    "TextState",
    "TypedWords",
    "count_words",
    "same_word",
]
